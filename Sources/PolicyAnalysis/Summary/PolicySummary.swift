// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
internal import PolicyEvaluation
public import PolicyModel

/// A policy in plain English: who it applies to, then what it does inbound and outbound, line by line.
///
/// Deterministic. Names that come from files or the cluster are escaped.
///
/// ```
/// Applies to pods in namespace shop with app=web (3 pods now).
/// Inbound: allows TCP 8080 from pods with app=gw in namespace shop.
/// Everything else inbound is dropped.
/// Outbound: not restricted by this policy.
/// ```
public struct PolicySummary: Hashable, Sendable, CustomStringConvertible {
    public let lines: [String]

    /// The lines, one below the other.
    public var description: String { lines.joined(separator: "\n") }

    /// - Parameters:
    ///   - policy: what to describe.
    ///   - mode: the mode in which the policy acts; it decides how the default is told.
    ///   - world: counts the pods that the policy applies to; `nil` leaves the counts out.
    /// - Complexity: O(rules), and O(endpoints · specs) with a world.
    public init(_ policy: Policy, mode: Mode = .blocking, world: ClusterSnapshot? = nil) {
        let counted = world.map { PodCount($0, besides: policy.id) }
        var lines: [String] = []
        for spec in policy.specs {
            lines.append(SelectorText.subject(spec.subject, podCount: counted?.pods(of: spec.subject)))
            guard !policy.tier.isOrdered else {
                lines += Self.orderedLines(policy, spec)
                continue
            }
            for direction in [Direction.ingress, .egress] {
                let hasOthers = counted?.hasOtherRules(for: spec.subject, direction) ?? false
                lines += Self.section(spec, direction, mode, othersMayAllow: hasOthers)
            }
        }
        self.lines = lines
    }

    /// An ordered policy: its place among the others, then its rules in the order in which they are asked.
    private static func orderedLines(_ policy: Policy, _ spec: PolicySpec) -> [String] {
        let place =
            policy.tier == .admin
            ? "Asked before network policies" : "Asked last, where no network policy restricts these pods"
        // The one BaselineAdminNetworkPolicy has no priority.
        let priority = policy.id.kind == .baselineAdminNetworkPolicy ? "" : ", priority \(policy.priority)"
        var lines = ["\(place)\(priority); the first rule that matches decides."]
        for direction in [Direction.ingress, .egress] {
            let title = direction == .ingress ? "Inbound" : "Outbound"
            let rules = spec.rules.filter { $0.direction == direction && !RuleText.isEmpty($0) }
            guard !rules.isEmpty else {
                lines.append("\(title): not restricted by this policy.")
                continue
            }
            for rule in rules {
                let words: String
                switch rule.action {
                case .allow: words = "allows \(RuleText.text(rule))"
                case .deny: words = "denies \(RuleText.text(rule))"
                case .pass: words = "leaves \(RuleText.text(rule)) to network policies"
                }
                lines.append("\(title) \(rule.index + 1): \(words).")
            }
            if rules.contains(where: RuleText.isEverything) { continue }
            let rest = policy.tier == .admin ? "is left to the policies after this one" : "is allowed"
            lines.append("Everything else \(title.lowercased()) \(rest).")
        }
        return lines
    }

    private static func section(
        _ spec: PolicySpec,
        _ direction: Direction,
        _ mode: Mode,
        othersMayAllow: Bool
    ) -> [String] {
        let word = direction == .ingress ? "inbound" : "outbound"
        let title = direction == .ingress ? "Inbound" : "Outbound"
        guard spec.concerns(direction) else { return ["\(title): not restricted by this policy."] }
        let rules = spec.rules.filter { $0.direction == direction && !RuleText.isEmpty($0) }
        var lines: [String] = []
        let allows = rules.filter { $0.action == .allow }
        if allows.isEmpty, spec.isolates.contains(direction) {
            lines.append("\(title): nothing is allowed by this policy.")
        }
        lines += allows.map { "\(title): allows \(RuleText.text($0))." }
        lines += rules.filter { $0.action == .deny }.map {
            "\(title): denies \(RuleText.text($0)). Deny rules win over every allow rule."
        }
        if allows.contains(where: RuleText.isEverything) { return lines }
        guard spec.isolates.contains(direction) else {
            return lines + ["\(title): not restricted otherwise by this policy."]
        }
        lines.append(
            mode == .blocking
                ? "Everything else \(word) is dropped."
                : "Everything else \(word) would be dropped (audit only: it is still allowed today)."
        )
        if othersMayAllow { lines.append("Other policies may allow more; see Effective rules.") }
        return lines
    }
}

/// Counts for a summary.
private struct PodCount {
    private let labels: [LabelSet]
    private let others: [PolicySpec]

    init(_ world: ClusterSnapshot, besides id: PolicyID) {
        labels = world.endpoints.map { Identity(of: $0, in: world).labels }
        others = world.policies.filter { $0.id != id }.flatMap(\.specs)
    }

    func pods(of subject: PolicySpec.Subject) -> Int? {
        guard case .endpoints(let selector) = subject else { return nil }
        return labels.count { selector.matches($0) }
    }

    /// Whether another policy has allow rules in the direction for one of the subject's pods.
    func hasOtherRules(for subject: PolicySpec.Subject, _ direction: Direction) -> Bool {
        guard case .endpoints(let selector) = subject else { return false }
        let allowing = others.filter { spec in
            spec.rules.contains { $0.direction == direction && $0.action == .allow && !RuleText.isEmpty($0) }
        }
        return labels.contains { labels in
            guard selector.matches(labels) else { return false }
            return allowing.contains { spec in
                guard case .endpoints(let other) = spec.subject else { return false }
                return other.matches(labels)
            }
        }
    }
}
