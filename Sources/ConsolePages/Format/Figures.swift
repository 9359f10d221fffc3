// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Numbers as people read them.
enum Figures {
    /// `48,210`.
    static func grouped(_ value: UInt64) -> String {
        var result = ""
        let digits = Array("\(value)")
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }

    static func grouped(_ value: Int) -> String { (value < 0 ? "−" : "") + grouped(UInt64(value.magnitude)) }

    /// Three digits at most with an SI prefix: `1.2k`, `37`, `0.4`.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        for (factor, sign) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= factor * 0.9995 {
            return trimmed(value / factor) + sign
        }
        return trimmed(value)
    }

    /// `1.2`, `12`, `0.04`; no zeros at the end.
    private static func trimmed(_ value: Double) -> String {
        let places = abs(value) >= 99.95 || value == 0 ? 0 : abs(value) >= 0.995 ? 1 : 2
        let text = fixed(value, places)
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// A share as percent: one decimal, two below 1 %, and never zero for what is not zero; `nil` is `—`.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "—" }
        let value = share * 100
        if value > 0, value < 0.01 { return "<0.01 %" }
        return fixed(value, value >= 0.995 || value == 0 ? 1 : 2) + " %"
    }

    /// `1.4 MB`.
    static func bytes(_ value: UInt64) -> String {
        if value < 1000 { return "\(value) B" }
        let text = short(Double(value))
        return "\(text.dropLast()) \(text.suffix(1))B"
    }

    /// `5 min`, `8 h`, `42 s`; the largest unit that says enough.
    static func duration(seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    /// `1 policy`, `3 policies`.
    static func count(_ value: Int, _ one: String, _ many: String) -> String {
        value == 1 ? "1 \(one)" : "\(grouped(value)) \(many)"
    }

    /// One decimal at most, `.` as the point, never `-0`.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths.isMultiple(of: 10)
            ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }

    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { result, _ in result * 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let whole = UInt64(scaled)
        let sign = value < 0 && whole > 0 ? "−" : ""
        guard places > 0 else { return sign + "\(whole)" }
        let unit = UInt64(scale)
        let rest = "\(whole % unit)"
        return "\(sign)\(whole / unit).\(String(repeating: "0", count: places - rest.utf8.count))\(rest)"
    }
}
