// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the statistics page shows: reports of one scope and range.
public struct StatisticsModel: Hashable, Sendable {
    /// One bar: a namespace is not one of them, those have totals of their own.
    public struct Share: Hashable, Sendable {
        public var name: String
        public var allowed: Volume
        public var dropped: Volume
        public var wouldDrop: Volume

        public init(name: String, allowed: Volume = .init(), dropped: Volume = .init(), wouldDrop: Volume = .init()) {
            self.name = name
            self.allowed = allowed
            self.dropped = dropped
            self.wouldDrop = wouldDrop
        }

        public init(_ item: BreakdownReport.Item) {
            self.init(name: item.name, allowed: item.allowed, dropped: item.dropped, wouldDrop: item.wouldDrop)
        }
    }

    /// Time without data.
    public struct Gap: Hashable, Sendable {
        public var from: Timestamp
        public var to: Timestamp
        public var cause: String
        /// 0: not known how many.
        public var lost: UInt64

        public init(from: Timestamp, to: Timestamp, cause: String, lost: UInt64) {
            self.from = from
            self.to = to
            self.cause = cause
            self.lost = lost
        }

        public init(_ gap: DataQualityReport.Gap) {
            self.init(from: gap.from, to: gap.to, cause: gap.cause, lost: gap.lost)
        }
    }

    /// Some of many.
    public struct Part: Hashable, Sendable {
        public var count: Int
        public var all: Int

        public init(count: Int, all: Int) {
            self.count = count
            self.all = all
        }
    }

    /// Panels that can fail or be empty by themselves.
    public enum PanelName: String, Hashable, Sendable, CaseIterable {
        case rate, share, namespaces, drops, reasons, ports, policies, quality
    }

    public var timeRange: TimeRangeChoice
    /// Namespaces that can be picked, sorted; those picked: empty is all.
    public var namespaces: [String]
    public var scope: [String]
    public var totals: TrafficTotals
    /// Of the period before of the same length; `nil` when it was not asked for or is not recorded.
    public var previous: TrafficTotals?
    public var connectionsPerSecond: Double?
    public var isolated: Part?
    public var activePolicies: Int?
    public var auditPolicies: Int?
    /// Packets by bucket.
    public var rate: TrafficSeries
    public var byNamespace: [NamespaceReport.Item]
    public var omittedNamespaces: Int
    public var drops: [FlowItem]
    public var omittedDrops: Int
    public var reasons: [Share]
    public var ports: [Share]
    public var policies: [Share]
    /// Whether every event of the range is recorded; the number known to be lost.
    public var isComplete: Bool
    public var lost: UInt64
    public var gaps: [Gap]
    /// Of panels that are not ready.
    public var states: [PanelName: PanelState]

    public init(timeRange: TimeRangeChoice, totals: TrafficTotals, rate: TrafficSeries) {
        self.timeRange = timeRange
        self.totals = totals
        self.rate = rate
        (namespaces, scope, byNamespace, drops, reasons, ports, policies) = ([], [], [], [], [], [], [])
        (previous, connectionsPerSecond, isolated, activePolicies, auditPolicies) = (nil, nil, nil, nil, nil)
        (omittedNamespaces, omittedDrops, lost, isComplete, gaps, states) = (0, 0, 0, true, [], [:])
    }
}
