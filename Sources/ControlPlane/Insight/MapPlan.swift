// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// What the places of a traffic map are called: which node stands for an end of a flow.
struct MapPlan {
    /// Namespaces that are shown by workload; `nil` is all.
    var expanded: Set<String>?

    static let host = "host"
    static let world = "world"
    /// Addresses of container networks that nobody has, and what was not told apart.
    static let unknown = "unknown"

    func isExpanded(_ namespace: String) -> Bool { expanded?.contains(namespace) ?? true }

    func node(of party: FlowKey.Party) -> String {
        switch party.kind {
        case .endpoint: node(party.namespace ?? "", party.workload ?? "")
        case .host: Self.host
        case .world: Self.world
        case .unknown: Self.unknown
        }
    }

    func node(_ namespace: String, _ workload: String) -> String {
        isExpanded(namespace) ? "\(namespace)/\(workload)" : Self.node(ofNamespace: namespace)
    }

    /// The namespace's name, unless it is a word that means something else here.
    static func node(ofNamespace namespace: String) -> String {
        [host, world, unknown].contains(namespace) ? "namespace:\(namespace)" : namespace
    }
}

/// What one edge of a map counts.
struct EdgeTally {
    struct Port: Hashable, Comparable {
        var ipProtocol: IPProtocol
        var port: UInt16

        init(_ key: FlowKey) {
            ipProtocol = key.ipProtocol
            port = ipProtocol.hasPorts || ipProtocol.isICMP ? key.port : 0
        }

        /// `TCP 5432`, `ICMP 8`, `GRE`.
        var text: String { ipProtocol.hasPorts || ipProtocol.isICMP ? "\(ipProtocol) \(port)" : "\(ipProtocol)" }

        static func < (left: Port, right: Port) -> Bool {
            (left.ipProtocol.rawValue, left.port) < (right.ipProtocol.rawValue, right.port)
        }
    }

    /// Connections by port.
    private(set) var ports: [Port: UInt64] = [:]
    private(set) var connections: UInt64 = 0
    private(set) var packets: UInt64 = 0
    private(set) var lastSeen: Int64 = .min

    static let mostPorts = 5

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        if !key.isOther { ports[Port(key), default: 0] += count.flows }
        connections += count.flows
        packets += count.packets
        lastSeen = max(lastSeen, count.lastSeen)
    }

    /// The texts of the most used ports.
    var portTexts: [String] {
        ports.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(Self.mostPorts).map(\.key.text)
    }
}
