// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Remarks that need to know who is there.
struct WorldLint {
    private let resolved: ResolvedSnapshot
    private let policies: [Policy]
    private let hasIPv6: Bool

    /// `policies` are looked at as if they were the only ones of their names in the world.
    init(_ world: ClusterSnapshot, policies: [Policy]) {
        var world = world
        let names = Set(policies.map(\.id))
        world.policies = world.policies.filter { !names.contains($0.id) } + policies
        self.policies = policies
        hasIPv6 = world.endpoints.contains { $0.addresses.contains { $0.family == .v6 } }
        resolved = ResolvedSnapshot(world)
    }

    func findings() -> [Finding] {
        policies.flatMap { policy in policy.specs.flatMap { findings(in: $0) } }
    }

    private func findings(in spec: PolicySpec) -> [Finding] {
        var result: [Finding] = []
        if case .endpoints(let selector) = spec.subject {
            result += unmatched(selector, at: spec.location)
            if losesDNS(spec, selector) { result.append(PolicyRemark.losesDNS.finding(at: spec.location)) }
        }
        for rule in spec.rules {
            result += unopenedPorts(rule, of: spec)
            guard case .anyOf(let peers) = rule.peers else { continue }
            for peer in peers {
                if case .endpoints(let selector) = peer { result += unmatched(selector, at: rule.location) }
            }
            if hasIPv6, coversOnlyIPv4(peers) {
                result.append(PolicyRemark.onlyIPv4("0.0.0.0/0").finding(at: rule.location))
            }
        }
        return result
    }

    /// V121 when no namespace fits, else V120 when no pod does.
    private func unmatched(_ selector: Selector, at location: SourceLocation) -> [Finding] {
        let namespaces = selector.requirements.filter {
            $0.key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix) || $0.key.name == WellKnownLabel.namespace.name
        }
        guard !selector.requirements.contains(where: { $0.key.source == .reserved }) else { return [] }
        let inNamespace = resolved.identities.filter { Selector(namespaces).matches($0.labels) }
        let namespaceLabels = SelectorText.namespaceLabels(selector)
        if inNamespace.isEmpty, !namespaceLabels.isEmpty, !hasNamespace(Selector(namespaces)) {
            return [PolicyRemark.noNamespaceMatches(namespaceLabels).finding(at: location)]
        }
        let labels = SelectorText.labels(selector)
        guard !labels.isEmpty, !inNamespace.contains(where: { selector.matches($0.labels) }) else { return [] }
        return [PolicyRemark.noPodsMatch(labels, near: closest(selector, in: inNamespace)).finding(at: location)]
    }

    private func hasNamespace(_ selector: Selector) -> Bool {
        resolved.snapshot.namespaceLabels.contains { name, labels in
            var all = [Label(WellKnownLabel.namespace, name)]
            var namespace = labels
            namespace[WellKnownLabel.namespaceName] = name
            all += namespace.map { Label(.k8s(WellKnownLabel.namespaceLabelPrefix + $0.key), $0.value) }
            return selector.matches(LabelSet(all))
        }
    }

    /// The existing `key=value` nearest to one that the selector asks for in vain.
    private func closest(_ selector: Selector, in identities: [Identity]) -> String? {
        for case .isIn(let key, let values) in selector.requirements where values.count == 1 {
            let existing = Set(identities.compactMap { $0.labels.value(for: key) })
            guard !existing.contains(values[0]), let near = nearest(to: values[0], among: existing.sorted()) else {
                continue
            }
            return "\(key.name)=\(near)"
        }
        return nil
    }

    /// Whether outbound is restricted for a pod and nothing that selects the pod allows port 53 to anyone.
    private func losesDNS(_ spec: PolicySpec, _ selector: Selector) -> Bool {
        guard spec.isolates.contains(.egress) else { return false }
        return resolved.identities.indices.contains { index in
            guard selector.matches(resolved.identities[index].labels) else { return false }
            return !resolved.selecting[index].contains { selecting in
                resolved.snapshot.policies[selecting.policy].specs[selecting.spec].rules.contains(where: allowsDNS)
            }
        }
    }

    private func allowsDNS(_ rule: Rule) -> Bool {
        guard rule.direction == .egress, rule.action == .allow, rule.peers != .anyOf([]) else { return false }
        switch rule.ports {
        case .all: return true
        case .anyOf(let ports):
            return ports.contains { port in
                switch port {
                case .numbered(let protocols, let range): protocols.contains(.udp) && range.contains(53)
                case .named(let protocols, let name): protocols.contains(.udp) && name.hasPrefix("dns")
                case .icmp: false
                }
            }
        }
    }

    private func coversOnlyIPv4(_ peers: [Peer]) -> Bool {
        let blocks = peers.compactMap { peer -> Prefix? in
            guard case .cidr(let block) = peer else { return nil }
            return block.prefix
        }
        return blocks.contains { $0.family == .v4 && $0.length == 0 } && !blocks.contains { $0.family == .v6 }
    }

    /// Ports by name that no pod has: inbound among the subject's pods, outbound among the peers'.
    private func unopenedPorts(_ rule: Rule, of spec: PolicySpec) -> [Finding] {
        guard case .anyOf(let ports) = rule.ports else { return [] }
        var selectors: [Selector] = []
        if rule.direction == .ingress {
            if case .endpoints(let selector) = spec.subject { selectors = [selector] }
        } else if case .anyOf(let peers) = rule.peers {
            for case .endpoints(let selector) in peers { selectors.append(selector) }
        }
        let identities = resolved.identities.filter { identity in selectors.contains { $0.matches(identity.labels) } }
        guard !identities.isEmpty else { return [] }
        return ports.compactMap { port in
            guard case .named(let protocols, let name) = port else { return nil }
            let isOpen = identities.contains { identity in
                identity.namedPorts.contains { $0.name == name && protocols.contains($0.ipProtocol) }
            }
            return isOpen ? nil : PolicyRemark.portNotOpen(name).finding(at: rule.location)
        }
    }
}
