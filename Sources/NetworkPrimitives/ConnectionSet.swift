// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A set of connections between two parties: which protocols, and in each which ports (or ICMP types).
///
/// `all` stands for every protocol there is, also those without ports. Otherwise `ports` says per protocol what is in
/// the set; for a protocol without ports (GRE, ESP) only `.all` is meaningful.
public struct ConnectionSet: Hashable, Sendable {
    /// Whether every protocol and port is in the set; `ports` is then empty.
    public private(set) var isAll: Bool

    /// Ports by protocol; no value is empty.
    public private(set) var ports: [IPProtocol: PortSet]

    public static let none = ConnectionSet(isAll: false, ports: [:])
    public static let all = ConnectionSet(isAll: true, ports: [:])

    private init(isAll: Bool, ports: [IPProtocol: PortSet]) {
        self.isAll = isAll
        self.ports = ports
    }

    /// The given ports of the given protocols.
    public init(_ ports: [IPProtocol: PortSet]) {
        self.init(isAll: false, ports: ports.filter { !$0.value.isEmpty })
    }

    public var isEmpty: Bool { !isAll && ports.isEmpty }

    public func contains(_ ipProtocol: IPProtocol, port: UInt16) -> Bool {
        isAll || ports[ipProtocol]?.contains(port) ?? false
    }

    public mutating func formUnion(_ other: ConnectionSet) {
        guard !isAll else { return }
        guard !other.isAll else {
            self = .all
            return
        }
        ports.merge(other.ports) { $0.union($1) }
    }

    public func union(_ other: ConnectionSet) -> ConnectionSet {
        var result = self
        result.formUnion(other)
        return result
    }
}

/// The protocol and destination port of a connection: what a rule's ports are matched against.
public struct Service: Hashable, Sendable, Codable {
    public var ipProtocol: IPProtocol
    /// The destination port; for ICMP the message type; 0 for protocols without either.
    public var port: UInt16

    public init(_ ipProtocol: IPProtocol, port: UInt16) {
        self.ipProtocol = ipProtocol
        self.port = port
    }
}

extension Service: CustomStringConvertible {
    /// `5432/TCP`, `type 8/ICMP`, `GRE`.
    public var description: String {
        if ipProtocol.hasPorts { return "\(port)/\(ipProtocol)" }
        return ipProtocol.isICMP ? "type \(port)/\(ipProtocol)" : "\(ipProtocol)"
    }
}
