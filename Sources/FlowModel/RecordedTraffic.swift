// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Recorded connections, each kind once with its counts; and what could not be used.
///
/// Ten million flows of a hundred thousand kinds are a hundred thousand values here.
public struct RecordedTraffic: Hashable, Sendable {
    /// How often a kind of connection was recorded, and when.
    public struct Count: Hashable, Sendable {
        public var flows: UInt64
        /// 0 where the source does not count them.
        public var packets: UInt64
        /// Microseconds since 1970; `nil`: not recorded.
        public var firstSeen: Int64?
        public var lastSeen: Int64?

        public init(flows: UInt64, packets: UInt64 = 0, firstSeen: Int64? = nil, lastSeen: Int64? = nil) {
            self.flows = flows
            self.packets = packets
            self.firstSeen = firstSeen
            self.lastSeen = lastSeen
        }

        public mutating func merge(_ other: Count) {
            flows += other.flows
            packets += other.packets
            if let time = other.firstSeen { firstSeen = min(firstSeen ?? time, time) }
            if let time = other.lastSeen { lastSeen = max(lastSeen ?? time, time) }
        }
    }

    public private(set) var counts: [RecordedConnection: Count] = [:]
    /// Lines that are no records at all.
    public var unreadable: UInt64 = 0
    /// Records that say nothing about a connection: status, agent events, answers, sockets.
    public var ignored: UInt64 = 0
    /// Events that the source says it lost.
    public var lost: UInt64 = 0

    public init() {}

    /// Nothing yet; with room for so many kinds, as growing hashes and moves everything again.
    public init(minimumCapacity: Int) { counts.reserveCapacity(minimumCapacity) }

    /// Palisade's own counts; keys that stand for many others are ignored.
    public init(_ counts: some Sequence<(key: FlowKey, value: FlowCount)>) {
        // Growing would hash everything again and again.
        self.counts.reserveCapacity(counts.underestimatedCount)
        for (key, count) in counts { add(key, count) }
    }

    /// One of Palisade's own counts; a key that stands for many others is ignored.
    public mutating func add(_ key: FlowKey, _ count: FlowCount) {
        guard !key.isOther else {
            // Also when it stands for packets alone.
            ignored += max(1, count.flows)
            return
        }
        let own = Count(
            flows: count.flows,
            packets: count.packets,
            firstSeen: count.firstSeen,
            lastSeen: count.lastSeen
        )
        add(RecordedConnection(key), own)
    }

    /// - Complexity: O(1) on average.
    public mutating func add(_ connection: RecordedConnection, _ count: Count = Count(flows: 1)) {
        counts[connection, default: Count(flows: 0)].merge(count)
    }

    /// All flows together.
    public var flows: UInt64 { counts.values.reduce(0) { $0 + $1.flows } }

    /// When the first and the last flow was seen; `nil` when no time was recorded.
    public var period: ClosedRange<Int64>? {
        guard let first = counts.values.compactMap(\.firstSeen).min(),
            let last = counts.values.compactMap(\.lastSeen).max(), first <= last
        else { return nil }
        return first...last
    }
}
