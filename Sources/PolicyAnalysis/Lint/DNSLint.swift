// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Pods that can no longer look names up (V130), and names that nobody sees being looked up (V131).
struct DNSLint {
    private let world: LintWorld
    /// The cluster DNS, with the ports it answers on; empty where the world has none.
    private let servers: [(party: Party, service: Service)]

    init(_ world: LintWorld) {
        self.world = world
        let names: Set = ["kube-dns", "coredns", "node-local-dns"]
        servers = world.snapshot.endpoints.enumerated().compactMap { index, endpoint in
            let labels = ["k8s-app", "app.kubernetes.io/name"].compactMap { endpoint.labels[$0] }
            guard endpoint.protection == .enforced, labels.contains(where: names.contains),
                let address = endpoint.addresses.first
            else { return nil }
            let port = endpoint.namedPorts.first { $0.ipProtocol == .udp && $0.name.hasPrefix("dns") }?.port ?? 53
            return (Party(.endpoint(index), address: address), Service(.udp, port: port))
        }
    }

    func remarks() -> [LintRemark] {
        world.policies.flatMap { _, policy in
            policy.specs.flatMap { spec -> [LintRemark] in
                guard policy.tier == .normal else { return [] }
                let hint = LintRemark.Hint.addDNS(policy.id.kind)
                var result: [LintRemark] = []
                if losesDNS(spec) { result.append(LintRemark(.losesDNS, at: spec.location, hint: hint)) }
                if isBlind(spec) { result.append(LintRemark(.noDNSProxy, at: spec.location, hint: hint)) }
                return result
            }
        }
    }

    /// Whether outbound is restricted and one of the pods cannot ask any server.
    private func losesDNS(_ spec: PolicySpec) -> Bool {
        guard spec.isolates.contains(.egress) else { return false }
        return world.judgedAlike(world.identities(spec.subject)).contains { identity, _ in
            guard !servers.isEmpty, let party = world.party(identity) else {
                return !rules(selecting: identity).contains(where: Self.allowsDNS)
            }
            return !servers.contains { server in
                let allowed = world.resolved.connections(.egress, of: party, with: server.party)
                return allowed.passable.contains(server.service) || allowed.uncertain.contains(server.service)
            }
        }
    }

    /// Whether a rule names DNS names, and one of the pods has no rule that sends lookups through the proxy.
    private func isBlind(_ spec: PolicySpec) -> Bool {
        let namesNames = spec.rules.contains { rule in
            guard rule.direction == .egress, rule.action == .allow, case .anyOf(let peers) = rule.peers else {
                return false
            }
            return peers.contains { if case .dnsNames = $0 { true } else { false } }
        }
        guard namesNames else { return false }
        let identities = world.judgedAlike(world.identities(spec.subject))
        if identities.isEmpty { return !spec.rules.contains(where: Self.seesDNS) }
        return identities.contains { !rules(selecting: $0.identity).contains(where: Self.seesDNS) }
    }

    private func rules(selecting identity: Int) -> [Rule] {
        world.resolved.selecting[identity].flatMap { reference in
            world.snapshot.policies[reference.policy].specs[reference.spec].rules
        }
    }

    private static func seesDNS(_ rule: Rule) -> Bool {
        rule.direction == .egress && rule.action == .allow
            && rule.conditions.contains { if case .dns = $0 { true } else { false } }
    }

    /// Whether a rule looks like one for lookups, where it is not known who answers them.
    private static func allowsDNS(_ rule: Rule) -> Bool {
        guard rule.direction == .egress, rule.action == .allow, rule.peers != .anyOf([]) else { return false }
        guard case .anyOf(let ports) = rule.ports else { return true }
        return ports.contains { port in
            switch port {
            case .numbered(let protocols, let range): protocols.contains(.udp) && range.contains(53)
            case .named(let protocols, let name): protocols.contains(.udp) && name.hasPrefix("dns")
            case .icmp: false
            }
        }
    }
}
