// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// What makes flows the same kind of connection: one row of a grouped list, one counter per minute.
///
/// Source ports and individual containers are left out; addresses count only for parties outside.
public struct FlowKey: Hashable, Sendable {
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

    /// What a key says; never changed once it is shared.
    final class Storage: Sendable {
        let source: Party
        let destination: Party
        let ipProtocol: IPProtocol
        let port: UInt16
        let verdict: Verdict
        let direction: Direction
        let decision: Flow.Decision
        /// Made once: keys are looked up far more often than they are made.
        let hash: Int

        init(
            _ source: Party,
            _ destination: Party,
            _ ipProtocol: IPProtocol,
            _ port: UInt16,
            _ verdict: Verdict,
            _ direction: Direction,
            _ decision: Flow.Decision
        ) {
            (self.source, self.destination) = (source, destination)
            (self.ipProtocol, self.port) = (ipProtocol, port)
            (self.verdict, self.direction, self.decision) = (verdict, direction, decision)
            // Few keys differ in nothing but what decided.
            var hasher = Hasher()
            hasher.combine(source)
            hasher.combine(destination)
            hasher.combine(UInt32(port) << 16 | UInt32(ipProtocol.rawValue) << 8 | verdict.code << 1 | direction.code)
            hash = hasher.finalize()
        }
    }

    /// Shared by copies: a key is large, and a question moves ten thousands of them.
    let storage: Storage

    public var source: Party { storage.source }
    public var destination: Party { storage.destination }
    public var ipProtocol: IPProtocol { storage.ipProtocol }
    /// Destination port; for ICMP the message type.
    public var port: UInt16 { storage.port }
    public var verdict: Verdict { storage.verdict }
    public var direction: Direction { storage.direction }
    public var decision: Flow.Decision { storage.decision }

    public init(_ flow: Flow) {
        self.init(
            source: Party(flow.source),
            destination: Party(flow.destination),
            ipProtocol: flow.ipProtocol,
            port: flow.destinationPort,
            verdict: flow.verdict,
            direction: flow.direction,
            decision: flow.decision
        )
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
        storage = Storage(source, destination, ipProtocol, port, verdict, direction, decision)
    }

    /// The same key with another decision.
    public func decided(by decision: Flow.Decision) -> FlowKey {
        FlowKey(
            source: source,
            destination: destination,
            ipProtocol: ipProtocol,
            port: port,
            verdict: verdict,
            direction: direction,
            decision: decision
        )
    }

    public static func == (left: FlowKey, right: FlowKey) -> Bool {
        if left.storage === right.storage { return true }
        return left.storage.hash == right.storage.hash && left.port == right.port && left.verdict == right.verdict
            && left.ipProtocol == right.ipProtocol && left.direction == right.direction && left.source == right.source
            && left.destination == right.destination && left.decision == right.decision
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }
}

extension FlowKey: Codable {
    private enum CodingKeys: String, CodingKey {
        case source, destination, ipProtocol, port, verdict, direction, decision
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            source: try values.decode(Party.self, forKey: .source),
            destination: try values.decode(Party.self, forKey: .destination),
            ipProtocol: try values.decode(IPProtocol.self, forKey: .ipProtocol),
            port: try values.decode(UInt16.self, forKey: .port),
            verdict: try values.decode(Verdict.self, forKey: .verdict),
            direction: try values.decode(Direction.self, forKey: .direction),
            decision: try values.decode(Flow.Decision.self, forKey: .decision)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(source, forKey: .source)
        try values.encode(destination, forKey: .destination)
        try values.encode(ipProtocol, forKey: .ipProtocol)
        try values.encode(port, forKey: .port)
        try values.encode(verdict, forKey: .verdict)
        try values.encode(direction, forKey: .direction)
        try values.encode(decision, forKey: .decision)
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
