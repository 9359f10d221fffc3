// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

extension Oracle {
    /// What becomes of a connection.
    struct End: Hashable {
        var verdict: Verdict
        var isLimited: Bool

        init(_ verdict: Verdict, isLimited: Bool = false) {
            self.verdict = verdict
            self.isLimited = verdict == .allowed && isLimited
        }

        init(_ side: Side?) { self.init(side?.verdict ?? .allowed) }

        func and(_ other: End) -> End {
            if verdict == .dropped || other.verdict == .dropped { return End(.dropped) }
            if verdict == .wouldDrop || other.verdict == .wouldDrop { return End(.wouldDrop) }
            return End(.allowed, isLimited: isLimited || other.isLimited)
        }
    }

    /// One of the ways in which a side can be; the first is the one in which nothing is so that nobody said.
    struct Case {
        var side: Side?
        var end: End
    }

    /// How many open rules of one side are tried out in every combination.
    private static let mostOpenRules = 9

    func cases(_ direction: Direction, of subject: Party, peer: Party, _ question: RandomQuestion) -> [Case]? {
        switch subject.kind {
        // Nobody polices the world, nor what only Cilium tells apart.
        case .world, .reserved: return [Case(side: nil, end: End(.allowed))]
        case .unknown:
            // H: an unknown end is closed, as far as the environment enforces anything.
            let closed = Judgement(outcome: "unknownEndpoint")
            let open = Judgement(outcome: "notIsolated")
            let side = Side(enforced: world.environmentMode == .blocking ? closed : open, complete: closed)
            return [Case(side: side, end: End(side.verdict))]
        case .endpoint(let index):
            let workload = world.workloads[index]
            let about = Subject(kind: .endpoint(workload), labels: subject.labels, direction: direction)
            return cases([about], in: workload.namespace, peer: peer, question)
        case .host, .node:
            // C 1.9: only host policies apply to a node, and only where Cilium enforces.
            guard world.reach == .layer7 else { return [Case(side: nil, end: End(.allowed))] }
            guard let subjects = hosts(subject, direction) else { return nil }
            let hasSay = subjects.contains { about in
                world.policies.contains { voice(of: $0, about: about, peer: peer, question).hasSay }
            }
            guard hasSay else { return [Case(side: nil, end: End(.allowed))] }
            return cases(subjects, in: nil, peer: peer, question)
        }
    }

    /// What a host can be: the node it is; else one of the nodes; else whatever host policies may select.
    private func hosts(_ subject: Party, _ direction: Direction) -> [Subject]? {
        func host(_ selection: Subject.HostSelection) -> Subject {
            Subject(kind: .host(selection), labels: subject.labels, direction: direction)
        }
        if case .node(let index) = subject.kind { return [host(.labels(Self.labels(of: world.nodes[index])))] }
        guard world.nodes.isEmpty else { return world.nodes.map { host(.labels(Self.labels(of: $0))) } }
        var open: [String] = []
        for policy in world.policies {
            let specs = (policy.field("spec").map { [$0] } ?? []) + (policy.field("specs")?.items ?? [])
            for (number, spec) in specs.enumerated() where spec.field("nodeSelector") != nil {
                open.append("\(Self.label(of: policy)) \(number)")
            }
        }
        guard open.count <= 4 else { return nil }
        return (0..<(1 << open.count)).map { bits in
            host(.chosen(Set(open.indices.filter { bits >> $0 & 1 == 1 }.map { open[$0] })))
        }
    }

    private func cases(
        _ subjects: [Subject],
        in namespace: String?,
        peer: Party,
        _ question: RandomQuestion
    ) -> [Case]? {
        var result: [Case] = []
        for about in subjects {
            var enforced: [Voice] = []
            var complete: [Voice] = []
            for policy in world.policies {
                let voice = voice(of: policy, about: about, peer: peer, question)
                complete.append(voice)
                if mode(of: policy, in: namespace) == .blocking { enforced.append(voice) }
            }
            var open: [String] = []
            for rule in complete.flatMap(\.rules) {
                if case .open = rule.truth, !open.contains(rule.id) { open.append(rule.id) }
            }
            guard open.count <= Self.mostOpenRules else { return nil }
            // C 1.7: the host reaches its own pods, unless a rule denies it. H: or its traffic is enforced.
            let isFree = about.direction == .ingress && peer.isLocalHost && !world.isHostTrafficEnforced
            for bits in 0..<(1 << open.count) {
                let chosen = Set(open.indices.filter { bits >> $0 & 1 == 1 }.map { open[$0] })
                let (all, isLimited) = judgement(complete, chosen, isHostFree: isFree)
                let side = Side(enforced: judgement(enforced, chosen, isHostFree: isFree).judgement, complete: all)
                result.append(Case(side: side, end: End(side.verdict, isLimited: isLimited)))
            }
        }
        return result
    }

    // MARK: Judging

    /// A: the tiers one after the other; K, C: the normal tier between them.
    private func judgement(
        _ voices: [Voice],
        _ chosen: Set<String>,
        isHostFree: Bool
    ) -> (judgement: Judgement, isLimited: Bool) {
        var judgement = Judgement(outcome: "notIsolated")
        func truth(_ rule: Rule) -> Truth {
            guard case .open(let isLimited) = rule.truth else { return rule.truth }
            return chosen.contains(rule.id) ? (isLimited ? .limited : .yes) : .no
        }
        /// A: lower priority numbers first, then as written; H: policies of one priority by name, then kind.
        func decided(_ tier: Tier) -> Bool? {
            let own = voices.filter { $0.tier == tier }.sorted { one, other in
                if one.priority != other.priority { return one.priority < other.priority }
                return Self.isBefore(one.policy, other.policy)
            }
            for rule in own.flatMap(\.rules) where truth(rule) != .no {
                switch rule.action {
                case .pass where truth(rule) != .closes:
                    judgement.passes.insert(rule.id)
                    return nil
                case .deny, .pass:
                    judgement.outcome = "deniedByRule"
                    judgement.denies = [rule.id]
                    return false
                case .allow:
                    judgement.outcome = "allowedByRule"
                    judgement.allows = [rule.id]
                    return truth(rule) == .limited
                }
            }
            return nil
        }
        if let isLimited = decided(.admin) { return (judgement, isLimited) }
        var isUnlimited = false
        for voice in voices where voice.tier == .normal {
            for rule in voice.rules where truth(rule) != .no {
                if rule.action == .deny {
                    judgement.denies.insert(rule.id)
                } else {
                    judgement.allows.insert(rule.id)
                    if truth(rule) == .yes { isUnlimited = true }
                }
            }
            if voice.isolates { judgement.isolating.append(voice.policy) }
        }
        judgement.isolating.sort()
        if !judgement.denies.isEmpty {
            // C 1.7 precedence (1): any matching deny wins, however specific an allow is.
            judgement.outcome = "deniedByRule"
        } else if judgement.isolating.isEmpty {
            // C 1.7: no policy asks for default deny here. K: non-isolated pods. A: then the baseline is asked; H: unless a
            // rule allows it already.
            if judgement.allows.isEmpty, let isLimited = decided(.baseline) { return (judgement, isLimited) }
        } else if !judgement.allows.isEmpty {
            // C 1.7 precedence (2), K: rules of all policies are added up. C 1.11: one without L7 lifts the limits.
            judgement.outcome = "allowedByRule"
            return (judgement, !isUnlimited)
        } else {
            // C 1.7 precedence (3).
            judgement.outcome = isHostFree ? "hostTraffic" : "defaultDeny"
        }
        return (judgement, false)
    }

    private static func isBefore(_ one: String, _ other: String) -> Bool {
        let (first, second) = (one.split(separator: " /"), other.split(separator: " /"))
        return (first.last ?? "", first.first ?? "") < (second.last ?? "", second.first ?? "")
    }

    private func voice(of policy: Manifest, about subject: Subject, peer: Party, _ question: RandomQuestion) -> Voice {
        switch policy.field("kind")?.text {
        case "NetworkPolicy":
            return KubernetesOracle(
                policy: policy,
                subject: subject,
                peer: peer,
                service: question.service,
                world: world
            ).voice()
        case "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy":
            return CiliumOracle(policy: policy, subject: subject, peer: peer, question: question, world: world).voice()
        default:
            return TieredOracle(policy: policy, subject: subject, peer: peer, question: question, world: world).voice()
        }
    }

    /// H: the policy's own setting, then its annotation, then the namespace's setting, then the environment's.
    private func mode(of policy: Manifest, in namespace: String?) -> Mode {
        if let mode = world.policyModes[Self.label(of: policy)] { return mode }
        let annotation = policy.field("metadata")?.field("annotations")?.field("palisade.dev/mode")?.text
        if let annotation, let mode = Mode(rawValue: annotation) { return mode }
        return namespace.flatMap { world.namespaceModes[$0] } ?? world.environmentMode
    }
}
