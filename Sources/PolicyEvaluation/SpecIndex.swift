// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Specs by the namespace that their subject selector demands, so that an identity is compared only with specs that can
/// select it.
struct SpecIndex {
    private typealias Entry = (reference: (policy: Int, spec: Int), selector: Selector)

    private let policies: [Policy]
    private var byNamespace: [String: [Entry]] = [:]
    private var anywhere: [Entry] = []

    init(_ policies: [Policy]) {
        self.policies = policies
        for (policyIndex, policy) in policies.enumerated() {
            for (specIndex, spec) in policy.specs.enumerated() {
                guard case .endpoints(let selector) = spec.subject else { continue }
                let entry = ((policyIndex, specIndex), selector)
                if let namespace = selector.requiredValue(for: WellKnownLabel.namespace) {
                    byNamespace[namespace, default: []].append(entry)
                } else {
                    anywhere.append(entry)
                }
            }
        }
    }

    /// The specs that select `identity`, in the order in which they are asked.
    func specs(selecting identity: Identity, modes: ModeSettings) -> [ResolvedSnapshot.SelectingSpec] {
        let candidates = (byNamespace[identity.namespace] ?? []) + anywhere
        return candidates.filter { $0.selector.matches(identity.labels) }
            .map { entry in
                ResolvedSnapshot.SelectingSpec(
                    policy: entry.reference.policy,
                    spec: entry.reference.spec,
                    mode: modes.mode(of: policies[entry.reference.policy], inNamespace: identity.namespace)
                )
            }
            .sorted { order(of: $0) < order(of: $1) }
    }

    private func order(of spec: ResolvedSnapshot.SelectingSpec) -> (Tier, Int, Int, Int) {
        let policy = policies[spec.policy]
        return (policy.tier, policy.priority, spec.policy, spec.spec)
    }
}
