// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// Counts how often policies and their rules decided.
struct PolicyUseTally: Sendable {
    private struct RuleName: Hashable {
        var policy: String
        var rule: String
    }

    private var policies: [String: PolicyUseReport.Use] = [:]
    private var rules: [RuleName: PolicyUseReport.Use] = [:]

    /// - Parameter counts: for which policies, by name; what the reader does not see has no name in the key.
    mutating func add(_ key: FlowKey, _ count: FlowCount, for counts: (String) -> Bool) {
        let decision = key.decision
        if let policy = decision.policy, counts(policy) {
            policies[policy, default: PolicyUseReport.Use()].add(key.verdict, count)
            if let rule = decision.rule {
                rules[RuleName(policy: policy, rule: rule), default: PolicyUseReport.Use()].add(key.verdict, count)
            }
        }
        // What was let through although it is isolated was not decided by what isolates.
        guard key.verdict != .allowed else { return }
        for policy in decision.isolatedBy where policy != decision.policy && counts(policy) {
            policies[policy, default: PolicyUseReport.Use()].add(key.verdict, count)
        }
    }

    /// One item per policy name, with every rule that there is, sorted.
    /// - Parameter loaded: the policies that there are.
    func items(_ loaded: [PolicyRules]) -> [PolicyUseReport.Item] {
        Dictionary(grouping: loaded, by: \.policy).map { name, policies in
            let names = policies.flatMap(\.rules)
            return PolicyUseReport.Item(
                policy: name,
                use: self.policies[name] ?? PolicyUseReport.Use(),
                rules: Dictionary(
                    names.map { ($0, rules[RuleName(policy: name, rule: $0)] ?? PolicyUseReport.Use()) }
                ) { first, _ in first }
            )
        }
        .sorted { $0.policy < $1.policy }
    }
}

extension PolicyUseReport.Use {
    fileprivate mutating func add(_ verdict: Verdict, _ count: FlowCount) {
        switch verdict {
        case .allowed: allowed += count.flows
        case .dropped: dropped += count.flows
        case .wouldDrop: wouldDrop += count.flows
        }
        let last = Timestamp(microseconds: count.lastSeen)
        lastUsed = max(lastUsed ?? last, last)
    }
}
