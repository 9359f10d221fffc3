// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Rules that others make idle: covered (V123), never reached (V127), allowed elsewhere too (V160), overridden (V161).
struct CoverLint {
    /// The rules of one list item: one, or several where its ports have conditions of their own.
    private struct Item {
        var rules: [Rule]
        var id: RuleID
        var location: SourceLocation
    }

    private struct Spec {
        var policy: Policy
        var subject: PolicySpec.Subject
        var items: [Item]
    }

    private var byNamespace: [String: [Spec]] = [:]
    private var anywhere: [Spec] = []
    private let own: [Spec]
    private let modes: ModeSettings?

    /// - Parameters:
    ///   - policies: the policies that are looked at.
    ///   - others: the other policies of the world.
    ///   - modes: how policies take effect there.
    init(_ policies: [Policy], others: [Policy], modes: ModeSettings?) {
        self.modes = modes
        own = policies.flatMap(Self.specs)
        for spec in own + others.flatMap(Self.specs) {
            if let namespace = Self.namespace(spec) {
                byNamespace[namespace, default: []].append(spec)
            } else {
                anywhere.append(spec)
            }
        }
    }

    /// Remarks in the order of the policies.
    ///
    /// - Parameter redundant: policies about which more has been said already.
    /// - Complexity: O(rules²) among the specs that select the same pods.
    func remarks(besides redundant: Set<PolicyID>) -> [LintRemark] {
        own.flatMap { spec -> [LintRemark] in
            let candidates = (Self.namespace(spec).flatMap { byNamespace[$0] } ?? []) + anywhere
            let wider = candidates.filter { RuleCover.covers($0.subject, spec.subject) }
            return spec.items.flatMap { remarks($0, spec, wider, isRedundant: redundant.contains(spec.policy.id)) }
        }
    }

    private func remarks(_ item: Item, _ spec: Spec, _ wider: [Spec], isRedundant: Bool) -> [LintRemark] {
        if spec.policy.tier.isOrdered { return neverReached(item, spec) }
        var result: [LintRemark] = []
        if let cover = cover(item, in: wider.filter { $0.policy.id == spec.policy.id }) {
            result.append(LintRemark(.coveredBy(cover.name), at: item.location, hint: .removeItem))
        }
        guard item.id.action == .allow else { return result }
        let normal = wider.filter { $0.policy.tier == .normal && acts($0.policy, asStronglyAs: spec.policy) }
        let deny = normal.lazy.flatMap(\.items).first { $0.id.action == .deny && Self.covers($0, item) }
        if let deny {
            let note = Finding.Note("the deny rule is here", at: deny.location)
            result.append(LintRemark(.overriddenByDeny(in: "\(deny.id.policy)"), at: item.location, notes: [note]))
        } else if result.isEmpty, !isRedundant {
            let others = Set(
                normal.filter { other in
                    other.policy.id != spec.policy.id
                        && other.items.contains { $0.id.action == .allow && Self.covers($0, item) }
                }.map(\.policy.id)
            )
            if !others.isEmpty {
                let peer = RuleText.peers(item.rules[0])
                let remark = PolicyRemark.alsoAllowed(
                    by: others.count,
                    isInbound: item.id.direction == .ingress,
                    peer: peer
                )
                let notes = others.sorted().map { Finding.Note("\($0) allows it too") }
                result.append(LintRemark(remark, at: item.location, notes: notes))
            }
        }
        return result
    }

    /// Another item of the same policy that matches all this one does; of two that match the same the first one stays.
    private func cover(_ item: Item, in specs: [Spec]) -> RuleID? {
        specs.lazy.flatMap(\.items).first { other in
            other.id != item.id && other.id.action == item.id.action && Self.covers(other, item)
                && (other.id < item.id || !Self.covers(item, other))
        }?.id
    }

    /// Whether a policy is enforced wherever another one on the same pods is.
    private func acts(_ policy: Policy, asStronglyAs other: Policy) -> Bool {
        func ownMode(_ policy: Policy) -> Mode? { modes?.policies[policy.id] ?? policy.mode }
        let (mine, theirs) = (ownMode(policy), ownMode(other))
        return mine == theirs || mine == .blocking || theirs == .audit
    }

    private func neverReached(_ item: Item, _ spec: Spec) -> [LintRemark] {
        let before = spec.items.first { other in
            other.id.direction == item.id.direction && other.id.index < item.id.index && Self.covers(other, item)
        }
        return before.map { [LintRemark(.neverReached($0.id.name), at: item.location, hint: .removeItem)] } ?? []
    }

    private static func covers(_ wide: Item, _ narrow: Item) -> Bool {
        wide.id.direction == narrow.id.direction
            && narrow.rules.allSatisfy { rule in wide.rules.contains { RuleCover.covers($0, rule) } }
    }

    private static func namespace(_ spec: Spec) -> String? {
        guard case .endpoints(let selector) = spec.subject else { return nil }
        return selector.requiredValue(for: WellKnownLabel.namespace)
    }

    private static func specs(_ policy: Policy) -> [Spec] {
        policy.specs.enumerated().map { number, spec in
            var items: [Item] = []
            for rule in spec.rules where !RuleText.isEmpty(rule) {
                let id = RuleID(
                    policy: policy.id,
                    spec: number,
                    direction: rule.direction,
                    action: rule.action,
                    index: rule.index
                )
                if items.last?.id == id {
                    items[items.count - 1].rules.append(rule)
                } else {
                    items.append(Item(rules: [rule], id: id, location: rule.location))
                }
            }
            return Spec(policy: policy, subject: spec.subject, items: items)
        }
    }
}
