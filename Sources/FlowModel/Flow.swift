// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// One observed connection or attempt, with what policy said about it.
///
/// The fields follow Hubble's flow message.
public struct Flow: Hashable, Sendable, Codable {
    /// One end, as it was when the flow was seen.
    public struct Party: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case endpoint, host, world
            /// An address that should belong to an endpoint and belongs to none.
            case unknown
        }

        public var kind: Kind
        public var address: IPAddress
        /// Of an endpoint.
        public var namespace: String?
        public var workload: String?
        public var name: String?
        /// Of an endpoint; sorted `key=value`.
        public var labels: [String]
        /// Whether what a reader may not see was taken out (`FlowView`): the address says nothing then.
        ///
        /// Never stored.
        public internal(set) var isMasked = false

        private enum CodingKeys: String, CodingKey {
            case kind, address, namespace, workload, name, labels
        }

        public init(
            kind: Kind,
            address: IPAddress,
            namespace: String? = nil,
            workload: String? = nil,
            name: String? = nil,
            labels: [String] = []
        ) {
            self.kind = kind
            self.address = address
            self.namespace = namespace
            self.workload = workload
            self.name = name
            self.labels = labels
        }
    }

    /// What decided, in names that outlive the snapshot.
    public struct Decision: Hashable, Sendable, Codable {
        /// The policy of the deciding rule, `namespace/name`; `nil` when no rule decided.
        public var policy: String?
        /// The rule inside it, `inbound/1`.
        public var rule: String?
        /// For a default deny: the policies that isolate the endpoint.
        ///
        /// Sorted.
        public var isolatedBy: [String]
        public var reason: Reason
        /// Whether names of policies that a reader may not see were taken out (`FlowView`).
        ///
        /// Never stored.
        public internal(set) var isPartlyHidden = false

        private enum CodingKeys: String, CodingKey {
            case policy, rule, isolatedBy, reason
        }

        public init(policy: String? = nil, rule: String? = nil, isolatedBy: [String] = [], reason: Reason) {
            self.policy = policy
            self.rule = rule
            self.isolatedBy = isolatedBy
            self.reason = reason
        }
    }

    /// Why the verdict is what it is.
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// A rule allows it.
        case allowedByRule = "ALLOWED_BY_RULE"
        /// No policy isolates either end in the direction concerned.
        case notIsolated = "NOT_ISOLATED"
        /// From the host to its own container.
        case hostTraffic = "HOST_TRAFFIC"
        /// Isolated, and no rule allows it (Hubble: POLICY_DENIED, 133).
        case policyDenied = "POLICY_DENIED"
        /// A deny rule matches (Hubble: POLICY_DENY, 181).
        case policyDeny = "POLICY_DENY"
        /// One end has an address of a container network that no container has.
        case unknownEndpoint = "UNKNOWN_ENDPOINT"
        /// Source address or MAC address of somebody else.
        case invalidSource = "INVALID_SOURCE_IP"
        /// Not part of any connection that connection tracking knows.
        case invalidPacket = "INVALID_PACKET_DROPPED"
    }

    /// What a record reports, so that a connection with two records is counted once.
    public enum Report: String, Hashable, Sendable, Codable, CaseIterable {
        /// The first packet of a connection, or an attempt that was dropped. Counts as one connection.
        case started
        /// The end of a connection that has been reported when it started: brings its packets and bytes, and does not
        /// count as another connection.
        case ended
    }

    /// When its first packet was seen, and for an `ended` report when it ended; microseconds since 1970.
    public var time: Int64
    public var report: Report
    public var verdict: Verdict
    /// The side whose policy decided; for an allowed connection that both sides decided, ingress.
    public var direction: Direction
    public var source: Party
    public var destination: Party
    public var ipProtocol: IPProtocol
    /// 0 where the protocol has none.
    public var sourcePort: UInt16
    /// For ICMP the message type.
    public var destinationPort: UInt16
    public var icmpCode: UInt8
    /// As in the TCP header (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32).
    public var tcpFlags: UInt8
    /// Both directions together; 0 until the connection has ended.
    public var bytes: UInt64
    public var packets: UInt64
    /// Microseconds; `nil` until the connection has ended.
    public var duration: Int64?
    public var decision: Decision
    /// The snapshot revision that the decision was computed from.
    public var revision: UInt64
    /// Whether the engine's verdict and the kernel's agree.
    ///
    /// A disagreement is kept, shown and counted.
    public var agrees: Bool

    public init(
        time: Int64,
        verdict: Verdict,
        direction: Direction,
        source: Party,
        destination: Party,
        ipProtocol: IPProtocol,
        sourcePort: UInt16,
        destinationPort: UInt16,
        icmpCode: UInt8 = 0,
        tcpFlags: UInt8 = 0,
        bytes: UInt64 = 0,
        packets: UInt64 = 0,
        duration: Int64? = nil,
        decision: Decision,
        revision: UInt64,
        agrees: Bool = true,
        report: Report = .started
    ) {
        self.time = time
        self.report = report
        self.verdict = verdict
        self.direction = direction
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.icmpCode = icmpCode
        self.tcpFlags = tcpFlags
        self.bytes = bytes
        self.packets = packets
        self.duration = duration
        self.decision = decision
        self.revision = revision
        self.agrees = agrees
    }
}
