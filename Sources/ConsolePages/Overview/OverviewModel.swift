// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the overview shows.
public struct OverviewModel: Hashable, Sendable {
    /// One thing that needs somebody, with one thing to do.
    public struct Attention: Hashable, Sendable {
        public enum Severity: String, Hashable, Sendable { case problem, warning, remark }

        /// Stable, for tests: `audit`, `no-subjects`, `unprotected`.
        public var id: String
        public var severity: Severity
        public var text: String
        public var action: String
        public var link: Link

        public init(id: String, severity: Severity, text: String, action: String, link: Link) {
            self.id = id
            self.severity = severity
            self.text = text
            self.action = action
            self.link = link
        }
    }

    /// How many workloads policies isolate.
    public struct Isolation: Hashable, Sendable {
        public var both: Int
        public var inboundOnly: Int
        public var outboundOnly: Int
        public var none: Int

        public init(both: Int, inboundOnly: Int, outboundOnly: Int, none: Int) {
            self.both = both
            self.inboundOnly = inboundOnly
            self.outboundOnly = outboundOnly
            self.none = none
        }

        public var all: Int { both + inboundOnly + outboundOnly + none }
    }

    public var timeRange: TimeRangeChoice
    public var status: StatusReport?
    public var totals: TrafficTotals
    public var series: TrafficSeries
    /// Most urgent first.
    public var attention: [Attention]
    public var isolation: Isolation?
    public var drops: [FlowItem]
    public var states: [String: PanelState]

    /// - Parameter states: by panel, `drops` and `health`; those missing are ready.
    public init(
        timeRange: TimeRangeChoice,
        status: StatusReport?,
        totals: TrafficTotals,
        series: TrafficSeries,
        attention: [Attention] = [],
        isolation: Isolation? = nil,
        drops: [FlowItem] = [],
        states: [String: PanelState] = [:]
    ) {
        self.timeRange = timeRange
        self.status = status
        self.totals = totals
        self.series = series
        self.attention = attention
        self.isolation = isolation
        self.drops = drops
        self.states = states
    }
}
