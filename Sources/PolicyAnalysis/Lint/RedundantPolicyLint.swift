// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Policies without which every pair of parties could reach each other exactly as with them (V128).
///
/// A policy that only isolates is none of them unless another one isolates the same pods and all that may come. Decided on the sets of connections of every pod that the policy selects, with every kind of other side that rules can tell
/// apart. Rules about requests, and rules that nobody can be sure of, are compared by form, because sets do not show them.
struct RedundantPolicyLint {
    private let world: LintWorld
    /// By identity: its endpoints as other sides.
    private let endpoints: [[Party]]
    /// Everyone else that rules can tell apart.
    private let others: [Party]
    private let allPeers: [Party]

    init(_ world: LintWorld) {
        self.world = world
        let resolved = world.resolved
        let seesAddresses = world.snapshot.policies.lazy.flatMap(\.specs).flatMap(\.rules).contains { rule in
            guard case .anyOf(let peers) = rule.peers else { return false }
            return peers.contains { peer in
                switch peer {
                case .cidr(let block): block.reach == .anyParty || block.reach == .worldAndEndpoints
                // Backends are listed by address.
                case .services: true
                default: false
                }
            }
        }
        endpoints = world.endpoints.map { indices in
            let parties = indices.flatMap { resolved.parties(ofEndpoint: $0) }
            return seesAddresses ? parties : Array(parties.prefix(1))
        }
        let entities: [Entity] = [.host, .remoteNode, .kubeAPIServer, .`init`, .ingress, .health, .unmanaged]
        let nodes = world.snapshot.nodes.flatMap(\.addresses).map { resolved.party(at: $0) }
        let unknown = Party(.unknown, address: IPAddress(family: .v4, bits: 0))
        others =
            entities.flatMap { PartyName.entity($0).parties(in: resolved) } + nodes + resolved.outsideSamples() + [
                unknown
            ]
        allPeers = others + endpoints.flatMap { $0 }
    }

    func redundant() -> [Policy] {
        world.policies.filter { isRedundant($0.index, $0.policy) }.map(\.policy)
    }

    private func isRedundant(_ index: Int, _ policy: Policy) -> Bool {
        var identities: Set<Int> = []
        for spec in policy.specs {
            guard case .endpoints = spec.subject else { return false }
            identities.formUnion(world.identities(spec.subject).filter { !endpoints[$0].isEmpty })
        }
        guard !identities.isEmpty, !isGuard(index, policy), isCoveredWhereSetsAreBlind(index, policy) else {
            return false
        }
        return world.judgedAlike(identities.sorted()).allSatisfy { identity, count in
            let specs = world.resolved.selecting[identity]
            let own = specs.filter { $0.policy == index }
            let modes: [JudgedPolicies] = own.contains { $0.mode == .blocking } ? [.all, .enforced] : [.all]
            return Direction.allCases.allSatisfy { direction in
                let rules = own.flatMap { policy.specs[$0.spec].rules }.filter { $0.direction == direction }
                let isolates = own.contains { policy.specs[$0.spec].isolates.contains(direction) }
                guard isolates || !rules.isEmpty else { return true }
                // While somebody else isolates as well, only those whom a rule matches can notice.
                let isIsolatedAnyway = specs.contains { other in
                    other.policy != index && other.mode == .blocking
                        && world.snapshot.policies[other.policy].tier == .normal
                        && spec(other).isolates.contains(direction)
                }
                let peers = isIsolatedAnyway || !isolates ? self.peers(of: rules) : allPeers
                return isSame(identity, isAlone: count == 1, direction, index, peers, modes)
            }
        }
    }

    /// Whether the policy only isolates, and does so for pods to come that no other policy isolates.
    private func isGuard(_ index: Int, _ policy: Policy) -> Bool {
        policy.specs.contains { spec in
            guard spec.rules.allSatisfy(RuleText.isEmpty) else { return false }
            return !spec.isolates.allSatisfy { direction in
                world.snapshot.policies.enumerated().contains { other, candidate in
                    other != index
                        && candidate.specs.contains {
                            $0.isolates.contains(direction) && RuleCover.covers($0.subject, spec.subject)
                        }
                }
            }
        }
    }

    private func isSame(
        _ identity: Int,
        isAlone: Bool,
        _ direction: Direction,
        _ index: Int,
        _ peers: [Party],
        _ modes: [JudgedPolicies]
    ) -> Bool {
        guard let subject = world.party(identity) else { return true }
        let isSingle = isAlone && world.endpoints[identity].count == 1
        return peers.allSatisfy { peer in
            // A pod always reaches itself.
            if isSingle, peer.kind == subject.kind { return true }
            return modes.allSatisfy { mode in
                world.resolved.connections(direction, of: subject, with: peer, by: mode)
                    == world.resolved.connections(direction, of: subject, with: peer, by: mode, leavingOut: index)
            }
        }
    }

    /// Everyone whom one of the rules may match.
    private func peers(of rules: [Rule]) -> [Party] {
        var identities: Set<Int> = []
        var needsOthers = false
        for rule in rules {
            guard case .anyOf(let peers) = rule.peers else { return allPeers }
            for peer in peers {
                guard case .endpoints(let selector) = peer,
                    !selector.requirements.contains(where: { $0.key.source == .reserved })
                else { return allPeers }
                needsOthers = needsOthers || !selector.requirements.contains { $0.key == WellKnownLabel.namespace }
                identities.formUnion(world.identities(selector))
            }
        }
        return (needsOthers ? others : []) + identities.sorted().flatMap { endpoints[$0] }
    }

    /// Whether each rule that sets do not show has another policy's rule that matches all it does.
    private func isCoveredWhereSetsAreBlind(_ index: Int, _ policy: Policy) -> Bool {
        policy.specs.allSatisfy { spec in
            spec.rules.filter(Self.isBlind).allSatisfy { rule in
                world.identities(spec.subject).allSatisfy { identity in
                    world.resolved.selecting[identity].contains { other in
                        other.policy != index
                            && self.spec(other).rules.contains {
                                $0.action == rule.action && RuleCover.covers($0, rule)
                            }
                    }
                }
            }
        }
    }

    private func spec(_ reference: ResolvedSnapshot.SelectingSpec) -> PolicySpec {
        world.snapshot.policies[reference.policy].specs[reference.spec]
    }

    private static func isBlind(_ rule: Rule) -> Bool {
        guard rule.conditions.isEmpty else { return true }
        guard case .anyOf(let peers) = rule.peers else { return false }
        return peers.contains { peer in
            switch peer {
            case .endpoints, .cidr, .cidrGroup: false
            case .entity(let entity): entity == .kubeAPIServer
            case .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups: true
            }
        }
    }
}
