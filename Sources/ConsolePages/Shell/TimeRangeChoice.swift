// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
public import FlowModel

/// The range of time that a page shows: as the address says it, and what that means now.
public struct TimeRangeChoice: Hashable, Sendable {
    /// `now-8h`, RFC 3339, or what somebody typed that cannot be read.
    public var from: String
    /// `now` or RFC 3339.
    public var to: String
    /// The range that is shown; when the text cannot be read, the one before.
    public var range: TimeRange
    /// What is wrong with the text: one sentence each.
    public var fromProblem: String?
    public var toProblem: String?
    /// Seconds that records are kept; longer presets are disabled.
    ///
    /// `nil`: no bound.
    public var keptSeconds: Int64?
    /// Of the page, for `Reset`: `now-8h`.
    public var standard: String
    /// Seconds between refreshes; 0 is off.
    public var refresh: Int
    /// Whether the page can show rows as they come.
    public var offersLive: Bool

    public init(
        from: String,
        to: String = "now",
        range: TimeRange,
        fromProblem: String? = nil,
        toProblem: String? = nil,
        keptSeconds: Int64? = nil,
        standard: String = "now-8h",
        refresh: Int = 0,
        offersLive: Bool = false
    ) {
        self.from = from
        self.to = to
        self.range = range
        self.fromProblem = fromProblem
        self.toProblem = toProblem
        self.keptSeconds = keptSeconds
        self.standard = standard
        self.refresh = refresh
        self.offersLive = offersLive
    }

    /// One of the ranges offered by name.
    public struct Preset: Hashable, Sendable {
        /// As in the address: `now-8h`, or `live`.
        public var from: String
        public var title: String
        /// 0 for live.
        public var seconds: Int64
    }

    public static let presets: [Preset] = [
        Preset(from: "now-5m", title: "5 min", seconds: 300),
        Preset(from: "now-15m", title: "15 min", seconds: 900),
        Preset(from: "now-30m", title: "30 min", seconds: 1800),
        Preset(from: "now-1h", title: "1 h", seconds: 3600),
        Preset(from: "now-3h", title: "3 h", seconds: 10_800),
        Preset(from: "now-8h", title: "8 h", seconds: 28_800),
        Preset(from: "now-1d", title: "1 d", seconds: 86_400),
        Preset(from: "now-3d", title: "3 d", seconds: 259_200),
        Preset(from: "now-7d", title: "7 d", seconds: 604_800),
        Preset(from: "now-30d", title: "30 d", seconds: 2_592_000),
    ]

    public var isLive: Bool { from == "live" }

    /// Whether it moves along with the clock.
    public var isRelative: Bool { isLive || (to == "now" && from.hasPrefix("now")) }

    /// `Last 8 h`, `Live`, or both ends.
    func title(_ clock: Clock) -> String {
        if isLive { return "Live" }
        if to == "now", let preset = Self.presets.first(where: { $0.from == from }) { return "Last \(preset.title)" }
        let ends = [range.from, range.to].map { clock.text(Timestamp(microseconds: $0), seconds: false) }
        return ends.joined(separator: " – ")
    }

    /// In a sentence: `in the last 8 h`, `between 08:00 and 16:00 UTC`.
    func phrase(_ clock: Clock) -> String {
        if to == "now", let preset = Self.presets.first(where: { $0.from == from }) {
            return "in the last \(preset.title)"
        }
        let ends = [range.from, range.to].map { clock.text(Timestamp(microseconds: $0), seconds: false) }
        return "between \(ends[0]) and \(ends[1]) \(clock.zone.name)"
    }
}
