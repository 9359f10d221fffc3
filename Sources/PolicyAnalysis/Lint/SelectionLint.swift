// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Selectors that select nobody (V120, V121, V126, V151), and pods that are selected in vain (V210).
enum SelectionLint {
    static func remarks(_ world: LintWorld) -> [LintRemark] {
        world.policies.flatMap { _, policy in
            policy.specs.flatMap { spec in subject(spec, world) + spec.rules.flatMap { peers($0, policy, world) } }
        }
    }

    private static func subject(_ spec: PolicySpec, _ world: LintWorld) -> [LintRemark] {
        guard case .endpoints(let selector) = spec.subject else { return [] }
        var result = unmatched(selector, at: spec.location, world)
        let selected = Set(world.identities(selector))
        if selected.isEmpty, result.isEmpty, SelectorText.labels(selector).isEmpty,
            let namespace = selector.requiredValue(for: WellKnownLabel.namespace)
        {
            result.append(LintRemark(.noPodsInNamespace("in namespace \(namespace)"), at: spec.location))
        }
        let unreached = world.snapshot.endpoints.indices.filter { index in
            world.snapshot.endpoints[index].protection != .enforced
                && selected.contains(world.resolved.identityOfEndpoint[index])
        }
        if !unreached.isEmpty {
            let names = unreached.map { world.snapshot.endpoints[$0] }.map { "\($0.namespace)/\($0.name)" }.sorted()
            let more = names.count > 3 ? " and \(names.count - 3) more" : ""
            result.append(
                LintRemark(.hostNetworkPods(names.prefix(3).joined(separator: ", ") + more), at: spec.location)
            )
        }
        return result
    }

    private static func peers(_ rule: Rule, _ policy: Policy, _ world: LintWorld) -> [LintRemark] {
        guard case .anyOf(let peers) = rule.peers else { return [] }
        return peers.flatMap { peer -> [LintRemark] in
            guard case .endpoints(let selector) = peer else { return [] }
            if let namespace = policy.id.namespace, isElsewhere(selector, namespace, world) {
                return [LintRemark(.onlyOwnNamespace(namespace), at: rule.location)]
            }
            return unmatched(selector, at: rule.location, world)
        }
    }

    /// Whether nobody in the policy's own namespace has the labels, and somebody elsewhere does.
    private static func isElsewhere(_ selector: Selector, _ namespace: String, _ world: LintWorld) -> Bool {
        let own = Selector.Requirement.isIn(WellKnownLabel.namespace, [namespace])
        guard selector.requirements.last == own, selector.requirements.count > 1, world.identities(selector).isEmpty
        else {
            return false
        }
        return !world.identities(Selector(selector.requirements.dropLast())).isEmpty
    }

    /// V121 when no namespace fits, else V120 when no pod does.
    private static func unmatched(_ selector: Selector, at location: SourceLocation, _ world: LintWorld) -> [LintRemark]
    {
        guard world.identities(selector).isEmpty, !selector.requirements.contains(where: { $0.key.source == .reserved })
        else { return [] }
        let namespaces = Selector(
            selector.requirements.filter {
                $0.key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix)
                    || $0.key.name == WellKnownLabel.namespace.name
            }
        )
        let inNamespace = world.identities(namespaces)
        let namespaceLabels = SelectorText.namespaceLabels(selector)
        if inNamespace.isEmpty, !namespaceLabels.isEmpty, !hasNamespace(namespaces, world) {
            return [LintRemark(.noNamespaceMatches(namespaceLabels), at: location)]
        }
        let labels = SelectorText.labels(selector)
        guard !labels.isEmpty else { return [] }
        let near = closest(selector, in: inNamespace, world)
        return [
            LintRemark(
                .noPodsMatch(labels, near: near.map { "\($0.key)=\($0.to)" }),
                at: location,
                hint: near.map { .relabel(key: $0.key, from: $0.from, to: $0.to) }
            )
        ]
    }

    private static func hasNamespace(_ selector: Selector, _ world: LintWorld) -> Bool {
        world.snapshot.namespaceLabels.contains { name, labels in
            var namespace = labels
            namespace[WellKnownLabel.namespaceName] = name
            let all = namespace.map { Label(.k8s(WellKnownLabel.namespaceLabelPrefix + $0.key), $0.value) }
            return selector.matches(LabelSet(all + [Label(WellKnownLabel.namespace, name)]))
        }
    }

    /// The existing value nearest to one that the selector asks for in vain.
    private static func closest(
        _ selector: Selector,
        in identities: [Int],
        _ world: LintWorld
    ) -> (key: String, from: String, to: String)? {
        for case .isIn(let key, let values) in selector.requirements where values.count == 1 {
            let existing = Set(identities.compactMap { world.resolved.identities[$0].labels.value(for: key) })
            guard !existing.contains(values[0]), let near = nearest(to: values[0], among: existing.sorted()) else {
                continue
            }
            return (key.name, values[0], near)
        }
        return nil
    }
}
