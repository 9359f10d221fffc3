// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyEvaluation

/// One place of a connectivity map: a workload, a namespace, or addresses outside.
public enum MapNode: Hashable, Sendable, CustomStringConvertible {
    /// Endpoints of one workload that policies treat alike.
    public struct Workload: Hashable, Sendable {
        public var namespace: String
        public var name: String
        /// In the spelling of manifests; `Pod` for a replica that is shown alone.
        public var kind: String

        public init(namespace: String, name: String, kind: String) {
            self.namespace = namespace
            self.name = name
            self.kind = kind
        }
    }

    case workload(Workload)
    case namespace(String)
    case outside(AddressRange)

    /// `shop/web[Deployment]`, `shop[Namespace]`, `0.0.0.0-255.255.255.255[External]`; escaped.
    public var description: String {
        switch self {
        case .workload(let workload): Escaped.plain("\(workload.namespace)/\(workload.name)[\(workload.kind)]")
        case .namespace(let name): Escaped.plain("\(name)[Namespace]")
        case .outside(let range): "\(range)[External]"
        }
    }

    /// `nil` for addresses outside.
    public var namespace: String? {
        switch self {
        case .workload(let workload): workload.namespace
        case .namespace(let name): name
        case .outside: nil
        }
    }

    public var isOutside: Bool { namespace == nil }
}

/// One line of a connectivity map.
public struct MapEdge: Hashable, Sendable {
    public var source: MapNode
    public var destination: MapNode
    /// Never empty.
    public var connections: PairConnections

    public init(source: MapNode, destination: MapNode, connections: PairConnections) {
        self.source = source
        self.destination = destination
        self.connections = connections
    }
}

/// A workload that somebody wants to see alone.
public struct MapFocus: Hashable, Sendable {
    /// `nil`: in any namespace.
    public var namespace: String?
    public var name: String

    /// Reads `namespace/name` or `name`.
    public init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        namespace = parts.count == 2 ? String(parts[0]) : nil
        name = String(parts[parts.count - 1])
    }

    /// A namespace alone is matched by its name.
    func matches(_ node: MapNode, workload: String?) -> Bool {
        switch node {
        case .workload(let place):
            (namespace ?? place.namespace) == place.namespace && (name == place.name || name == workload)
        case .namespace(let place): namespace == nil && name == place
        case .outside: false
        }
    }
}
