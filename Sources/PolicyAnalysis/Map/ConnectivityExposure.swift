// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyEvaluation
import PolicyModel

/// What each workload lets through to and from parties that are not in the world: pods that do not exist yet, and addresses
/// outside.
///
/// `entire-cluster` is a pod with labels and a namespace that no rule names. Pods that rules name by labels are listed when
/// they get another answer; where the rule names their namespace, only when no such pod exists in it.
public struct ConnectivityExposure: Hashable, Sendable {
    /// One thing that a workload is open to.
    public struct Row: Hashable, Sendable {
        public var workload: MapNode
        public var direction: Direction
        /// `entire-cluster`, `[namespace with {team=edge}]/[all pods]`, `0.0.0.0-255.255.255.255[External]`; escaped.
        public var peer: String
        /// Empty where a rule shuts out somebody whom the rest of the cluster's pods are not.
        public var connections: PairConnections
    }

    /// A workload that no policy has a say about.
    public struct Unrestricted: Hashable, Sendable {
        public var workload: MapNode
        public var direction: Direction
    }

    /// Egress first, then by workload and peer.
    public var rows: [Row]
    /// Sorted like the rows.
    public var unrestricted: [Unrestricted]

    /// - Complexity: as the map, with a pod more for each selector of a rule.
    public init(_ map: ConnectivityMap) {
        var options = map.options
        options.level = .workload
        let map = map.options.level == .workload ? map : ConnectivityMap(map.resolved, options)
        let world = FutureWorld(map)
        rows = []
        unrestricted = []
        for direction in [Direction.egress, .ingress] {
            for node in map.nodes.indices where map.inFocus?[node] ?? true {
                rows += world.rows(of: node, direction)
                if world.isUnrestricted(node, direction) {
                    unrestricted.append(Unrestricted(workload: map.nodes[node], direction: direction))
                }
            }
        }
    }
}

/// A world with the pods that rules could be about.
private struct FutureWorld {
    private let map: ConnectivityMap
    private let resolved: ResolvedSnapshot
    private let table: ConnectivityTable
    /// Party by pod; `any` is one of them.
    private var partyOf: [FutureWorkload: Int] = [:]
    /// Pods that a selector with pod labels is about and that there is one of already.
    private var existing: Set<FutureWorkload> = []

    init(_ map: ConnectivityMap) {
        self.map = map
        var snapshot = map.resolved.snapshot
        let selectors = Set(
            snapshot.policies.lazy.flatMap(\.specs).flatMap(\.rules).flatMap(\.namedSelectors)
        )
        var parties = map.table.parties
        var known: Set<FutureWorkload> = []
        for selector in selectors {
            for pod in FutureWorkload.matching(selector, cluster: snapshot.clusterName) {
                known.insert(pod)
                // Of a namespace that is not named there always is another one to come.
                guard pod.hasPodLabels, let namespace = pod.namespace else { continue }
                let isThere = map.resolved.identities.contains { identity in
                    namespace == identity.namespace && selector.matches(identity.labels)
                }
                if isThere { existing.insert(pod) }
            }
        }
        let endpoint = FutureWorkload.any.endpoint(number: 0, in: &snapshot)
        for (number, pod) in ([.any] + known.sorted { $0.text < $1.text }).enumerated() {
            partyOf[pod] = parties.count
            parties.append(Party(.endpoint(snapshot.endpoints.count), address: IPAddress(v4: 0)))
            snapshot.endpoints.append(number == 0 ? endpoint : pod.endpoint(number: number, in: &snapshot))
        }
        resolved = ResolvedSnapshot(snapshot)
        table = ConnectivityTable(resolved, parties: parties, by: map.options.policies)
    }

    func rows(of node: Int, _ direction: Direction) -> [ConnectivityExposure.Row] {
        let anyone = connections(of: node, direction, with: .any)
        var rows = outside(node, direction)
        if !anyone.isEmpty { rows.append(row(node, direction, FutureWorkload.any.text, anyone)) }
        for pod in pods(of: node, direction) where !existing.contains(pod) {
            let own = connections(of: node, direction, with: pod)
            if own != anyone { rows.append(row(node, direction, pod.text, own)) }
        }
        return rows.sorted { $0.peer < $1.peer }
    }

    func isUnrestricted(_ node: Int, _ direction: Direction) -> Bool {
        !specs(of: node).contains { $0.concerns(direction) }
    }

    private func row(
        _ node: Int,
        _ direction: Direction,
        _ peer: String,
        _ connections: PairConnections
    ) -> ConnectivityExposure.Row {
        .init(workload: map.nodes[node], direction: direction, peer: peer, connections: connections)
    }

    private func specs(of node: Int) -> [PolicySpec] {
        map.places.parties[node].prefix(1).flatMap { party -> [PolicySpec] in
            guard case .endpoint(let index) = table.parties[party].kind else { return [] }
            return resolved.selecting[resolved.identityOfEndpoint[index]].map { reference in
                resolved.snapshot.policies[reference.policy].specs[reference.spec]
            }
        }
    }

    /// The pods that rules of the node's policies name.
    private func pods(of node: Int, _ direction: Direction) -> Set<FutureWorkload> {
        let rules = specs(of: node).flatMap(\.rules).filter { $0.direction == direction }
        return Set(
            rules.flatMap(\.namedSelectors).flatMap {
                FutureWorkload.matching($0, cluster: resolved.snapshot.clusterName)
            }
        )
    }

    private func connections(of node: Int, _ direction: Direction, with pod: FutureWorkload) -> PairConnections {
        guard let peer = partyOf[pod] else { return .none }
        return connections(of: node, direction, peer: peer)
    }

    private func connections(of node: Int, _ direction: Direction, peer: Int) -> PairConnections {
        map.places.parties[node].reduce(.none) { $0.joined(table.side(direction, of: $1, peer: peer)) }
    }

    private func outside(_ node: Int, _ direction: Direction) -> [ConnectivityExposure.Row] {
        (direction == .egress ? map.places.destinations : map.places.sources).compactMap { place in
            let connections = connections(of: node, direction, peer: place.party)
            guard !connections.isEmpty else { return nil }
            return row(node, direction, MapNode.outside(place.range).description, connections)
        }
    }
}

extension Rule {
    /// The selectors among its peers.
    fileprivate var namedSelectors: [Selector] {
        guard case .anyOf(let peers) = peers else { return [] }
        return peers.compactMap { if case .endpoints(let selector) = $0 { selector } else { nil } }
    }
}
