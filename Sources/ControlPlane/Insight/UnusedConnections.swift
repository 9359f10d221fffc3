// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel

/// What policies permit between the places of a map, where at least one end is isolated: elsewhere everything is permitted
/// because nobody says otherwise, and there is nothing to tighten.
///
/// Only between workloads that are both seen, and with addresses outside; a workload that is not seen is not named because
/// of what it may do.
struct UnusedConnections {
    struct Edge {
        var pair: TrafficMapBuilder.Pair
        var drawn: TrafficMap.Edge
    }

    /// One per pair of places, whatever their number; unordered.
    let edges: [Edge]

    /// - Complexity: that of a connectivity map of the world: O(identities²) and the number of permitted pairs.
    init(_ world: EnvironmentWorld, _ plan: MapPlan, _ view: NamespaceView) {
        let isolated = Dictionary(
            WorkloadCoverage(world.facts.coverage, view).items.map {
                (MapNode.Workload(namespace: $0.namespace, name: $0.workload, kind: ""), $0)
            }
        ) { first, _ in first }
        let workloads = Self.workloadNames(world.enforced.resolved)
        var found: [TrafficMapBuilder.Pair: ConnectionSet] = [:]
        ConnectivityMap(world.enforced.resolved).forEachEdge { edge in
            let source = Self.workload(edge.source, workloads)
            let destination = Self.workload(edge.destination, workloads)
            // Both places seen, or one of them outside.
            let outbound = source.flatMap { isolated[$0] }
            let inbound = destination.flatMap { isolated[$0] }
            guard source == nil || outbound != nil, destination == nil || inbound != nil,
                outbound?.outbound ?? false || inbound?.inbound ?? false
            else { return }
            let pair = TrafficMapBuilder.Pair(
                source: source.map { plan.node($0.namespace, $0.name) } ?? MapPlan.world,
                destination: destination.map { plan.node($0.namespace, $0.name) } ?? MapPlan.world
            )
            guard !edge.connections.passable.isEmpty else { return }
            found[pair, default: .none].formUnion(edge.connections.passable)
        }
        edges = found.map { Edge(pair: $0.key, drawn: Self.drawn($0.key, $0.value)) }
    }

    /// By namespace and name of an instance: its workload.
    ///
    /// A map shows an instance alone when policies tell it apart.
    private static func workloadNames(_ world: ResolvedSnapshot) -> [MapNode.Workload: String] {
        var names: [MapNode.Workload: String] = [:]
        for endpoint in world.snapshot.endpoints {
            let name = MapNode.Workload(namespace: endpoint.namespace, name: endpoint.name, kind: "")
            names[name] = endpoint.workload.name
        }
        for endpoint in world.snapshot.endpoints {
            let workload = endpoint.workload.name
            names[MapNode.Workload(namespace: endpoint.namespace, name: workload, kind: "")] = workload
        }
        return names
    }

    /// Without its kind; `nil` for addresses outside.
    private static func workload(_ node: MapNode, _ names: [MapNode.Workload: String]) -> MapNode.Workload? {
        guard case .workload(var workload) = node else { return nil }
        workload.kind = ""
        workload.name = names[workload] ?? workload.name
        return workload
    }

    private static func drawn(_ pair: TrafficMapBuilder.Pair, _ connections: ConnectionSet) -> TrafficMap.Edge {
        let ports = ConnectionText.short(connections).split(separator: ",").map { part in
            part.trimmingPrefix(while: { $0 == " " })
        }
        return TrafficMap.Edge(
            source: pair.source,
            destination: pair.destination,
            layer: .unused,
            verdict: .allowed,
            ports: ports.prefix(EdgeTally.mostPorts).map { text in
                // `5432/TCP` as observed edges have it: `TCP 5432`.
                let parts = text.split(separator: "/")
                return parts.count == 2 ? "\(parts[1]) \(parts[0])" : String(text)
            },
            otherPorts: max(0, ports.count - EdgeTally.mostPorts),
            connections: 0,
            packets: 0,
            lastSeen: nil
        )
    }
}
