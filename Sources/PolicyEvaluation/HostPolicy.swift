// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// A spec whose subject is the host itself (Cilium host policy), on an engine that has them.
struct HostPolicy {
    var selector: Selector
    var spec: ResolvedSnapshot.SelectingSpec

    static func all(in snapshot: ClusterSnapshot) -> [HostPolicy] {
        guard snapshot.reach == .layer7 else { return [] }
        return snapshot.policies.enumerated().flatMap { index, policy in
            policy.specs.enumerated().compactMap { number, spec in
                guard case .nodes(let selector) = spec.subject else { return nil }
                let mode = snapshot.modes.policies[policy.id] ?? policy.mode ?? snapshot.modes.environment
                return HostPolicy(selector: selector, spec: .init(policy: index, spec: number, mode: mode))
            }
        }
    }

    /// Whether it selects a host; `maybe` when the host's labels are not known.
    func selects(_ nodeLabels: LabelSet?) -> Match {
        if selector == .everything { return .yes }
        guard let nodeLabels else { return .maybe(.node) }
        return selector.matches(nodeLabels) ? .yes : .no
    }
}
