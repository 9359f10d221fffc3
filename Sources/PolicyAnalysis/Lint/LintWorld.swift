// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyModel

/// The world as lint rules ask about it: who a selector selects, and which pods are judged alike.
///
/// A class because answers about selectors are kept; it lives inside one call and is never shared.
final class LintWorld {
    let resolved: ResolvedSnapshot
    /// The policies that are looked at, by their index in the snapshot.
    let policies: [(index: Int, policy: Policy)]
    /// By identity, the endpoints that policies reach.
    let endpoints: [[Int]]
    private let byNamespace: [String: [Int]]
    private var members: [Selector: [Int]] = [:]

    /// `policies` are looked at as if they were the only ones of their names in the world.
    init(_ world: ClusterSnapshot, policies: [Policy]) {
        var world = world
        let names = Set(policies.map(\.id))
        world.policies = world.policies.filter { !names.contains($0.id) }
        let first = world.policies.count
        world.policies += policies
        self.policies = policies.enumerated().map { (first + $0, $1) }
        resolved = ResolvedSnapshot(world)
        var endpoints = [[Int]](repeating: [], count: resolved.identities.count)
        for (index, endpoint) in world.endpoints.enumerated() where endpoint.protection == .enforced {
            endpoints[resolved.identityOfEndpoint[index]].append(index)
        }
        self.endpoints = endpoints
        byNamespace = Dictionary(grouping: resolved.identities.indices) { [identities = resolved.identities] in
            identities[$0].namespace
        }
    }

    var snapshot: ClusterSnapshot { resolved.snapshot }

    /// The identities that a selector matches, in order.
    /// - Complexity: O(identities of the namespace it demands), the first time.
    func identities(_ selector: Selector) -> [Int] {
        if let known = members[selector] { return known }
        var candidates = Array(resolved.identities.indices)
        if let namespace = selector.requiredValue(for: WellKnownLabel.namespace) {
            candidates = byNamespace[namespace] ?? []
        }
        let found = candidates.filter { selector.matches(resolved.identities[$0].labels) }
        members[selector] = found
        return found
    }

    /// The identities that a spec selects; none for a policy about nodes.
    func identities(_ subject: PolicySpec.Subject) -> [Int] {
        guard case .endpoints(let selector) = subject else { return [] }
        return identities(selector)
    }

    /// An endpoint of an identity as an end of connections; `nil` when policies reach none of them.
    func party(_ identity: Int) -> Party? {
        guard let index = endpoints[identity].first, let address = snapshot.endpoints[index].addresses.first else {
            return nil
        }
        return Party(.endpoint(index), address: address)
    }

    /// One identity of each group that the same specs select and that has the same named ports; with the group's size.
    ///
    /// What is so for one of them is so for all, as far as their own policies are asked.
    func judgedAlike(_ identities: [Int]) -> [(identity: Int, count: Int)] {
        struct Key: Hashable {
            var specs: [ResolvedSnapshot.SelectingSpec]
            var ports: [NamedPort]
        }
        let groups = Dictionary(grouping: identities) { identity in
            Key(specs: resolved.selecting[identity], ports: resolved.identities[identity].namedPorts)
        }
        return groups.values.compactMap { group in group.min().map { ($0, group.count) } }.sorted {
            $0.identity < $1.identity
        }
    }
}
