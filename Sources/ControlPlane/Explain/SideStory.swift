// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel

/// One side of a connection in words.
struct SideStory {
    var world: ResolvedSnapshot
    /// Whom the story is told: policies that are not seen have no names in it.
    var view = FlowView.all
    var source: String
    var destination: String
    var connection: Connection

    func step(_ direction: Direction, _ side: SideDecision?) -> Explanation.Step {
        let label = direction == .egress ? "outbound" : "inbound"
        guard let side else {
            let text =
                direction == .ingress && connection.destination.kind == connection.source.kind
                ? "an endpoint can always reach itself" : "no policy applies to \(name(direction))"
            return Explanation.Step(label: label, result: "allowed", text: text, notes: [])
        }
        let judgement = side.deciding
        if !side.uncertainties.isEmpty { return uncertain(label, side, direction) }
        let result: String
        switch side.verdict {
        case .allowed: result = "allowed"
        case .dropped: result = "NOT ALLOWED"
        case .wouldDrop: result = "WOULD DROP"
        }
        return Explanation.Step(
            label: label,
            result: result,
            text: text(judgement, direction),
            notes: notes(judgement, direction)
        )
    }

    /// A side whose answer depends on something that nobody said.
    private func uncertain(_ label: String, _ side: SideDecision, _ direction: Direction) -> Explanation.Step {
        let reasons = side.uncertainties.map(\.sentence).sorted().joined(separator: ", and ")
        let possible = side.complete.possible.isEmpty ? side.enforced.possible : side.complete.possible
        return Explanation.Step(
            label: label,
            result: "UNCERTAIN",
            text: reasons,
            notes: possible.compactMap { location($0.rule, "may match") }
        )
    }

    /// The policies that have a say on a side, with their matching rules.
    func policies(_ direction: Direction, _ side: SideDecision?) -> [Explanation.PolicyPart] {
        guard let side, let endpoint = endpoint(direction) else { return [] }
        let identity = world.identityOfEndpoint[endpoint]
        let matching = Set(side.complete.allowing + side.complete.denying)
        return world.selecting[identity].compactMap { reference in
            let policy = world.snapshot.policies[reference.policy]
            let spec = policy.specs[reference.spec]
            guard spec.concerns(direction), view.sees(policy.id) else { return nil }
            let rules = spec.rules.filter { $0.direction == direction }.compactMap {
                rule -> Explanation.PolicyPart.RulePart? in
                let id = id(of: rule, reference)
                guard matching.contains(id) else { return nil }
                return .init(name: id.name, action: rule.action, location: rule.location)
            }
            return Explanation.PolicyPart(
                policy: policy.id.description,
                direction: direction,
                isolates: spec.isolates.contains(direction),
                mode: reference.mode,
                location: policy.location,
                matchingRules: rules
            )
        }
    }

    /// The smallest change that would let the connection through.
    func advice(_ decision: Decision) -> String? {
        guard decision.verdict != .allowed, decision.uncertainties.isEmpty, let judgement = decision.deciding?.deciding
        else { return nil }
        let direction = decision.decidingDirection
        let peer = direction == .egress ? "to \(destination)" : "from \(source)"
        switch judgement.outcome {
        case .defaultDeny:
            guard let policy = judgement.isolating.last(where: view.sees) else {
                return "To allow it: ask those who see the policies of \(name(direction))."
            }
            let side = direction == .egress ? "outbound" : "inbound"
            return "To allow it: add to \(policy) an \(side) rule \(peer) on \(connection.service)."
        case .deniedByRule:
            return "To allow it: narrow \(list(judgement.denying))."
        case .unknownEndpoint:
            return "Nothing to allow: no running container has the address."
        case .notIsolated, .allowedByRule, .hostTraffic: return nil
        }
    }

    /// The rule that would let the connection through, in the words of the policy that it is for; `nil` where there is none.
    func smallestRule(_ decision: Decision) -> String? {
        guard decision.verdict != .allowed, decision.uncertainties.isEmpty,
            let judgement = decision.deciding?.deciding, judgement.outcome == .defaultDeny,
            let policy = judgement.isolating.last(where: view.sees)
        else { return nil }
        return SmallestRule(connection, decision.decidingDirection, for: policy, in: world)?.yaml
    }

    private func name(_ direction: Direction) -> String { direction == .egress ? source : destination }

    private func endpoint(_ direction: Direction) -> Int? {
        let party = direction == .egress ? connection.source : connection.destination
        guard case .endpoint(let index) = party.kind else { return nil }
        return index
    }

    private func text(_ judgement: Judgement, _ direction: Direction) -> String {
        let subject = name(direction)
        let peer = direction == .egress ? destination : source
        let side = direction == .egress ? "outbound" : "inbound"
        switch judgement.outcome {
        case .notIsolated: return "\(subject) is not restricted \(side)"
        case .allowedByRule: return "allowed by \(list(judgement.allowing))"
        case .hostTraffic: return "from the host, which no rule denies"
        case .unknownEndpoint: return "\(subject) is no endpoint that is known here"
        case .deniedByRule: return "denied by \(list(judgement.denying))"
        case .defaultDeny:
            let names = names(judgement.isolating)
            if names.isHiding {
                return "\(Self.list(names.names)) isolate \(subject); none allows \(peer)"
            }
            let count = names.names.count
            let verb = count == 1 ? "isolates" : "isolate"
            let none = count == 1 ? "it does not allow" : count == 2 ? "neither allows" : "none allows"
            return "\(Self.list(names.names)) \(verb) \(subject); \(none) \(peer)"
        }
    }

    private func notes(_ judgement: Judgement, _ direction: Direction) -> [Explanation.Step.Note] {
        switch judgement.outcome {
        case .allowedByRule: return judgement.allowing.compactMap { location($0, "rule") }
        case .deniedByRule: return judgement.denying.compactMap { location($0, "rule") }
        case .defaultDeny: return closest(judgement, direction).map { [$0] } ?? []
        case .notIsolated, .hostTraffic, .unknownEndpoint: return []
        }
    }

    private func location(_ id: RuleID, _ label: String) -> Explanation.Step.Note? {
        guard view.sees(id.policy), let policy = world.snapshot.policies.first(where: { $0.id == id.policy }),
            policy.specs.indices.contains(id.spec),
            let rule = policy.specs[id.spec].rules.first(where: {
                $0.direction == id.direction && $0.action == id.action && $0.index == id.index
            })
        else { return nil }
        return .init(label: label, text: "\(id) at \(rule.location)")
    }

    /// The rule that misses by least: right peer and wrong port, or right port and wrong peer.
    private func closest(_ judgement: Judgement, _ direction: Direction) -> Explanation.Step.Note? {
        guard let endpoint = endpoint(direction) else { return nil }
        var best: (score: Int, id: RuleID, rule: Rule)?
        for reference in world.selecting[world.identityOfEndpoint[endpoint]] {
            let policy = world.snapshot.policies[reference.policy]
            guard judgement.isolating.contains(policy.id), view.sees(policy.id) else { continue }
            for rule in policy.specs[reference.spec].rules where rule.direction == direction && rule.action == .allow {
                let match = world.partialMatch(rule, connection, direction)
                let score = (match.peer ? 2 : 0) + (match.port ? 1 : 0)
                if score > best?.score ?? 0 { best = (score, id(of: rule, reference), rule) }
            }
        }
        guard let best else { return nil }
        let allows = RuleText.isEmpty(best.rule) ? "nothing" : RuleText.text(best.rule)
        var text = "\(best.id) allows \(allows)"
        if !best.rule.conditions.isEmpty, best.score == 3 {
            text +=
                world.snapshot.reach == .layer4
                ? ", which this environment cannot check" : ", which this request does not pass"
        }
        return .init(label: "closest", text: "\(text) (\(best.rule.location))")
    }

    private func id(of rule: Rule, _ reference: ResolvedSnapshot.SelectingSpec) -> RuleID {
        RuleID(
            policy: world.snapshot.policies[reference.policy].id,
            spec: reference.spec,
            direction: rule.direction,
            action: rule.action,
            index: rule.index
        )
    }

    /// The names that may be told, and one phrase for all the others.
    private func names(_ policies: [PolicyID]) -> (names: [String], isHiding: Bool) {
        let seen = policies.filter(view.sees)
        let isHiding = seen.count < policies.count
        return (seen.map(\.description) + (isHiding ? [Self.hidden] : []), isHiding)
    }

    /// Policies that are not named; how many is not told either.
    private static let hidden = "policies that you do not see"

    private func list(_ rules: [RuleID]) -> String {
        let seen = rules.filter { view.sees($0.policy) }
        return Self.list(seen.map(\.description) + (seen.count < rules.count ? [Self.hidden] : []))
    }

    private static func list(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
