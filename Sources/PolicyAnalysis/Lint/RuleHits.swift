// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// How often rules decided about recorded flows, for V124.
public struct RuleHits: Hashable, Sendable {
    /// Recorded connections by the rule that matched them; a rule that is missing here matched none.
    public var counts: [RuleID: Int]
    /// What messages call the time of the records: `the last 7 days`.
    public var window: String

    public init(_ counts: [RuleID: Int], window: String) {
        self.counts = counts
        self.window = window
    }

    /// One finding for each rule that matched nothing.
    func remarks(_ policies: [Policy]) -> [LintRemark] {
        var seen: Set<RuleID> = []
        return policies.flatMap { policy in
            policy.specs.enumerated().flatMap { number, spec in
                spec.rules.compactMap { rule -> LintRemark? in
                    let id = RuleID(
                        policy: policy.id,
                        spec: number,
                        direction: rule.direction,
                        action: rule.action,
                        index: rule.index
                    )
                    guard seen.insert(id).inserted, counts[id, default: 0] == 0, !RuleText.isEmpty(rule) else {
                        return nil
                    }
                    return LintRemark(.neverMatched(window), at: rule.location)
                }
            }
        }
    }
}
