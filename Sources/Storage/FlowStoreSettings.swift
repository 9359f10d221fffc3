// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// How long and how much a flow store keeps.
public struct FlowStoreSettings: Hashable, Sendable {
    /// Of records; at least a minute.
    public var recordRetention: Duration
    /// Of counts per minute; not shorter than that of records.
    public var countRetention: Duration
    /// Bytes on disk past which the oldest records go, then the oldest counts; 0 is no bound.
    public var capacity: UInt64
    /// Kinds of connections counted one by one in a minute; see `FlowAggregator`.
    public var keysPerMinute: Int
    /// For so long what was read stays in memory when nobody asks any more.
    public var memoryRetention: Duration

    public init(
        recordRetention: Duration = .seconds(24 * 3600),
        countRetention: Duration = .seconds(30 * 24 * 3600),
        capacity: UInt64 = 1 << 30,
        keysPerMinute: Int = 20_000,
        memoryRetention: Duration = .seconds(60)
    ) {
        self.recordRetention = max(recordRetention, .seconds(60))
        self.countRetention = max(countRetention, recordRetention)
        self.capacity = capacity
        self.keysPerMinute = keysPerMinute
        self.memoryRetention = memoryRetention
    }
}

/// A store that has been opened, and what there is to say about what was found.
public struct FlowStoreOpening: Sendable {
    public var store: SQLiteFlowStore
    /// The damaged file that was set aside, by its new path.
    public var setAside: String?
    /// What the death of the process before may have cost, already recorded as a loss; `nil` after a clean close.
    public var uncleanSince: Int64?

    /// One sentence for each remark, for log and `status`.
    public var sentences: [String] {
        var sentences: [String] = []
        if let setAside {
            sentences.append(
                "The flow database was damaged; it is kept as \(setAside), and a new one has been started."
            )
        }
        if uncleanSince != nil {
            sentences.append(
                "The process before did not close the flow store; at most its last second of flows is missing."
            )
        }
        return sentences
    }
}
