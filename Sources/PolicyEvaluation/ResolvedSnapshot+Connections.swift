// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
import PolicyModel

extension ResolvedSnapshot {
    /// Everything that can pass between two parties.
    /// - Complexity: O(rules that select the two ends).
    public func connections(
        from source: Party,
        to destination: Party,
        by policies: JudgedPolicies = .all
    ) -> PairConnections {
        if case .endpoint(let one) = source.kind, case .endpoint(one) = destination.kind { return .all }
        func connections(_ seenSource: Party, _ seenDestination: Party) -> PairConnections {
            side(.egress, of: source, peer: seenDestination, policies)
                .and(side(.ingress, of: destination, peer: seenSource, policies))
        }
        let result = connections(source, destination)
        // A node is the other end's own or another one; whose policies are asked stays the same.
        let local = (source.seenLocally, destination.seenLocally)
        guard local != (source, destination) else { return result }
        return result.or(connections(local.0, local.1))
    }

    /// What the policies of one end let through, as if the other end had none.
    ///
    /// - Parameters:
    ///   - direction: egress for what the subject sends, ingress for what it receives.
    ///   - subject: whose policies are asked.
    ///   - peer: the other end, taken as it is: a node is another node.
    ///   - policies: the ones in blocking mode, or all.
    ///   - policy: index of a policy that is left out, to see what it changes.
    /// - Complexity: O(rules that select the subject).
    public func connections(
        _ direction: Direction,
        of subject: Party,
        with peer: Party,
        by policies: JudgedPolicies = .all,
        leavingOut policy: Int? = nil
    ) -> PairConnections {
        side(direction, of: subject, peer: peer, policies, leavingOut: policy)
    }

    /// The rules and policies behind the connections between two parties.
    public func reasons(from source: Party, to destination: Party) -> PairReasons {
        PairReasons(
            egress: reasons(.egress, of: source, peer: destination),
            ingress: reasons(.ingress, of: destination, peer: source)
        )
    }

    /// What the policies of one side let through.
    func side(
        _ direction: Direction,
        of subject: Party,
        peer: Party,
        _ policies: JudgedPolicies,
        leavingOut policy: Int? = nil
    ) -> PairConnections {
        if subject.kind == .unknown {
            return policies == .all || snapshot.modes.environment == .blocking ? .none : .all
        }
        let (identity, alternatives) = specs(of: subject, direction)
        let results = alternatives.map { selecting in
            let specs = selecting.filter { (policies == .all || $0.mode == .blocking) && $0.policy != policy }
            return side(direction, of: identity, specs, peer: peer)
        }
        return results.dropFirst().reduce(results[0]) { $0.or($1) }
    }

    private func side(
        _ direction: Direction,
        of identity: Identity?,
        _ specs: [SelectingSpec],
        peer: Party
    ) -> PairConnections {
        let view = view(of: peer)
        func candidates(_ tier: Tier) -> some Sequence<SideConnections.Candidate> {
            specs.lazy.filter { snapshot.policies[$0.policy].tier == tier }.flatMap { reference in
                spec(reference).rules.lazy.filter { $0.direction == direction }.map { rule in
                    candidate(rule, of: reference, view, subject: identity)
                }
            }
        }
        var side = SideConnections()
        side.askInOrder(candidates(.admin))
        side.askTogether(
            candidates(.normal),
            isIsolated: specs.contains { reference in
                snapshot.policies[reference.policy].tier == .normal && spec(reference).isolates.contains(direction)
            },
            hostIsFree: direction == .ingress && peer.kind == .host && snapshot.hostTraffic == .allowed
        )
        side.askInOrder(candidates(.baseline))
        return side.result
    }

    private func candidate(
        _ rule: Rule,
        of reference: SelectingSpec,
        _ peer: PeerView,
        subject: Identity?
    ) -> SideConnections.Candidate {
        let conditions = matching.conditions(of: rule, RequestFacts())
        let match = matching.match(rule, peer: peer).and(conditions)
        let isLimited = conditions == .limited
        let item = SideConnections.Item(rule, of: reference)
        guard match != .no else {
            return .init(action: rule.action, match: .no, isLimited: isLimited, connections: .none, item: item)
        }
        let named = rule.direction == .ingress ? subject : peer.identity
        let connections = ConnectionSet(rule.ports, namedPortsOf: named)
        return .init(action: rule.action, match: match, isLimited: isLimited, connections: connections, item: item)
    }

    /// Whose policies are asked, once for each thing that may be so (`hostSpecs`); there is at least one list.
    func specs(of subject: Party, _ direction: Direction) -> (identity: Identity?, alternatives: [[SelectingSpec]]) {
        switch subject.kind {
        case .endpoint(let index):
            let identity = identityOfEndpoint[index]
            return (identities[identity], [selecting[identity]])
        case .host, .node: return (nil, hostSpecs(of: subject, direction))
        case .world, .reserved, .unknown: return (nil, [[]])
        }
    }

    private func reasons(_ direction: Direction, of subject: Party, peer: Party) -> PairReasons.SideReasons {
        let (identity, alternatives) = specs(of: subject, direction)
        var known: Set<SelectingSpec> = []
        let specs = alternatives.joined().filter { known.insert($0).inserted }
        let view = view(of: peer)
        var reasons = PairReasons.SideReasons(rules: [], isolating: [])
        for reference in specs {
            if spec(reference).isolates.contains(direction) {
                reasons.isolating.append(snapshot.policies[reference.policy].id)
            }
            for rule in spec(reference).rules where rule.direction == direction {
                let candidate = candidate(rule, of: reference, view, subject: identity)
                guard candidate.match != .no, !candidate.connections.isEmpty else { continue }
                reasons.rules.append(id(of: rule, reference))
            }
        }
        reasons.rules.sort()
        reasons.isolating = Set(reasons.isolating).sorted()
        return reasons
    }
}
