// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// A kind of connection that somebody recorded: what of it can be asked about again under other policies.
///
/// Neutral between sources: Hubble's flows and Palisade's own counts become this. Source ports are left out.
public struct RecordedConnection: Hashable, Sendable {
    /// One end, by whatever was recorded of it.
    public struct Party: Hashable, Sendable {
        public var namespace: String?
        public var workload: String?
        /// The name of a single pod; left out where the workload and the labels say enough.
        public var pod: String?
        /// Of parties outside and unknown ones.
        public var address: IPAddress?
        /// Full texts such as `k8s:app=web` or `reserved:world`, sorted; empty: not recorded.
        public var labels: [String]
        /// Names that the address was looked up by, sorted.
        public var dnsNames: [String]

        public init(
            namespace: String? = nil,
            workload: String? = nil,
            pod: String? = nil,
            address: IPAddress? = nil,
            labels: [String] = [],
            dnsNames: [String] = []
        ) {
            self.namespace = namespace
            self.workload = workload
            self.pod = pod
            self.address = address
            self.labels = labels
            self.dnsNames = dnsNames
        }

        /// Names tell most parties apart; labels are many, and looked at where there are no names only.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(workload ?? pod)
            hasher.combine(namespace)
            if let address { hasher.combine(address) }
            if workload == nil, pod == nil { hasher.combine(labels) }
        }

        /// Whether a label of source `reserved` is there.
        public func isReserved(_ name: String) -> Bool { labels.contains("reserved:\(name)") }

        /// Whether it stands outside: reserved so, or nothing but an address.
        public var isOutside: Bool {
            if labels.contains(where: { $0 == "reserved:world" || $0.hasPrefix("reserved:world-") }) { return true }
            return namespace == nil && pod == nil && workload == nil && labels.isEmpty && address != nil
        }
    }

    /// An HTTP request.
    public struct HTTP: Hashable, Sendable {
        public var method: String
        /// With the query.
        public var path: String
        public var host: String?

        public init(method: String, path: String, host: String? = nil) {
            self.method = method
            self.path = path
            self.host = host
        }
    }

    public var source: Party
    public var destination: Party
    public var ipProtocol: IPProtocol
    /// The destination port; for ICMP the message type.
    public var port: UInt16
    public var http: HTTP?
    /// The name asked for in a DNS query.
    public var dnsQuery: String?
    /// What became of it; `wouldDrop` passed while policies were in audit mode.
    public var verdict: Verdict

    public init(
        source: Party,
        destination: Party,
        ipProtocol: IPProtocol,
        port: UInt16,
        http: HTTP? = nil,
        dnsQuery: String? = nil,
        verdict: Verdict
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.port = port
        self.http = http
        self.dnsQuery = dnsQuery
        self.verdict = verdict
    }

    /// Without what is the same nearly always.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(destination)
        hasher.combine(UInt32(ipProtocol.rawValue) << 16 | UInt32(port))
        if let http { hasher.combine(http) }
        if let dnsQuery { hasher.combine(dnsQuery) }
    }

    /// Whether it passed.
    public var passed: Bool { verdict != .dropped }
}

extension RecordedConnection: Comparable {
    /// By the ends' names, then by port and verdict: an order that does not depend on how connections were recorded.
    public static func < (left: RecordedConnection, right: RecordedConnection) -> Bool {
        if left.source != right.source { return left.source < right.source }
        if left.destination != right.destination { return left.destination < right.destination }
        let (one, other) = (left.numbers, right.numbers)
        if one != other { return one < other }
        return left.requestTexts.lexicographicallyPrecedes(right.requestTexts)
    }

    private var numbers: (UInt8, UInt16) { (ipProtocol.rawValue, port) }

    private var requestTexts: [String] {
        [http?.method ?? "", http?.path ?? "", http?.host ?? "", dnsQuery ?? "", verdict.rawValue]
    }
}

extension RecordedConnection.Party: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        if left.namespace != right.namespace { return left.namespace ?? "" < right.namespace ?? "" }
        if left.workload != right.workload { return left.workload ?? "" < right.workload ?? "" }
        if left.pod != right.pod { return left.pod ?? "" < right.pod ?? "" }
        if left.address != right.address {
            guard let one = left.address, let other = right.address else { return left.address == nil }
            return one < other
        }
        if left.labels != right.labels { return left.labels.lexicographicallyPrecedes(right.labels) }
        return left.dnsNames.lexicographicallyPrecedes(right.dnsNames)
    }
}

extension RecordedConnection {
    /// A connection of Palisade's own counts.
    public init(_ key: FlowKey) {
        self.init(
            source: Party(key.source),
            destination: Party(key.destination),
            ipProtocol: key.ipProtocol,
            port: key.port,
            verdict: key.verdict
        )
    }
}

extension RecordedConnection.Party {
    private static let host = ["reserved:host"]
    private static let world = ["reserved:world"]

    /// An end of one of Palisade's own counts.
    init(_ party: FlowKey.Party) {
        self.init(namespace: party.namespace, workload: party.workload, address: party.address)
        switch party.kind {
        case .host: labels = Self.host
        case .world: labels = Self.world
        case .endpoint, .unknown: break
        }
    }
}
