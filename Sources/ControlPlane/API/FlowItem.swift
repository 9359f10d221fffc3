// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import NetworkPrimitives

/// One flow or one kind of connection, in the shape that people and scripts read.
public struct FlowItem: Hashable, Sendable, Codable {
    /// One end.
    public struct Party: Hashable, Sendable, Codable {
        public var kind: Flow.Party.Kind
        @OrNull public var namespace: String?
        @OrNull public var workload: String?
        /// The container; only in raw items.
        @OrNull public var pod: String?
        @OrNull public var ip: IPAddress?
        /// Sorted `key=value`; only in raw items.
        public var labels: [String]

        public init(_ party: Flow.Party) {
            kind = party.kind
            namespace = party.namespace
            workload = party.workload
            pod = party.name
            ip = party.isMasked ? nil : party.address
            labels = party.labels
        }

        public init(_ party: FlowKey.Party) {
            kind = party.kind
            namespace = party.namespace
            workload = party.workload
            pod = nil
            ip = party.address
            labels = []
        }
    }

    /// Why; `policy` and `rule` are `null` when no rule decided.
    public struct Decision: Hashable, Sendable, Codable {
        @OrNull public var policy: String?
        @OrNull public var rule: String?
        public var isolatedBy: [String]
        public var reason: Flow.Reason
        /// Whether policies decided that the reader may not see; their names are left out.
        public var isPartlyHidden: Bool

        public init(_ decision: Flow.Decision) {
            isPartlyHidden = decision.isPartlyHidden
            policy = decision.policy
            rule = decision.rule
            isolatedBy = decision.isolatedBy
            reason = decision.reason
        }
    }

    /// What only one record has.
    public struct Raw: Hashable, Sendable, Codable {
        public var time: Timestamp
        public var report: Flow.Report
        public var sourcePort: UInt16
        @OrNull public var icmpCode: UInt8?
        /// `["SYN"]`; empty for other protocols.
        public var tcpFlags: [String]
        /// Microseconds.
        @OrNull public var duration: Int64?
        /// Whether the engine's verdict and the kernel's are the same.
        public var agrees: Bool
        public var revision: UInt64

        init(_ flow: Flow) {
            time = Timestamp(microseconds: flow.time)
            report = flow.report
            sourcePort = flow.sourcePort
            icmpCode = flow.ipProtocol.isICMP ? flow.icmpCode : nil
            tcpFlags = TCPFlag.names(in: flow.tcpFlags)
            duration = flow.duration
            agrees = flow.agrees
            revision = flow.revision
        }
    }

    public var source: Party
    public var destination: Party
    /// `null` where the protocol has no ports.
    @OrNull public var port: UInt16?
    /// Of ICMP; `null` for other protocols.
    @OrNull public var icmpType: UInt8?
    /// `TCP`, `ICMPv6`, `protocol 89`.
    public var `protocol`: String
    public var verdict: Verdict
    public var direction: Direction
    public var decision: Decision
    /// Connections or attempts.
    public var count: UInt64
    public var packets: UInt64
    public var bytes: UInt64
    public var firstSeen: Timestamp
    public var lastSeen: Timestamp
    /// Only in raw items.
    @OrNull public var raw: Raw?
    /// Events over the range; only where it was asked for.
    @OrNull public var sparkline: Sparkline?

    public init(_ flow: Flow) {
        source = Party(flow.source)
        destination = Party(flow.destination)
        port = flow.ipProtocol.hasPorts ? flow.destinationPort : nil
        icmpType = flow.ipProtocol.isICMP ? UInt8(truncatingIfNeeded: flow.destinationPort) : nil
        self.protocol = flow.ipProtocol.description
        verdict = flow.verdict
        direction = flow.direction
        decision = Decision(flow.decision)
        let counted = FlowCount(flow)
        count = counted.flows
        packets = counted.packets
        bytes = counted.bytes
        firstSeen = Timestamp(microseconds: flow.time)
        lastSeen = firstSeen
        raw = Raw(flow)
        sparkline = nil
    }

    public init(_ group: FlowGroup) {
        let key = group.key
        source = Party(key.source)
        destination = Party(key.destination)
        port = key.ipProtocol.hasPorts ? key.port : nil
        icmpType = key.ipProtocol.isICMP ? UInt8(truncatingIfNeeded: key.port) : nil
        self.protocol = key.ipProtocol.description
        verdict = key.verdict
        direction = key.direction
        decision = Decision(key.decision)
        count = group.count.flows
        packets = group.count.packets
        bytes = group.count.bytes
        firstSeen = Timestamp(microseconds: group.count.firstSeen)
        lastSeen = Timestamp(microseconds: group.count.lastSeen)
        raw = nil
        sparkline = nil
    }
}
