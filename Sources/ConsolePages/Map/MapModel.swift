// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
public import NetworkPrimitives

/// What the map shows: nodes, edges, and how much of it.
public struct MapModel: Hashable, Sendable {
    public struct Node: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable { case namespace, workload, host, world }

        /// `shop/web`, `shop`, `host`, `world`.
        public var id: String
        public var kind: Kind
        /// The island that it belongs to; `nil` for host and world.
        public var namespace: String?
        public var label: String
        public var isIsolatedInbound: Bool
        public var isIsolatedOutbound: Bool
        public var policies: [String]
        /// Inside; 1 for a workload.
        public var workloads: Int
        public var unprotected: String?

        public init(
            id: String,
            kind: Kind,
            namespace: String?,
            label: String,
            isIsolatedInbound: Bool = false,
            isIsolatedOutbound: Bool = false,
            policies: [String] = [],
            workloads: Int = 1,
            unprotected: String? = nil
        ) {
            self.id = id
            self.kind = kind
            self.namespace = namespace
            self.label = label
            self.isIsolatedInbound = isIsolatedInbound
            self.isIsolatedOutbound = isIsolatedOutbound
            self.policies = policies
            self.workloads = workloads
            self.unprotected = unprotected
        }

        public init(_ node: TrafficMap.Node) {
            self.init(
                id: node.id,
                kind: Kind(rawValue: node.kind.rawValue) ?? .workload,
                namespace: node.namespace,
                label: node.label,
                isIsolatedInbound: node.isIsolatedInbound,
                isIsolatedOutbound: node.isIsolatedOutbound,
                policies: node.policies,
                workloads: node.workloads,
                unprotected: node.unprotected
            )
        }
    }

    public struct Edge: Hashable, Sendable {
        public var source: String
        public var destination: String
        /// Permitted by policies and not used in the range.
        public var isUnused: Bool
        public var verdict: Verdict
        public var ports: [String]
        public var otherPorts: Int
        public var connections: UInt64
        public var packets: UInt64
        public var lastSeen: Timestamp?

        public init(
            from source: String,
            to destination: String,
            verdict: Verdict,
            isUnused: Bool = false,
            ports: [String] = [],
            otherPorts: Int = 0,
            connections: UInt64 = 0,
            packets: UInt64 = 0,
            lastSeen: Timestamp? = nil
        ) {
            self.source = source
            self.destination = destination
            self.isUnused = isUnused
            self.verdict = verdict
            self.ports = ports
            self.otherPorts = otherPorts
            self.connections = connections
            self.packets = packets
            self.lastSeen = lastSeen
        }

        public init(_ edge: TrafficMap.Edge) {
            self.init(
                from: edge.source,
                to: edge.destination,
                verdict: edge.verdict,
                isUnused: edge.layer == .unused,
                ports: edge.ports,
                otherPorts: edge.otherPorts,
                connections: edge.connections,
                packets: edge.packets,
                lastSeen: edge.lastSeen
            )
        }
    }

    /// What can be shown and hidden.
    public enum Layer: String, Hashable, Sendable, CaseIterable {
        case allowed, dropped, wouldDrop = "would-drop", unused

        fileprivate var rank: Int {
            switch self {
            case .allowed: 0
            case .dropped: 1
            case .wouldDrop: 2
            case .unused: 3
            }
        }
    }

    /// Nodes and edges past which the map draws only the selection's edges, or nothing at all.
    public static let nodeBudget = 150
    public static let edgeBudget = 400
    public static let largestNodeCount = 1_000

    public var timeRange: TimeRangeChoice
    public var query: String
    /// In any order: the drawing does not depend on it.
    public var nodes: [Node]
    public var edges: [Edge]
    public var omittedEdges: Int
    public var expanded: Set<String>
    public var layers: Set<Layer>
    /// A node's id.
    public var selected: String?
    public var showsTable: Bool
    public var state: PanelState

    public init(
        timeRange: TimeRangeChoice,
        query: String = "",
        nodes: [Node],
        edges: [Edge],
        omittedEdges: Int = 0,
        expanded: Set<String> = [],
        layers: Set<Layer> = [.allowed, .dropped, .wouldDrop],
        selected: String? = nil,
        showsTable: Bool = false,
        state: PanelState = .ready
    ) {
        self.timeRange = timeRange
        self.query = query
        self.nodes = nodes
        self.edges = edges
        self.omittedEdges = omittedEdges
        self.expanded = expanded
        self.layers = layers
        self.selected = selected
        self.showsTable = showsTable
        self.state = state
    }
}

extension MapModel.Edge {
    var layer: MapModel.Layer {
        if isUnused { return .unused }
        switch verdict {
        case .allowed: return .allowed
        case .dropped: return .dropped
        case .wouldDrop: return .wouldDrop
        }
    }

    /// `TCP 5432 · 1.2k`.
    var label: String {
        let port = ports.first ?? ""
        let more = ports.count + otherPorts > 1 ? " +\(ports.count + otherPorts - 1)" : ""
        return isUnused ? "\(port)\(more) · not used" : "\(port)\(more) · \(Figures.short(Double(connections)))"
    }

    /// 1 to 4: the logarithm of the connections.
    var width: Int {
        switch connections {
        case ..<100: 1
        case ..<1_000: 2
        case ..<10_000: 3
        default: 4
        }
    }

    static func precedes(_ left: Self, _ right: Self) -> Bool {
        if left.source != right.source { return left.source < right.source }
        if left.destination != right.destination { return left.destination < right.destination }
        return left.layer.rank < right.layer.rank
    }
}

extension MapModel {
    /// Edges of the layers that are shown, sorted: what both the drawing and the table hold.
    var shownEdges: [Edge] { shownEdges { _ in true } }

    private func shownEdges(_ isWanted: (Edge) -> Bool) -> [Edge] {
        edges.filter { layers.contains($0.layer) && isWanted($0) }.sorted(by: Edge.precedes)
    }

    var shownEdgeCount: Int { edges.count { layers.contains($0.layer) } }

    var isOverBudget: Bool { nodes.count > Self.nodeBudget || shownEdgeCount > Self.edgeBudget }
    var isTableOnly: Bool { nodes.count > Self.largestNodeCount }

    /// Over budget only those of the selection.
    var drawnEdges: [Edge] {
        let isWhole = !isOverBudget
        return shownEdges { isWhole || $0.source == selected || $0.destination == selected }
    }
}
