// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// A spec whose subject is the host itself (Cilium host policy), on an engine that has them.
struct HostPolicy {
    var selector: Selector
    var spec: ResolvedSnapshot.SelectingSpec

    static func all(in snapshot: ClusterSnapshot) -> [HostPolicy] {
        guard snapshot.reach == .layer7 else { return [] }
        return snapshot.policies.enumerated().flatMap { index, policy in
            policy.specs.enumerated().compactMap { number, spec in
                guard case .nodes(let selector) = spec.subject else { return nil }
                let mode = snapshot.modes.policies[policy.id] ?? policy.mode ?? snapshot.modes.environment
                return HostPolicy(selector: selector, spec: .init(policy: index, spec: number, mode: mode))
            }
        }
    }
}

/// What the host can be labelled with: it is one of the nodes, and nobody says which.
struct HostLabels {
    /// Of each node; empty when no node is known, and then the labels may be any.
    private let nodes: [LabelSet]

    init(_ nodes: [ClusterNode]) { self.nodes = nodes.map(\.labelSet) }

    /// Whether the host is among the nodes that a selector names.
    func match(_ selector: Selector) -> Match {
        if selector == .everything { return .yes }
        let count = nodes.count { selector.matches($0) }
        if count == 0 { return nodes.isEmpty ? .maybe(.node) : .no }
        return count == nodes.count ? .yes : .maybe(.node)
    }
}

extension ClusterNode {
    /// Its labels as selectors see them.
    var labelSet: LabelSet { LabelSet(labels.map { Label(.k8s($0.key), $0.value) }) }
}

extension ResolvedSnapshot {
    /// How many policies that may select the host or not are tried out in every combination.
    private static let mostOpenPolicies = 4

    /// The host policies with a say in a direction that select a host, once for each thing that may be so; never empty.
    ///
    /// A node has its own labels. The host is one of the nodes that are known; when none is, each selector holds or not.
    func hostSpecs(of subject: Party, _ direction: Direction) -> [[SelectingSpec]] {
        let concerned = hostPolicies.filter { spec($0.spec).concerns(direction) }
        func specs(_ node: ClusterNode) -> [SelectingSpec] {
            let labels = node.labelSet
            return concerned.filter { $0.selector.matches(labels) }.map(\.spec)
        }
        if case .node(let index) = subject.kind { return [specs(snapshot.nodes[index])] }
        guard snapshot.nodes.isEmpty else {
            var alternatives: [[SelectingSpec]] = []
            for node in snapshot.nodes {
                let found = specs(node)
                if !alternatives.contains(found) { alternatives.append(found) }
            }
            return alternatives
        }
        let open = concerned.filter { $0.selector != .everything }.map(\.spec)
        // With very many, each is tried alone and all together.
        let isBounded = open.count <= Self.mostOpenPolicies
        let choices: [Set<SelectingSpec>] =
            isBounded
            ? (0..<(1 << open.count)).map { bits in Set(open.indices.filter { bits >> $0 & 1 == 1 }.map { open[$0] }) }
            : [[]] + open.map { [$0] } + [Set(open)]
        return choices.map { chosen in
            concerned.filter { $0.selector == .everything || chosen.contains($0.spec) }.map(\.spec)
        }
    }
}
