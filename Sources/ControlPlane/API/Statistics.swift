// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import FlowModel

/// Which traffic to count.
///
/// Each connection is counted at one reporting point, so traffic between two workloads is not doubled. With respect to the
/// scope, inbound traffic comes from outside into it, outbound is the reverse, internal has both ends inside.
/// total = inbound + outbound + internal = allowed + dropped + would drop.
public struct StatisticsRequest: Hashable, Sendable {
    public var range: TimeRange
    /// The scope: these namespaces; `nil` is every namespace.
    public var namespaces: Set<String>?
    public var filter: FlowFilter
    /// Items at most, where the report is a list.
    public var limit: Int
    /// What the reader may see.
    public var view: NamespaceView
    /// Flows that any of these match do not count: quick filters that are on.
    public var excluding: [FlowFilter]
    /// Whether totals bring those of the time before, too.
    public var comparesWithPrevious: Bool

    public init(
        range: TimeRange,
        namespaces: Set<String>? = nil,
        filter: FlowFilter = .everything,
        limit: Int = 100,
        view: NamespaceView = .all,
        excluding: [FlowFilter] = [],
        comparesWithPrevious: Bool = false
    ) {
        self.excluding = excluding
        self.comparesWithPrevious = comparesWithPrevious
        self.view = view
        self.range = range
        self.namespaces = namespaces
        self.filter = filter
        self.limit = limit
    }
}

/// What a statistics report covers, common to all of them.
public struct Coverage: Hashable, Sendable, Codable {
    public var range: FlowPage.Range
    /// The scope; `null` is every namespace.
    @OrNull public var namespaces: [String]?
    public var complete: Bool
    public var lost: UInt64
    @OrNull public var keptSince: Timestamp?

    public init(range: FlowPage.Range, namespaces: [String]?, complete: Bool, lost: UInt64, keptSince: Timestamp?) {
        self.range = range
        self.namespaces = namespaces
        self.complete = complete
        self.lost = lost
        self.keptSince = keptSince
    }
}

/// Connections, packets and bytes.
public struct Volume: Hashable, Sendable, Codable {
    public var connections: UInt64
    public var packets: UInt64
    public var bytes: UInt64

    public init(connections: UInt64 = 0, packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.connections = connections
        self.packets = packets
        self.bytes = bytes
    }

    public static func + (left: Volume, right: Volume) -> Volume {
        Volume(
            connections: left.connections + right.connections,
            packets: left.packets + right.packets,
            bytes: left.bytes + right.bytes
        )
    }
}

/// One count of traffic, split both ways that add up to its total.
public struct TrafficTotals: Hashable, Sendable, Codable {
    public var total: Volume
    public var inbound: Volume
    public var outbound: Volume
    public var `internal`: Volume
    public var allowed: Volume
    public var dropped: Volume
    public var wouldDrop: Volume
    /// Dropped packets by total packets; `null` when the total is 0.
    @OrNull public var droppedShare: Double?
    @OrNull public var wouldDropShare: Double?

    public init() {
        (total, inbound, outbound, self.internal) = (Volume(), Volume(), Volume(), Volume())
        (allowed, dropped, wouldDrop) = (Volume(), Volume(), Volume())
        (droppedShare, wouldDropShare) = (nil, nil)
    }
}

/// `palisade stats totals`.
public struct TotalsReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "StatisticsTotals"
    public var environment: String
    public var coverage: Coverage
    public var totals: TrafficTotals
    /// Of the range of the same length before; `null` when not asked for, and when that time is not kept in full.
    @OrNull public var previous: TrafficTotals?

    public init(
        environment: String,
        coverage: Coverage,
        totals: TrafficTotals,
        previous: TrafficTotals? = nil
    ) {
        self.environment = environment
        self.coverage = coverage
        self.totals = totals
        self.previous = previous
    }
}

/// `palisade stats rate`: traffic over time.
public struct RateReport: Hashable, Sendable, Codable {
    public struct Bucket: Hashable, Sendable, Codable {
        public var start: Timestamp
        public var allowed: Volume
        public var dropped: Volume
        public var wouldDrop: Volume
        /// The time that its counts are of: less than the bucket's length where the range begins or ends inside it, and
        /// while it goes on.
        public var seconds: Double
        /// Packets by `seconds`, all verdicts together.
        public var packetsPerSecond: Double
        public var connectionsPerSecond: Double
        /// Whether nothing was collected, or is no longer kept, during a part of it: what it shows is less than what was.
        public var isGap: Bool
        /// Whether it goes on: its end is later than now.
        public var isIncomplete: Bool
        /// Events of it known to be lost.
        ///
        /// A loss that lies in several buckets counts in the first. 0 where the reader does not see all namespaces.
        public var lost: UInt64

        public init(
            start: Timestamp,
            allowed: Volume,
            dropped: Volume,
            wouldDrop: Volume,
            seconds: Double,
            isGap: Bool = false,
            isIncomplete: Bool = false,
            lost: UInt64 = 0
        ) {
            self.isGap = isGap
            self.isIncomplete = isIncomplete
            self.lost = lost
            self.start = start
            self.allowed = allowed
            self.dropped = dropped
            self.wouldDrop = wouldDrop
            self.seconds = seconds
            let total = allowed + dropped + wouldDrop
            packetsPerSecond = seconds > 0 ? Double(total.packets) / seconds : 0
            connectionsPerSecond = seconds > 0 ? Double(total.connections) / seconds : 0
        }
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "StatisticsRate"
    public var environment: String
    public var coverage: Coverage
    /// `RateBuckets` says which for which range; under a minute only while records are kept.
    public var bucketSeconds: Int
    /// Oldest first, at most 200; a bucket without traffic is there with zeros.
    public var buckets: [Bucket]

    public init(environment: String, coverage: Coverage, bucketSeconds: Int, buckets: [Bucket]) {
        self.environment = environment
        self.coverage = coverage
        self.bucketSeconds = bucketSeconds
        self.buckets = buckets
    }
}

/// `palisade stats namespaces`: each namespace as a scope of its own.
public struct NamespaceReport: Hashable, Sendable, Codable {
    public struct Item: Hashable, Sendable, Codable {
        public var namespace: String
        public var totals: TrafficTotals

        public init(namespace: String, totals: TrafficTotals) {
            self.namespace = namespace
            self.totals = totals
        }
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "StatisticsNamespaces"
    public var environment: String
    public var coverage: Coverage
    /// Most packets first.
    public var items: [Item]
    /// Namespaces past the limit.
    public var omitted: Int

    public init(environment: String, coverage: Coverage, items: [Item], omitted: Int) {
        self.environment = environment
        self.coverage = coverage
        self.items = items
        self.omitted = omitted
    }
}

/// `palisade stats drops`: what is dropped or would be, most frequent first.
public struct DropsReport: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "StatisticsDrops"
    public var environment: String
    public var coverage: Coverage
    public var items: [FlowItem]
    /// Kinds of connections past the limit.
    public var omitted: Int

    public init(environment: String, coverage: Coverage, items: [FlowItem], omitted: Int) {
        self.environment = environment
        self.coverage = coverage
        self.items = items
        self.omitted = omitted
    }
}
