// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// What makes flows the same kind of connection: one row of a grouped list, one counter per minute.
///
/// Source ports and individual containers are left out; addresses count only for parties outside.
public struct FlowKey: Hashable, Sendable, Codable {
    /// One end without what changes from connection to connection.
    public struct Party: Hashable, Sendable, Codable {
        public var kind: Flow.Party.Kind
        public var namespace: String?
        public var workload: String?
        /// For world and unknown parties.
        public var address: IPAddress?

        public init(_ party: Flow.Party) {
            kind = party.kind
            namespace = party.namespace
            workload = party.workload
            address = party.kind == .world || party.kind == .unknown ? party.address : nil
        }

        public init(kind: Flow.Party.Kind, namespace: String?, workload: String?, address: IPAddress?) {
            self.kind = kind
            self.namespace = namespace
            self.workload = workload
            self.address = address
        }

        /// Names and addresses tell parties apart; the kind follows from them nearly always.
        public func hash(into hasher: inout Hasher) {
            if let workload { hasher.combine(workload) }
            if let namespace { hasher.combine(namespace) }
            if let address { hasher.combine(address) }
        }
    }

    public var source: Party
    public var destination: Party
    public var ipProtocol: IPProtocol
    /// Destination port; for ICMP the message type.
    public var port: UInt16
    public var verdict: Verdict
    public var direction: Direction
    public var decision: Flow.Decision

    public init(_ flow: Flow) {
        source = Party(flow.source)
        destination = Party(flow.destination)
        ipProtocol = flow.ipProtocol
        port = flow.destinationPort
        verdict = flow.verdict
        direction = flow.direction
        decision = flow.decision
    }

    public init(
        source: Party,
        destination: Party,
        ipProtocol: IPProtocol,
        port: UInt16,
        verdict: Verdict,
        direction: Direction,
        decision: Flow.Decision
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.port = port
        self.verdict = verdict
        self.direction = direction
        self.decision = decision
    }

    /// Few keys differ in nothing but what decided.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(destination)
        hasher.combine(UInt32(port) << 16 | UInt32(ipProtocol.rawValue) << 8 | verdict.code << 1 | direction.code)
    }
}

extension Verdict {
    fileprivate var code: UInt32 {
        switch self {
        case .allowed: 0
        case .dropped: 1
        case .wouldDrop: 2
        }
    }
}

extension Direction {
    fileprivate var code: UInt32 { self == .ingress ? 0 : 1 }
}

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
