// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// The zone that times are shown in: its name, and the distance from UTC at the time of the page.
public struct TimeZoneChoice: Hashable, Sendable {
    /// `UTC`, `UTC+1`, `Europe/Paris`.
    public var name: String
    /// East of UTC.
    public var seconds: Int

    public static let utc = TimeZoneChoice(name: "UTC", seconds: 0)

    public init(name: String, seconds: Int) {
        self.name = name
        self.seconds = seconds
    }
}

/// Writes times as seen from one moment in one zone.
struct Clock: Sendable {
    var now: Timestamp
    var zone: TimeZoneChoice

    private func civil(_ time: Timestamp) -> CivilTime {
        CivilTime(microseconds: time.microseconds.addingReportingOverflow(Int64(zone.seconds) * 1_000_000).partialValue)
    }

    /// `14:02:11` today, `21 Nov 14:02:11` on another day, with the year when it differs.
    func text(_ time: Timestamp, seconds: Bool = true) -> String {
        let (then, today) = (civil(time), civil(now))
        let clock = seconds ? then.timeText : String(then.timeText.prefix(5))
        if (then.year, then.month, then.day) == (today.year, today.month, today.day) { return clock }
        let year = then.year == today.year ? "" : " \(then.year)"
        return "\(then.day) \(Self.months[max(1, min(12, then.month)) - 1])\(year) \(clock)"
    }

    /// `2026-11-22 14:02:11 UTC`.
    func full(_ time: Timestamp) -> String {
        let then = civil(time)
        return "\(then.dateText) \(then.timeText) \(zone.name)"
    }

    /// `12 min ago`, `in 3 h`, `now`.
    func age(_ time: Timestamp) -> String {
        let seconds = (now.microseconds.subtractingReportingOverflow(time.microseconds).partialValue) / 1_000_000
        if abs(seconds) < 2 { return "now" }
        return seconds > 0 ? "\(Figures.duration(seconds: seconds)) ago" : "in \(Figures.duration(seconds: -seconds))"
    }

    /// As `datetime-local` inputs have it: `2026-11-22T14:02`.
    func input(_ time: Timestamp) -> String {
        let then = civil(time)
        return "\(then.dateText)T\(then.timeText.prefix(5))"
    }

    func html(_ time: Timestamp) -> HTML {
        tag("time", .init("datetime", "\(time)"), .title(full(time))) { text(time) }
    }

    /// The age, with the time itself in the title.
    func ageHTML(_ time: Timestamp?) -> HTML {
        guard let time else { return .unknown("never") }
        return tag("time", .init("datetime", "\(time)"), .title(full(time))) { age(time) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension HTML {
    /// `—` with the reason as its title: unknown is not zero.
    static func unknown(_ reason: String) -> HTML {
        tag("span", .class("unknown"), .title(reason)) {
            tag("span", .hidden) { "—" }
            tag("span", .class("quiet")) { reason }
        }
    }
}
