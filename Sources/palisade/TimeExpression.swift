// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// Points in time as people type them: `1h`, `now-8h`, `2026-11-22T14:00:00Z`, `2026-11-22 14:00` (local time).
enum TimeExpression {
    /// Seconds of `90s`, `15m`, `8h`, `3d`, `2w`; `nil` for anything else.
    static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last], let number = Int64(text.dropLast()), number >= 0,
            number < 1_000_000_000
        else { return nil }
        return number * unit
    }

    /// Microseconds since 1970.
    /// - Throws: a usage failure that shows what can be written.
    static func time(_ text: String, now: Int64) throws -> Int64 {
        if text == "now" { return now }
        if let seconds = seconds(text) { return now - seconds * 1_000_000 }
        if text.hasPrefix("now-"), let seconds = seconds(String(text.dropFirst(4))) { return now - seconds * 1_000_000 }
        if let time = Timestamp(text) { return time.microseconds }
        for tail in ["", ":00", " 00:00:00"] {
            if let time = Timestamp(text + tail + "Z") {
                let offset = TimeZone.current.secondsFromGMT(
                    for: Date(timeIntervalSince1970: Double(time.microseconds) / 1e6)
                )
                return time.microseconds - Int64(offset) * 1_000_000
            }
        }
        throw CommandFailure(
            .usage,
            "\"\(text)\" is not a time. Write it like 15m, 8h, now-3d, 2026-11-22T14:00:00Z or \"2026-11-22 14:00\"."
        )
    }

    /// Microseconds since 1970 now.
    static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    /// `14:02:11` in local time.
    static func clock(_ time: Timestamp, milliseconds: Bool = false) -> String {
        let civil = local(time)
        guard milliseconds else { return civil.timeText }
        let fraction = String(civil.microsecond / 1000)
        return civil.timeText + "." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// `14:02` for a time of today, `2026-11-22 14:02` for others, in local time.
    static func minute(_ time: Timestamp, now: Int64 = now()) -> String {
        let civil = local(time)
        let clock = civil.timeText.prefix(5)
        let today = local(Timestamp(microseconds: now)).dateText
        return civil.dateText == today ? String(clock) : "\(civil.dateText) \(clock)"
    }

    /// `2026-11-22 14:02:11` in local time.
    static func full(_ time: Timestamp) -> String {
        let civil = local(time)
        return "\(civil.dateText) \(civil.timeText)"
    }

    private static func local(_ time: Timestamp) -> CivilTime {
        let offset = TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.microseconds) / 1e6))
        return CivilTime(microseconds: time.microseconds + Int64(offset) * 1_000_000)
    }

    /// `UTC+1`, `UTC`, `UTC+5:30`.
    static var zoneName: String {
        let minutes = TimeZone.current.secondsFromGMT() / 60
        guard minutes != 0 else { return "UTC" }
        let sign = minutes < 0 ? "-" : "+"
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        return "UTC\(sign)\(hours)" + (rest == 0 ? "" : ":\(rest)")
    }
}
