// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
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
        let result = connectionsWithRemoteNodes(source, destination, policies)
        var local = (source, destination)
        if case .node = source.kind { local.0.kind = .host }
        if case .node = destination.kind { local.1.kind = .host }
        guard local != (source, destination) else { return result }
        return result.or(connectionsWithRemoteNodes(local.0, local.1, policies))
    }

    /// The rules and policies behind the connections between two parties.
    public func reasons(from source: Party, to destination: Party) -> PairReasons {
        PairReasons(
            egress: reasons(.egress, of: source, peer: destination),
            ingress: reasons(.ingress, of: destination, peer: source)
        )
    }

    private func connectionsWithRemoteNodes(
        _ source: Party,
        _ destination: Party,
        _ policies: JudgedPolicies
    ) -> PairConnections {
        side(.egress, of: source, peer: destination, policies)
            .and(side(.ingress, of: destination, peer: source, policies))
    }

    /// What the policies of one side let through.
    func side(
        _ direction: Direction,
        of subject: Party,
        peer: Party,
        _ policies: JudgedPolicies
    ) -> PairConnections {
        let (identity, selecting, isUncertain) = specs(of: subject, direction)
        if subject.kind == .unknown {
            return policies == .all || snapshot.modes.environment == .blocking ? .none : .all
        }
        let specs = policies == .all ? selecting : selecting.filter { $0.mode == .blocking }
        let view = view(of: peer)
        func candidates(_ tier: Tier) -> some Sequence<SideConnections.Candidate> {
            specs.lazy.filter { snapshot.policies[$0.policy].tier == tier }.flatMap { reference in
                spec(reference).rules.lazy.filter { $0.direction == direction }.map { rule in
                    candidate(rule, view, subject: identity)
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
        let result = side.result
        return isUncertain ? result.or(.all).or(.none) : result
    }

    private func candidate(_ rule: Rule, _ peer: PeerView, subject: Identity?) -> SideConnections.Candidate {
        let match = matching.match(rule, peer: peer).and(matching.conditions(of: rule, RequestFacts()))
        guard match != .no else { return .init(action: rule.action, match: .no, connections: .none) }
        let named = rule.direction == .ingress ? subject : peer.identity
        return .init(action: rule.action, match: match, connections: Self.connections(rule.ports, named))
    }

    /// What a rule's ports are, with the named ones looked up.
    static func connections(_ ports: Ports, _ identity: Identity?) -> ConnectionSet {
        guard case .anyOf(let list) = ports else { return .all }
        var ranges: [IPProtocol: [PortRange]] = [:]
        for port in list {
            switch port {
            case .numbered(let protocols, let range):
                for ipProtocol in protocols { ranges[ipProtocol, default: []].append(range) }
            case .named(let protocols, let name):
                for found in identity?.ports(named: name, protocols) ?? [] {
                    ranges[found.ipProtocol, default: []].append(PortRange(found.port))
                }
            case .icmp(let ipProtocol, let type): ranges[ipProtocol, default: []].append(PortRange(UInt16(type)))
            }
        }
        return ConnectionSet(ranges.mapValues { PortSet($0) })
    }

    /// Whose policies are asked, and whether it is not known if all of them select it.
    func specs(
        of subject: Party,
        _ direction: Direction
    ) -> (identity: Identity?, specs: [SelectingSpec], isUncertain: Bool) {
        switch subject.kind {
        case .endpoint(let index):
            let identity = identityOfEndpoint[index]
            return (identities[identity], selecting[identity], false)
        case .host, .node:
            let (specs, isUncertain) = hostSpecs(of: subject, direction)
            return (nil, specs, isUncertain)
        case .world, .reserved, .unknown: return (nil, [], false)
        }
    }

    private func reasons(_ direction: Direction, of subject: Party, peer: Party) -> PairReasons.SideReasons {
        let (identity, specs, _) = specs(of: subject, direction)
        let view = view(of: peer)
        var reasons = PairReasons.SideReasons(rules: [], isolating: [])
        for reference in specs {
            if spec(reference).isolates.contains(direction) {
                reasons.isolating.append(snapshot.policies[reference.policy].id)
            }
            for rule in spec(reference).rules where rule.direction == direction {
                let candidate = candidate(rule, view, subject: identity)
                guard candidate.match != .no, !candidate.connections.isEmpty else { continue }
                reasons.rules.append(id(of: rule, reference))
            }
        }
        reasons.rules.sort()
        reasons.isolating = Set(reasons.isolating).sorted()
        return reasons
    }
}
