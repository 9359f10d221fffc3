// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Times in UTC as people read them.
enum TimeText {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `21 Nov 14:00`.
    static func short(_ microseconds: Int64) -> String {
        let date = date(microseconds)
        return "\(date.day) \(months[date.month - 1]) \(two(date.hour)):\(two(date.minute))"
    }

    /// `2026-11-21T14:00:05Z`.
    static func full(_ microseconds: Int64) -> String {
        let date = date(microseconds)
        let day = "\(date.year)-\(two(date.month))-\(two(date.day))"
        return "\(day)T\(two(date.hour)):\(two(date.minute)):\(two(date.second))Z"
    }

    /// `48,210`.
    static func grouped(_ number: UInt64) -> String {
        var result = ""
        for (index, digit) in "\(number)".enumerated() {
            let rest = "\(number)".count - index
            if index > 0, rest % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The civil date (proleptic Gregorian calendar), counting years from March.
    private static func date(
        _ microseconds: Int64
    ) -> (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let seconds = Int(microseconds / 1_000_000) - (microseconds % 1_000_000 < 0 ? 1 : 0)
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 { (days, rest) = (days - 1, rest + 86_400) }
        days += 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1, rest / 3600, rest / 60 % 60, rest % 60)
    }
}
