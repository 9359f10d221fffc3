// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A set of connections between two parties: which protocols, and in each which ports (or ICMP types).
///
/// `ports` says per protocol what is in the set; `hasOthers` says it of all the protocols that `ports` does not name. For a
/// protocol without ports (GRE, ESP) only `.all` and `.empty` are meaningful. Equal sets have equal values: a protocol
/// about which `ports` would say the same as `hasOthers` is left out.
public struct ConnectionSet: Hashable, Sendable {
    /// Whether protocols that `ports` does not name are in the set, with every port.
    public private(set) var hasOthers: Bool

    /// Ports by protocol.
    public private(set) var ports: [IPProtocol: PortSet]

    public static let none = ConnectionSet(hasOthers: false, ports: [:])
    public static let all = ConnectionSet(hasOthers: true, ports: [:])

    private init(hasOthers: Bool, ports: [IPProtocol: PortSet]) {
        self.hasOthers = hasOthers
        self.ports = ports
    }

    /// The given ports of the given protocols.
    public init(_ ports: [IPProtocol: PortSet]) {
        self.init(hasOthers: false, ports: ports.filter { !$0.value.isEmpty })
    }

    /// Whether every protocol and port is in the set; `ports` is then empty.
    public var isAll: Bool { hasOthers && ports.isEmpty }

    public var isEmpty: Bool { !hasOthers && ports.isEmpty }

    /// The ports of one protocol that are in the set.
    public func ports(of ipProtocol: IPProtocol) -> PortSet {
        ports[ipProtocol] ?? (hasOthers ? .all : .empty)
    }

    public func contains(_ ipProtocol: IPProtocol, port: UInt16) -> Bool {
        ports[ipProtocol]?.contains(port) ?? hasOthers
    }

    public func contains(_ service: Service) -> Bool { contains(service.ipProtocol, port: service.port) }

    /// Whether every connection of `other` is in this set.
    public func isSuperset(of other: ConnectionSet) -> Bool { other.subtracting(self).isEmpty }

    public mutating func formUnion(_ other: ConnectionSet) {
        guard !isAll, !other.isEmpty else { return }
        self = isEmpty || other.isAll ? other : combined(other, others: hasOthers || other.hasOthers) { $0.union($1) }
    }

    public func union(_ other: ConnectionSet) -> ConnectionSet {
        var result = self
        result.formUnion(other)
        return result
    }

    public func intersection(_ other: ConnectionSet) -> ConnectionSet {
        if isAll || other.isEmpty { return other }
        if other.isAll || isEmpty { return self }
        return combined(other, others: hasOthers && other.hasOthers) { $0.intersection($1) }
    }

    public func subtracting(_ other: ConnectionSet) -> ConnectionSet {
        if isEmpty || other.isEmpty { return self }
        return combined(other, others: hasOthers && !other.hasOthers) { $0.subtracting($1) }
    }

    private func combined(
        _ other: ConnectionSet,
        others: Bool,
        _ combine: (PortSet, PortSet) -> PortSet
    ) -> ConnectionSet {
        var result: [IPProtocol: PortSet] = [:]
        for ipProtocol in Set(ports.keys).union(other.ports.keys) {
            let combined = combine(ports(of: ipProtocol), other.ports(of: ipProtocol))
            if others ? !combined.isAll : !combined.isEmpty { result[ipProtocol] = combined }
        }
        return ConnectionSet(hasOthers: others, ports: result)
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
