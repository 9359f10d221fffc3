// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Specs by their subject, so that an identity is compared only with subjects that it can be.
///
/// Specs with the same subject selector are compared together, and identities that the same subjects select share one list
/// of specs, so that many policies about many alike endpoints cost no more than their sum.
struct SpecIndex: Sendable {
    private struct Subject: Sendable {
        var selector: Selector
        var specs: [(policy: Int32, spec: Int32)]
    }

    private struct ListKey: Hashable, Sendable {
        var subjects: [Int32]
        /// What decides the modes of the list's specs beside the policies themselves.
        var namespaceMode: Mode
    }

    private var subjects: [Subject] = []
    private var numbers: [Selector: Int32] = [:]
    /// Subjects by the namespace that their selector demands.
    private var byNamespace: [String: [Int32]] = [:]
    private var anywhere: [Int32] = []
    private var lists: [ListKey: [ResolvedSnapshot.SelectingSpec]] = [:]

    /// - Complexity: O(specs).
    init(_ policies: [Policy]) {
        numbers.reserveCapacity(policies.count)
        for (position, policy) in policies.enumerated() { add(policy, at: position) }
    }

    /// Adds the specs of a policy by its position among the snapshot's policies.
    mutating func add(_ policy: Policy, at position: Int) {
        for (index, spec) in policy.specs.enumerated() {
            guard case .endpoints(let selector) = spec.subject else { continue }
            let entry = (Int32(position), Int32(index))
            if let number = numbers[selector] {
                subjects[Int(number)].specs.append(entry)
                continue
            }
            let number = Int32(subjects.count)
            numbers[selector] = number
            subjects.append(Subject(selector: selector, specs: [entry]))
            if let namespace = selector.requiredValue(for: WellKnownLabel.namespace) {
                byNamespace[namespace, default: []].append(number)
            } else {
                anywhere.append(number)
            }
        }
    }

    /// Takes the specs of a policy out again.
    ///
    /// A subject that no spec has any more stays, and selects for nobody.
    mutating func remove(_ policy: Policy, at position: Int) {
        for spec in policy.specs {
            guard case .endpoints(let selector) = spec.subject, let number = numbers[selector] else { continue }
            subjects[Int(number)].specs.removeAll { $0.policy == Int32(position) }
        }
    }

    /// Forgets lists that identities shared, after a change.
    mutating func forgetLists() { if !lists.isEmpty { lists = [:] } }

    /// The specs that select `identity`, in the order in which they are asked.
    mutating func specs(
        selecting identity: Identity,
        _ policies: [Policy],
        _ modes: ModeSettings
    ) -> [ResolvedSnapshot.SelectingSpec] {
        var selected: [Int32] = []
        for subject in byNamespace[identity.namespace] ?? []
        where subjects[Int(subject)].selector.matches(identity.labels) {
            selected.append(subject)
        }
        for subject in anywhere where subjects[Int(subject)].selector.matches(identity.labels) {
            selected.append(subject)
        }
        guard !selected.isEmpty else { return [] }
        let key = ListKey(
            subjects: selected,
            namespaceMode: modes.namespaces[identity.namespace] ?? modes.environment
        )
        if let list = lists[key] { return list }
        let list = list(selected, in: identity.namespace, policies, modes)
        lists[key] = list
        return list
    }

    private func list(
        _ selected: [Int32],
        in namespace: String,
        _ policies: [Policy],
        _ modes: ModeSettings
    ) -> [ResolvedSnapshot.SelectingSpec] {
        var list: [ResolvedSnapshot.SelectingSpec] = []
        for subject in selected {
            for (policy, spec) in subjects[Int(subject)].specs {
                list.append(
                    .init(
                        policy: Int(policy),
                        spec: Int(spec),
                        mode: modes.mode(of: policies[Int(policy)], inNamespace: namespace)
                    )
                )
            }
        }
        return list.count == 1 ? list : list.sorted { Self.isAsked($0, before: $1, policies) }
    }

    /// By tier and priority, then name, so that the order does not depend on files.
    private static func isAsked(
        _ one: ResolvedSnapshot.SelectingSpec,
        before other: ResolvedSnapshot.SelectingSpec,
        _ policies: [Policy]
    ) -> Bool {
        let (first, second) = (policies[one.policy], policies[other.policy])
        if (first.tier, first.priority) != (second.tier, second.priority) {
            return (first.tier, first.priority) < (second.tier, second.priority)
        }
        if one.policy != other.policy, first.id != second.id { return first.id < second.id }
        return (one.policy, one.spec) < (other.policy, other.spec)
    }
}
