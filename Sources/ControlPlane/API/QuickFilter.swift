// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// A filter with a name that can be switched on to hide what it matches: everyday noise that somebody looks past.
public struct QuickFilter: Hashable, Sendable {
    /// Stable, for addresses: `dns`.
    public var id: String
    /// `DNS to the cluster DNS`.
    public var title: String
    /// What it hides: flows that any of these match.
    public var filters: [FlowFilter]
    /// Whether it hides now; off, it only counts.
    public var isOn: Bool

    public init(id: String, title: String, filters: [FlowFilter], isOn: Bool = false) {
        self.id = id
        self.title = title
        self.filters = filters
        self.isOn = isOn
    }
}

/// What a quick filter hides, or would hide when it were on.
public struct HiddenCount: Hashable, Sendable, Codable {
    /// `QuickFilter.id`.
    public var id: String
    public var title: String
    public var isOn: Bool
    /// Kinds of connections.
    public var rows: Int
    public var events: UInt64

    public init(id: String, title: String, isOn: Bool, rows: Int = 0, events: UInt64 = 0) {
        self.id = id
        self.title = title
        self.isOn = isOn
        self.rows = rows
        self.events = events
    }
}

/// Events by verdict.
public struct VerdictCounts: Hashable, Sendable, Codable {
    public var allowed: UInt64
    public var dropped: UInt64
    public var wouldDrop: UInt64

    public init(allowed: UInt64 = 0, dropped: UInt64 = 0, wouldDrop: UInt64 = 0) {
        self.allowed = allowed
        self.dropped = dropped
        self.wouldDrop = wouldDrop
    }

    public var total: UInt64 { allowed + dropped + wouldDrop }
}

/// Events over time, small.
public struct Sparkline: Hashable, Sendable, Codable {
    /// Buckets at most.
    public static let mostBuckets = 24

    public var start: Timestamp
    public var bucketSeconds: Int
    /// Oldest first; a bucket without events is 0.
    public var counts: [UInt64]

    public init(start: Timestamp, bucketSeconds: Int, counts: [UInt64]) {
        self.start = start
        self.bucketSeconds = bucketSeconds
        self.counts = counts
    }
}
