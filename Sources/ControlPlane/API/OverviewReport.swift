// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// What greets somebody who opens an environment.
public struct OverviewReport: Hashable, Sendable, Codable {
    public enum Health: String, Hashable, Sendable, Codable, CaseIterable {
        /// Enforced and observed as wanted.
        case healthy
        /// Works, and something wants a look.
        case attention
        /// Policies are not in force, or traffic is not seen.
        case failing
    }

    /// One line of "needs attention".
    public struct Item: Hashable, Sendable, Codable {
        public enum Topic: String, Hashable, Sendable, Codable, CaseIterable {
            // Ranked: what comes first here comes first on the page.
            case notInSync = "not-in-sync"
            case brokenFiles = "broken-files"
            case disagreements
            case auditMode = "audit-mode"
            case unprotected
            case degradedPolicies = "degraded-policies"
            case policiesWithoutSubjects = "policies-without-subjects"
            case workloadsWithoutPolicy = "workloads-without-policy"
            case lostEvents = "lost-events"
        }

        public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
            case error, warning, note
        }

        public var topic: Topic
        public var severity: Severity
        /// One sentence with the number, such as `4 policies select nothing.`.
        public var message: String
        public var count: UInt64
        /// What it is about by name, sorted, at most 20: `shop/web`; empty where there is nothing to name.
        public var names: [String]
        public var link: OverviewLink
    }

    /// Workloads by the directions in which policies isolate them.
    public struct CoverageCounts: Hashable, Sendable, Codable {
        public var workloads: Int
        public var both: Int
        public var inboundOnly: Int
        public var outboundOnly: Int
        public var none: Int
        /// Those that policies do not reach; counted above as well.
        public var unprotected: Int
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Overview"
    public var environment: String
    public var health: Health
    /// One sentence.
    public var healthText: String
    public var mode: Mode
    /// Whether the kernel acts by it; `nil` before the first look.
    @OrNull public var isModeObserved: Bool?
    public var policies: Int
    /// Of the last eight hours.
    public var coverage: Coverage
    public var totals: TrafficTotals
    /// Packets of the last eight hours.
    public var packets: Sparkline
    public var droppedPackets: Sparkline
    /// Worst first; at most one per topic.
    public var items: [Item]
    public var workloads: CoverageCounts
    /// Of the last eight hours, most frequent first; at most 10.
    public var topDrops: [FlowItem]
}

/// Where an item of the overview leads: a page, and what it shows.
public struct OverviewLink: Hashable, Sendable, Codable {
    public enum Page: String, Hashable, Sendable, Codable, CaseIterable {
        case flows, policies, coverage, map, statistics, status, mode
    }

    public var page: Page
    /// A flow filter; `nil` on pages without one.
    @OrNull public var filter: String?
    /// Microseconds back from now; `nil` on pages without a range.
    @OrNull public var lookback: Int64?
    /// A policy or workload to open, `namespace/name`; `nil` when there are several.
    @OrNull public var name: String?

    public init(_ page: Page, filter: String? = nil, lookback: Int64? = nil, name: String? = nil) {
        self.page = page
        self.filter = filter
        self.lookback = lookback
        self.name = name
    }
}
