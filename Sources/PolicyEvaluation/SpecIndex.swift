// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Specs by their subject, so that an identity is compared only with subjects that it can be.
///
/// Specs with the same subject selector are compared together, and identities that the same subjects select share one list
/// of specs, so that many policies about many alike endpoints cost no more than their sum.
struct SpecIndex {
    private struct Subject {
        var selector: Selector
        var specs: [(policy: Int32, spec: Int32)]
    }

    private struct ListKey: Hashable {
        var subjects: [Int32]
        /// What decides the modes of the list's specs beside the policies themselves.
        var namespaceMode: Mode
    }

    private let policies: [Policy]
    private let modes: ModeSettings
    private var subjects: [Subject] = []
    /// Subjects by the namespace that their selector demands.
    private var byNamespace: [String: [Int32]] = [:]
    private var anywhere: [Int32] = []
    private var lists: [ListKey: [ResolvedSnapshot.SelectingSpec]] = [:]

    /// - Complexity: O(specs).
    init(_ policies: [Policy], modes: ModeSettings) {
        self.policies = policies
        self.modes = modes
        var known: [Selector: Int32] = [:]
        known.reserveCapacity(policies.count)
        for (policyIndex, policy) in policies.enumerated() {
            for (specIndex, spec) in policy.specs.enumerated() {
                guard case .endpoints(let selector) = spec.subject else { continue }
                let entry = (Int32(policyIndex), Int32(specIndex))
                if let subject = known[selector] {
                    subjects[Int(subject)].specs.append(entry)
                    continue
                }
                let subject = Int32(subjects.count)
                known[selector] = subject
                subjects.append(Subject(selector: selector, specs: [entry]))
                if let namespace = selector.requiredValue(for: WellKnownLabel.namespace) {
                    byNamespace[namespace, default: []].append(subject)
                } else {
                    anywhere.append(subject)
                }
            }
        }
    }

    /// The specs that select `identity`, in the order in which they are asked.
    mutating func specs(selecting identity: Identity) -> [ResolvedSnapshot.SelectingSpec] {
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
        let list = list(selected, in: identity.namespace)
        lists[key] = list
        return list
    }

    private func list(_ selected: [Int32], in namespace: String) -> [ResolvedSnapshot.SelectingSpec] {
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
        return list.count == 1 ? list : list.sorted { order(of: $0) < order(of: $1) }
    }

    private func order(of spec: ResolvedSnapshot.SelectingSpec) -> (Tier, Int, Int, Int) {
        let policy = policies[spec.policy]
        return (policy.tier, policy.priority, spec.policy, spec.spec)
    }
}
