// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyModel

/// One side of a connection, as its policies are asked about it.
struct SideQuestion {
    var direction: Direction
    /// The endpoint whose policies are asked; `nil` for a host.
    var subject: Identity?
    var peer: PeerView
    var service: Service
    var request: RequestFacts
    /// Whether the peer is the host and host traffic is not under policy.
    var hostIsFree: Bool
}

extension ResolvedSnapshot {
    /// Asks the tiers one after the other.
    ///
    /// 1. `admin`: the first rule that matches allows, denies, or passes on.
    /// 2. `normal`: deny wins, then allow, then the default: closed when anything isolates the subject, else open.
    /// 3. `baseline`, when nothing isolates the subject: the first rule that matches.
    ///
    /// The outcome is the one when no rule matches that may match or not; the ends are those of every case.
    func judge(_ question: SideQuestion, _ specs: [SelectingSpec]) -> Judgement {
        var judgement = Judgement(.notIsolated)
        if !askInOrder(.admin, question, specs, &judgement), !askTogether(question, specs, &judgement),
            !askInOrder(.baseline, question, specs, &judgement)
        {
            judgement.tier = .normal
        }
        judgement.ends = judgement.isDenied ? .denied : judgement.isLimited ? .limited : .allowed
        guard !judgement.possible.isEmpty else { return judgement }
        judgement.ends = ends(question, specs)
        if !judgement.ends.canDrop { judgement.isLimited = judgement.ends.contains(.limited) }
        return judgement
    }

    /// What can become of the connection, whether the rules match that may match or not.
    private func ends(_ question: SideQuestion, _ specs: [SelectingSpec]) -> Judgement.Ends {
        let direction = question.direction
        func candidates(_ tier: Tier) -> some Sequence<SideConnections.Candidate> {
            specs.lazy.filter { snapshot.policies[$0.policy].tier == tier }.flatMap { reference in
                spec(reference).rules.lazy.filter { $0.direction == direction }.map { rule in
                    let conditions = matching.conditions(of: rule, question.request)
                    return SideConnections.Candidate(
                        action: rule.action,
                        match: match(rule, question),
                        isLimited: conditions == .limited,
                        connections: .all,
                        item: SideConnections.Item(rule, of: reference)
                    )
                }
            }
        }
        var side = SideConnections()
        side.askInOrder(candidates(.admin))
        side.askTogether(
            candidates(.normal),
            isIsolated: specs.contains { reference in
                snapshot.policies[reference.policy].tier == .normal && spec(reference).isolates.contains(direction)
            },
            hostIsFree: question.hostIsFree
        )
        side.askInOrder(candidates(.baseline))
        return side.ends
    }

    /// - Returns: whether the tier has decided.
    private func askInOrder(
        _ tier: Tier,
        _ question: SideQuestion,
        _ specs: [SelectingSpec],
        _ judgement: inout Judgement
    ) -> Bool {
        for reference in specs where snapshot.policies[reference.policy].tier == tier {
            for rule in spec(reference).rules where rule.direction == question.direction {
                let id = id(of: rule, reference)
                let match = match(rule, question)
                switch (match, rule.action) {
                case (.no, _): continue
                case (.maybe(let doubt), _):
                    judgement.possible.append(.init(rule: id, tier: tier, dependsOn: doubt))
                case (.closes, _):
                    judgement.outcome = .deniedByRule
                    judgement.denying = [id]
                    judgement.tier = tier
                    return true
                case (_, .pass):
                    judgement.passing.append(id)
                    return false
                case (_, .allow):
                    judgement.outcome = .allowedByRule
                    judgement.allowing = [id]
                    judgement.isLimited = match == .limited
                    judgement.tier = tier
                    return true
                case (_, .deny):
                    judgement.outcome = .deniedByRule
                    judgement.denying = [id]
                    judgement.tier = tier
                    return true
                }
            }
        }
        return false
    }

    /// - Returns: whether the tier has decided: a rule does, or the subject is isolated.
    private func askTogether(
        _ question: SideQuestion,
        _ specs: [SelectingSpec],
        _ judgement: inout Judgement
    ) -> Bool {
        var isUnlimited = false
        for reference in specs where snapshot.policies[reference.policy].tier == .normal {
            let spec = spec(reference)
            let policy = snapshot.policies[reference.policy].id
            if spec.isolates.contains(question.direction), judgement.isolating.last != policy {
                judgement.isolating.append(policy)
            }
            for rule in spec.rules where rule.direction == question.direction {
                let match = match(rule, question)
                guard match != .no else { continue }
                let id = id(of: rule, reference)
                if case .maybe(let doubt) = match {
                    judgement.possible.append(.init(rule: id, tier: .normal, dependsOn: doubt))
                } else if rule.action == .deny {
                    judgement.denying.append(id)
                } else {
                    judgement.allowing.append(id)
                    isUnlimited = isUnlimited || match == .yes
                }
            }
        }
        judgement.isolating.sort()
        judgement.tier = .normal
        if !judgement.denying.isEmpty {
            judgement.outcome = .deniedByRule
        } else if judgement.isolating.isEmpty {
            judgement.outcome = .notIsolated
            // An allow rule of a policy that isolates nobody still comes before the baseline.
            return !judgement.allowing.isEmpty
        } else if !judgement.allowing.isEmpty {
            judgement.outcome = .allowedByRule
            judgement.isLimited = !isUnlimited
        } else {
            judgement.outcome = question.hostIsFree ? .hostTraffic : .defaultDeny
        }
        return true
    }

    private func match(_ rule: Rule, _ question: SideQuestion) -> Match {
        matching.match(
            rule,
            peer: question.peer,
            subject: question.subject,
            service: question.service,
            request: question.request
        )
    }

    /// The spec that a reference means.
    func spec(_ reference: SelectingSpec) -> PolicySpec { snapshot.policies[reference.policy].specs[reference.spec] }

    /// How decisions name a rule of a spec.
    public func id(of rule: Rule, _ reference: SelectingSpec) -> RuleID {
        RuleID(
            policy: snapshot.policies[reference.policy].id,
            spec: reference.spec,
            direction: rule.direction,
            action: rule.action,
            index: rule.index
        )
    }
}
