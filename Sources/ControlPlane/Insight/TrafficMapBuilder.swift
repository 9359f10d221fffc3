// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Makes a traffic map from kinds of connections as a reader sees them, and from the workloads that there are.
struct TrafficMapBuilder: Sendable {
    private struct Ends: Hashable {
        var source: String
        var destination: String
        var verdict: Verdict
    }

    private let plan: MapPlan
    private let view: NamespaceView
    private var nodes: [String: TrafficMap.Node] = [:]
    /// By node; their names are made once, when the map is drawn.
    private var policies: [String: Set<PolicyID>] = [:]
    private var edges: [Ends: EdgeTally] = [:]
    /// Workloads in namespaces that are not seen, as flows name them.
    private var masked: [String: Set<String>] = [:]
    private var unused: [TrafficMap.Edge] = []

    init(_ coverage: WorkloadCoverage?, _ request: TrafficMapRequest) {
        plan = MapPlan(expanded: request.expanded)
        view = request.statistics.view
        for item in coverage?.items ?? [] { add(item) }
    }

    private mutating func add(_ item: WorkloadCoverage.Item) {
        let id = plan.node(item.namespace, item.workload)
        let isExpanded = plan.isExpanded(item.namespace)
        var node =
            nodes[id]
            ?? TrafficMap.Node(
                id: id,
                kind: isExpanded ? .workload : .namespace,
                namespace: item.namespace,
                label: isExpanded ? item.workload : item.namespace,
                isIsolatedInbound: true,
                isIsolatedOutbound: true,
                policies: [],
                workloads: 0,
                unprotected: nil,
                isMasked: false
            )
        node.isIsolatedInbound = node.isIsolatedInbound && item.inbound
        node.isIsolatedOutbound = node.isIsolatedOutbound && item.outbound
        policies[id, default: []].formUnion(item.policies)
        node.workloads += 1
        node.unprotected = node.unprotected ?? item.unprotected
        nodes[id] = node
    }

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        let source = place(key.source)
        let destination = place(key.destination)
        let ends = Ends(source: source, destination: destination, verdict: key.verdict)
        edges[ends, default: EdgeTally()].add(key, count)
    }

    /// The node of one end, made when nobody has it any more or it is not seen.
    private mutating func place(_ party: FlowKey.Party) -> String {
        let id = plan.node(of: party)
        let isMasked = party.kind == .endpoint && !view.contains(party.namespace)
        if isMasked, let namespace = party.namespace { masked[namespace, default: []].insert(party.workload ?? "") }
        guard nodes[id] == nil else { return id }
        let namespace = party.kind == .endpoint ? party.namespace ?? "" : nil
        let isWorkload = namespace.map(plan.isExpanded) ?? false
        let kinds: [String: TrafficMap.Node.Kind] = [MapPlan.host: .host, MapPlan.world: .world]
        nodes[id] = TrafficMap.Node(
            id: id,
            kind: namespace == nil ? kinds[id] ?? .world : isWorkload ? .workload : .namespace,
            namespace: namespace,
            label: namespace == nil ? id : isWorkload ? party.workload ?? "" : namespace ?? "",
            isIsolatedInbound: false,
            isIsolatedOutbound: false,
            policies: [],
            workloads: namespace == nil ? 0 : 1,
            unprotected: nil,
            isMasked: isMasked
        )
        return id
    }

    /// Adds what policies permit between what is seen and that no counted connection used.
    mutating func addUnused(_ world: EnvironmentWorld) {
        let used = Set(
            edges.keys.filter { $0.verdict != .dropped }.map { Pair(source: $0.source, destination: $0.destination) }
        )
        for edge in UnusedConnections(world, plan, view).edges where !used.contains(edge.pair) {
            for place in [edge.pair.source, edge.pair.destination] where place == MapPlan.world {
                _ = self.place(FlowKey.Party(kind: .world, namespace: nil, workload: nil, address: nil))
            }
            unused.append(edge.drawn)
        }
    }

    struct Pair: Hashable {
        var source: String
        var destination: String
    }

    /// The map as it is drawn, with the busiest edges when there are too many.
    func map(environment: String, _ coverage: Coverage) -> TrafficMap {
        var nodes = nodes
        for (namespace, workloads) in masked where !plan.isExpanded(namespace) {
            let id = MapPlan.node(ofNamespace: namespace)
            nodes[id]?.workloads = max(workloads.count, 1)
        }
        for (id, policies) in policies {
            nodes[id]?.policies = policies.filter { view.contains($0.namespace) }.sorted().map(\.description)
        }
        let all = edges.map(Self.edge) + unused
        var kept = all
        if all.count > TrafficMap.largestEdgeCount {
            let busiest = all.sorted { $0.connections == $1.connections ? $0 < $1 : $0.connections > $1.connections }
            kept = Array(busiest.prefix(TrafficMap.largestEdgeCount))
        }
        return TrafficMap(
            environment: environment,
            coverage: coverage,
            nodes: nodes.values.sorted { $0.id < $1.id },
            edges: kept.sorted(),
            omittedEdges: all.count - kept.count
        )
    }

    private static func edge(_ ends: Ends, _ tally: EdgeTally) -> TrafficMap.Edge {
        TrafficMap.Edge(
            source: ends.source,
            destination: ends.destination,
            layer: .observed,
            verdict: ends.verdict,
            ports: tally.portTexts,
            otherPorts: max(0, tally.ports.count - EdgeTally.mostPorts),
            connections: tally.connections,
            packets: tally.packets,
            lastSeen: Timestamp(microseconds: tally.lastSeen)
        )
    }
}

extension TrafficMap.Edge: Comparable {
    /// By its ends, then by what it shows between them; no two edges of a map are the same in these.
    public static func < (left: TrafficMap.Edge, right: TrafficMap.Edge) -> Bool {
        if left.source != right.source { return left.source < right.source }
        if left.destination != right.destination { return left.destination < right.destination }
        if left.layer != right.layer { return left.layer.rawValue < right.layer.rawValue }
        return left.verdict.rawValue < right.verdict.rawValue
    }
}
