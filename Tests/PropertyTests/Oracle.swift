// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// A second, naive reading of what policies mean: straight from manifests to answers, one line after the other, without
/// any index and without a line of the engine's code.
///
/// Comments name what each step implements: `C` is the section of Cilium's semantics (labels, scoping, emptiness, default
/// deny, precedence, ports, CIDR), `K` is a field of Kubernetes' NetworkPolicy reference (networking.k8s.io/v1), `H` is a
/// decision of this product about what the two leave open.
struct Oracle {
    let world: RandomWorld

    /// One policy's say about one side of a connection.
    struct Voice {
        var policy: String
        var isolates = false
        var allows: Set<String> = []
        var denies: Set<String> = []
    }

    /// What an array of voices comes to.
    struct Judgement: Hashable {
        var outcome: String
        var allows: Set<String> = []
        var denies: Set<String> = []
        /// Sorted.
        var isolating: [String] = []

        var isDenied: Bool { ["defaultDeny", "deniedByRule", "unknownEndpoint"].contains(outcome) }
    }

    /// One side, by the policies that are enforced and by all.
    struct Side: Hashable {
        var enforced: Judgement
        var complete: Judgement

        /// H: enforced policies drop; if only policies in audit mode deny, it would be dropped.
        var verdict: Verdict {
            if enforced.isDenied { return .dropped }
            if complete.isDenied { return .wouldDrop }
            return .allowed
        }
    }

    /// The answer to a question.
    struct Answer: Hashable {
        var verdict: Verdict
        var decidingDirection: Direction
        var egress: Side?
        var ingress: Side?
    }

    func answer(_ question: RandomQuestion) -> Answer {
        let source = party(at: question.source)
        let destination = party(at: question.destination)
        if case .endpoint(let one) = source.kind, case .endpoint(let other) = destination.kind, one == other {
            // C 1.8: a pod that reaches itself skips policy.
            let open = Judgement(outcome: "notIsolated")
            let side = Side(enforced: open, complete: open)
            return Answer(verdict: .allowed, decidingDirection: .ingress, egress: nil, ingress: side)
        }
        // C 1.7: egress must be allowed at the source and ingress at the destination.
        let egress = side(.egress, of: source, peer: destination, question.service)
        let ingress = side(.ingress, of: destination, peer: source, question.service)
        let verdicts = [egress?.verdict ?? .allowed, ingress?.verdict ?? .allowed]
        var verdict = Verdict.allowed
        if verdicts.contains(.wouldDrop) { verdict = .wouldDrop }
        if verdicts.contains(.dropped) { verdict = .dropped }
        return Answer(
            verdict: verdict,
            decidingDirection: decidingDirection(verdict, egress, ingress),
            egress: egress,
            ingress: ingress
        )
    }

    /// H: a denial is decided where the packet meets it first; an allowed connection by the destination, unless only the
    /// source's side has anything to say.
    private func decidingDirection(_ verdict: Verdict, _ egress: Side?, _ ingress: Side?) -> Direction {
        if verdict != .allowed {
            if let egress, egress.verdict == verdict { return .egress }
            return .ingress
        }
        guard let ingress else { return .egress }
        guard let egress else { return .ingress }
        if ingress.complete.outcome == "allowedByRule" { return .ingress }
        if egress.complete.isolating.isEmpty { return .ingress }
        return .egress
    }

    private func side(_ direction: Direction, of subject: Party, peer: Party, _ service: Service) -> Side? {
        switch subject.kind {
        // C 1.9: endpoint policies never apply to the host; nobody polices the world.
        case .host, .world: return nil
        case .unknown:
            // H: an unknown end is closed, as far as the environment enforces anything.
            let closed = Judgement(outcome: "unknownEndpoint")
            let open = Judgement(outcome: "notIsolated")
            return Side(enforced: world.environmentMode == .blocking ? closed : open, complete: closed)
        case .endpoint(let index):
            let workload = world.workloads[index]
            var enforced: [Voice] = []
            var complete: [Voice] = []
            for policy in world.policies {
                let about = Subject(workload: workload, labels: subject.labels, direction: direction)
                let voice = voice(of: policy, about: about, peer: peer, service)
                complete.append(voice)
                if mode(of: policy, in: workload.namespace) == .blocking { enforced.append(voice) }
            }
            // C 1.7: the host reaches its own pods, unless a rule denies it. H: or its traffic is enforced.
            let isFree = direction == .ingress && peer.kind == .host && !world.isHostTrafficEnforced
            return Side(
                enforced: judgement(enforced, isHostFree: isFree),
                complete: judgement(complete, isHostFree: isFree)
            )
        }
    }

    private func judgement(_ voices: [Voice], isHostFree: Bool) -> Judgement {
        var judgement = Judgement(outcome: "")
        for voice in voices {
            judgement.allows.formUnion(voice.allows)
            judgement.denies.formUnion(voice.denies)
            if voice.isolates { judgement.isolating.append(voice.policy) }
        }
        judgement.isolating.sort()
        if !judgement.denies.isEmpty {
            // C 1.7 precedence (1): any matching deny wins, however specific an allow is.
            judgement.outcome = "deniedByRule"
        } else if judgement.isolating.isEmpty {
            // C 1.7: no policy asks for default deny here, so everything is allowed. K: non-isolated pods.
            judgement.outcome = "notIsolated"
        } else if !judgement.allows.isEmpty {
            // C 1.7 precedence (2), K: rules of all policies are added up.
            judgement.outcome = "allowedByRule"
        } else if isHostFree {
            judgement.outcome = "hostTraffic"
        } else {
            // C 1.7 precedence (3).
            judgement.outcome = "defaultDeny"
        }
        return judgement
    }

    private func voice(of policy: Manifest, about subject: Subject, peer: Party, _ service: Service) -> Voice {
        switch policy.field("kind")?.text {
        case "NetworkPolicy":
            return KubernetesOracle(policy: policy, subject: subject, peer: peer, service: service).voice()
        default:
            return CiliumOracle(policy: policy, subject: subject, peer: peer, service: service, groups: world.groups)
                .voice()
        }
    }

    /// H: the policy's own setting, then its annotation, then the namespace's setting, then the environment's.
    private func mode(of policy: Manifest, in namespace: String) -> Mode {
        if let mode = world.policyModes[Self.label(of: policy)] { return mode }
        let annotation = policy.field("metadata")?.field("annotations")?.field("palisade.dev/mode")?.text
        if let annotation, let mode = Mode(rawValue: annotation) { return mode }
        return world.namespaceModes[namespace] ?? world.environmentMode
    }

    /// Kind, namespace and name of a policy; a namespace that is missing is `default`, a cluster-wide policy has none.
    static func label(of policy: Manifest) -> String {
        let kind = policy.field("kind")?.text ?? ""
        return "\(kind) \(namespace(of: policy) ?? "")/\(policy.field("metadata")?.field("name")?.text ?? "")"
    }

    /// C 1.1: CiliumClusterwideNetworkPolicy has cluster scope, the others live in a namespace.
    static func namespace(of policy: Manifest) -> String? {
        if policy.field("kind")?.text == "CiliumClusterwideNetworkPolicy" { return nil }
        return policy.field("metadata")?.field("namespace")?.text ?? "default"
    }

    /// How a rule is named on both sides of the comparison.
    static func rule(_ policy: Manifest, spec: Int, _ direction: Direction, _ action: String, _ index: Int) -> String {
        "\(label(of: policy)) specs[\(spec)] \(direction.rawValue) \(action) \(index)"
    }
}
