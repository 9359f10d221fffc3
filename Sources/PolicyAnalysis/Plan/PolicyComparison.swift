// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Compares two versions of one policy.
struct PolicyComparison {
    private(set) var rows: [PolicyDiff.Row] = []
    var neutral: [String] = []

    init(_ old: Policy, _ new: Policy) {
        add("mode", old.mode.map(\.rawValue) ?? "inherited", new.mode.map(\.rawValue) ?? "inherited")
        add("tier", "\(old.tier)", "\(new.tier)")
        add("priority", "\(old.priority)", "\(new.priority)")
        if old.summary != new.summary { neutral.append("description") }
        for (number, pair) in Self.paired(old.specs, new.specs).enumerated() {
            let prefix = pair.isOnly ? "" : "specs[\(number)] "
            switch (pair.old, pair.new) {
            case (let one?, let other?): compare(one, other, prefix, isOrdered: new.tier.isOrdered)
            case (let one?, nil): rows += Self.rows(of: one, prefix).map { .init(place: $0.place, before: $0.text) }
            case (nil, let other?): rows += Self.rows(of: other, prefix).map { .init(place: $0.place, after: $0.text) }
            case (nil, nil): continue
            }
        }
    }

    /// The rows of a policy that is new.
    static func addition(of policy: Policy) -> [PolicyDiff.Row] {
        rows(of: policy).map { .init(place: $0.place, after: $0.text) }
    }

    /// The rows of a policy that goes.
    static func removal(of policy: Policy) -> [PolicyDiff.Row] {
        rows(of: policy).map { .init(place: $0.place, before: $0.text) }
    }

    private static func rows(of policy: Policy) -> [(place: String, text: String)] {
        policy.specs.enumerated().flatMap { number, spec in
            rows(of: spec, policy.specs.count == 1 ? "" : "specs[\(number)] ")
        }
    }

    private static func rows(of spec: PolicySpec, _ prefix: String) -> [(place: String, text: String)] {
        var rows = [("\(prefix)applies to", text(spec.subject))]
        for direction in [Direction.ingress, .egress] where spec.concerns(direction) {
            rows.append(("\(prefix)\(word(direction)) default", isolation(spec, direction)))
        }
        return rows + spec.rules.map { ("\(prefix)\(place(of: $0))", text($0)) }
    }

    private struct SpecPair {
        var old: PolicySpec?
        var new: PolicySpec?
        var isOnly: Bool
    }

    /// Specs that mean the same go together wherever they stand, the others by their order.
    private static func paired(_ old: [PolicySpec], _ new: [PolicySpec]) -> [SpecPair] {
        let isOnly = old.count == 1 && new.count == 1
        var (oldRest, newRest) = (old, new)
        var pairs: [SpecPair] = []
        for spec in new {
            guard let index = oldRest.firstIndex(where: { sameMeaning($0, spec) }),
                let own = newRest.firstIndex(of: spec)
            else { continue }
            pairs.append(SpecPair(old: oldRest.remove(at: index), new: newRest.remove(at: own), isOnly: isOnly))
        }
        for index in 0..<max(oldRest.count, newRest.count) {
            pairs.append(
                SpecPair(
                    old: index < oldRest.count ? oldRest[index] : nil,
                    new: index < newRest.count ? newRest[index] : nil,
                    isOnly: isOnly
                )
            )
        }
        return pairs
    }

    private static func sameMeaning(_ one: PolicySpec, _ other: PolicySpec) -> Bool {
        one.subject.normalised == other.subject.normalised && one.isolates == other.isolates
            && [Direction.ingress, .egress].allSatisfy { direction in
                SectionMeaning(one.rules.filter { $0.direction == direction })
                    == SectionMeaning(other.rules.filter { $0.direction == direction })
            }
    }

    private mutating func compare(_ old: PolicySpec, _ new: PolicySpec, _ prefix: String, isOrdered: Bool) {
        if old.subject.normalised != new.subject.normalised {
            add("\(prefix)applies to", Self.text(old.subject), Self.text(new.subject))
        } else if old.subject != new.subject {
            neutral.append("\(prefix)applies to: spelling")
        }
        for direction in [Direction.ingress, .egress] {
            add(
                "\(prefix)\(Self.word(direction)) default",
                Self.isolation(old, direction),
                Self.isolation(new, direction)
            )
            if isOrdered {
                compare(
                    old.rules.filter { $0.direction == direction },
                    new.rules.filter { $0.direction == direction },
                    prefix,
                    isOrdered: true
                )
                continue
            }
            for action in [RuleAction.allow, .deny] {
                let belongs = { (rule: Rule) in rule.direction == direction && rule.action == action }
                compare(old.rules.filter(belongs), new.rules.filter(belongs), prefix, isOrdered: false)
            }
        }
    }

    private mutating func compare(_ old: [Rule], _ new: [Rule], _ prefix: String, isOrdered: Bool) {
        let section = SectionComparison(old, new)
        if !isOrdered, SectionMeaning(old) == SectionMeaning(new) {
            neutral += section.differences.map { "\(prefix)\($0.place): another spelling" }
            neutral += section.moved.map { "\(prefix)\(Self.place(of: $0)): order or duplicate" }
            return
        }
        rows += section.differences.map { .init(place: prefix + $0.place, before: $0.before, after: $0.after) }
        if isOrdered, !section.moved.isEmpty, let first = old.first {
            let order = section.commonOrder
            add("\(prefix)\(Self.word(first.direction)) rule order", order.before, order.after)
        } else {
            neutral += section.moved.map { "\(prefix)\(Self.place(of: $0)): order or duplicate" }
        }
    }

    private mutating func add(_ place: String, _ before: String, _ after: String) {
        if before != after { rows.append(.init(place: place, before: before, after: after)) }
    }

    // MARK: Words

    static func word(_ direction: Direction) -> String { direction == .ingress ? "inbound" : "outbound" }

    /// `inbound rule 1`, `outbound deny rule 2`.
    static func place(of rule: Rule) -> String {
        "\(word(rule.direction))\(rule.action == .allow ? "" : " \(rule.action.rawValue)") rule \(rule.index + 1)"
    }

    /// `Allow TCP 9187 from pods with …`.
    static func text(_ rule: Rule) -> String {
        let action = rule.action.rawValue.prefix(1).uppercased() + rule.action.rawValue.dropFirst()
        if RuleText.isEmpty(rule) { return "\(action) nothing" }
        return "\(action) \(RuleText.text(rule))"
    }

    private static func isolation(_ spec: PolicySpec, _ direction: Direction) -> String {
        spec.isolates.contains(direction) ? "everything else is dropped" : "not restricted"
    }

    private static func text(_ subject: PolicySpec.Subject) -> String {
        let sentence = SelectorText.subject(subject, podCount: nil)
        return String(sentence.dropFirst("Applies to ".count).dropLast())
    }
}

extension PolicySpec.Subject {
    var normalised: PolicySpec.Subject {
        switch self {
        case .endpoints(let selector): .endpoints(selector.normalised)
        case .nodes(let selector): .nodes(selector.normalised)
        }
    }
}
