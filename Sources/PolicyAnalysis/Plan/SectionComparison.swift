// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Compares the rules of one section: which are new, gone, changed, or only moved.
struct SectionComparison {
    struct Difference {
        var place: String
        var before: String?
        var after: String?
    }

    private(set) var differences: [Difference] = []
    /// Rules of the new section that are in the old one too, at another place among those, or more often.
    private(set) var moved: [Rule] = []
    private var common: [(old: Rule, new: Rule)] = []

    init(_ old: [Rule], _ new: [Rule]) {
        var (oldRest, newRest) = (old, new)
        take(&oldRest, &newRest) { RuleMeaning($0) == RuleMeaning($1) }.forEach { common.append($0) }
        noteMoved(&oldRest, &newRest)
        // What has the most in common is one rule that was changed.
        let same: [(RuleMeaning, RuleMeaning) -> Bool] = [
            { $0.peers == $1.peers && $0.conditions == $1.conditions && $0.action == $1.action },
            { $0.ports == $1.ports && $0.conditions == $1.conditions && $0.action == $1.action },
            { $0.peers == $1.peers && $0.ports == $1.ports && $0.action == $1.action },
            { $0.peers == $1.peers && $0.ports == $1.ports && $0.conditions == $1.conditions },
        ]
        for isSame in same {
            for pair in take(&oldRest, &newRest, where: { isSame(RuleMeaning($0), RuleMeaning($1)) }) {
                differences.append(Self.difference(pair.old, pair.new))
            }
        }
        differences += oldRest.map {
            Difference(place: PolicyComparison.place(of: $0), before: PolicyComparison.text($0))
        }
        differences += newRest.map {
            Difference(place: PolicyComparison.place(of: $0), after: PolicyComparison.text($0))
        }
        differences.sort { $0.place.count == $1.place.count ? $0.place < $1.place : $0.place.count < $1.place.count }
    }

    /// The places of the rules that both sections have: `1, 2` before, `2, 1` after.
    var commonOrder: (before: String, after: String) {
        let sorted = common.sorted { $0.new.index < $1.new.index }
        let numbers = sorted.map { $0.old.index + 1 }
        return (
            numbers.sorted().map(String.init).joined(separator: ", "),
            numbers.map(String.init).joined(separator: ", ")
        )
    }

    /// Takes pairs out of two lists, each rule once, in order.
    private func take(
        _ old: inout [Rule],
        _ new: inout [Rule],
        where isPair: (Rule, Rule) -> Bool
    ) -> [(old: Rule, new: Rule)] {
        var pairs: [(old: Rule, new: Rule)] = []
        new.removeAll { rule in
            guard let index = old.firstIndex(where: { isPair($0, rule) }) else { return false }
            pairs.append((old.remove(at: index), rule))
            return true
        }
        return pairs
    }

    private mutating func noteMoved(_ old: inout [Rule], _ new: inout [Rule]) {
        var highest = -1
        for pair in common {
            if pair.old.index < highest { moved.append(pair.new) }
            highest = max(highest, pair.old.index)
        }
        // One more, or one less, of a rule that stays says nothing new.
        let staying = Set(common.map { RuleMeaning($0.new) })
        moved += (old + new).filter { staying.contains(RuleMeaning($0)) }
        old.removeAll { staying.contains(RuleMeaning($0)) }
        new.removeAll { staying.contains(RuleMeaning($0)) }
    }

    private static func difference(_ old: Rule, _ new: Rule) -> Difference {
        let place = PolicyComparison.place(of: new)
        let (one, other) = (RuleMeaning(old), RuleMeaning(new))
        let isSame = (
            peers: one.peers == other.peers, ports: one.ports == other.ports,
            conditions: one.conditions == other.conditions
        )
        let toward = new.direction == .ingress ? "from" : "to"
        switch isSame {
        case (true, false, true):
            return Difference(
                place: "\(place) ports",
                before: RuleText.text(old.ports),
                after: RuleText.text(new.ports)
            )
        case (false, true, true):
            return Difference(
                place: "\(place) peers",
                before: RuleText.peers(old.peers, old.direction, toward),
                after: RuleText.peers(new.peers, new.direction, toward)
            )
        case (true, true, false):
            return Difference(place: "\(place) conditions", before: text(old.conditions), after: text(new.conditions))
        default:
            return Difference(place: place, before: PolicyComparison.text(old), after: PolicyComparison.text(new))
        }
    }

    private static func text(_ conditions: [Condition]) -> String {
        conditions.isEmpty ? "any request" : conditions.map(RuleText.text).joined(separator: ", ")
    }
}
