// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Counts of one key in one time window.
public struct FlowCount: Hashable, Sendable, Codable {
    /// Connections or attempts.
    public var flows: UInt64
    /// Both directions together.
    public var packets: UInt64
    public var bytes: UInt64
    /// Microseconds since 1970.
    public var firstSeen: Int64
    public var lastSeen: Int64

    public init(flows: UInt64 = 0, packets: UInt64 = 0, bytes: UInt64 = 0, firstSeen: Int64, lastSeen: Int64) {
        self.flows = flows
        self.packets = packets
        self.bytes = bytes
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }

    /// What one record adds: a connection when it reports the start, packets and bytes as they are known.
    ///
    /// The first packet of a connection was counted when it started.
    public init(_ flow: Flow) {
        self.init(flow.report, packets: flow.packets, bytes: flow.bytes, at: flow.time)
    }

    /// What a record with these fields adds.
    public init(_ report: Flow.Report, packets: UInt64, bytes: UInt64, at time: Int64) {
        self.init(
            flows: report == .started ? 1 : 0,
            packets: report == .ended ? packets - min(packets, 1) : packets,
            bytes: bytes,
            firstSeen: time,
            lastSeen: time
        )
    }

    public mutating func merge(_ other: FlowCount) {
        flows += other.flows
        packets += other.packets
        bytes += other.bytes
        firstSeen = min(firstSeen, other.firstSeen)
        lastSeen = max(lastSeen, other.lastSeen)
    }
}
