// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// A second, naive reading of what policies mean: straight from manifests to answers, one line after the other, without
/// any index and without a line of the engine's code.
///
/// Comments name what each step implements: `C` is the section of Cilium's semantics (labels, scoping, emptiness, default
/// deny, precedence, ports, CIDR), `K` is a field of Kubernetes' NetworkPolicy reference (networking.k8s.io/v1), `A` is a
/// field of the ordered policies (policy.networking.k8s.io), `H` is a decision of this product about what they leave open.
struct Oracle {
    let world: RandomWorld

    /// Whether a rule is about a connection.
    enum Truth: Hashable {
        case no, limited, yes
        /// It depends on something that nobody said; if it is, then for all requests or for some.
        case open(isLimited: Bool)
        /// H: a rule that passes on and cannot be checked denies.
        case closes
    }

    struct Rule {
        var id: String
        var action: RuleAction
        var truth: Truth
    }

    /// One policy's say about one side of a connection.
    struct Voice {
        var policy: String
        var tier = Tier.normal
        var priority = 0
        var isolates = false
        /// In the order of the text.
        var rules: [Rule] = []
        /// Whether it has anything about the direction at all.
        var hasSay = false
    }

    /// What an array of voices comes to, once every open rule has been decided.
    struct Judgement: Hashable {
        var outcome: String
        var allows: Set<String> = []
        var denies: Set<String> = []
        var passes: Set<String> = []
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
        var answer: String
        /// Of an allowed connection: whether rules about requests may decide further.
        var isLimited: Bool
        /// When nothing is so that nobody said.
        var verdict: Verdict
        var decidingDirection: Direction
        var egress: Side?
        var ingress: Side?
    }

    /// - Returns: `nil` when more is open than can be tried out.
    func answer(_ question: RandomQuestion) -> Answer? {
        let source = party(question.source, question.sourceName)
        let destination = party(question.destination, question.destinationName)
        if case .endpoint(let one) = source.kind, case .endpoint(let other) = destination.kind, one == other {
            // C 1.8: a pod that reaches itself skips policy.
            let open = Judgement(outcome: "notIsolated")
            let side = Side(enforced: open, complete: open)
            return Answer(
                answer: "ALLOWED",
                isLimited: false,
                verdict: .allowed,
                decidingDirection: .ingress,
                egress: nil,
                ingress: side
            )
        }
        var ends: Set<End> = []
        var first: (egress: Side?, ingress: Side?)?
        // A node is the local one of the other end, or another one.
        let views = [(source, destination), (seenLocally(source), seenLocally(destination))]
        for (seenSource, seenDestination) in views {
            // C 1.7: egress must be allowed at the source and ingress at the destination.
            guard let egress = cases(.egress, of: source, peer: seenDestination, question),
                let ingress = cases(.ingress, of: destination, peer: seenSource, question)
            else { return nil }
            if first == nil { first = (egress.first?.side, ingress.first?.side) }
            for one in egress { for other in ingress { ends.insert(one.end.and(other.end)) } }
        }
        let verdicts = Set(ends.map(\.verdict))
        let base = first.map { End($0.egress).and(End($0.ingress)).verdict } ?? .allowed
        let answer = verdicts.count == 1 ? base.rawValue : "UNCERTAIN"
        return Answer(
            answer: answer,
            isLimited: answer == "ALLOWED" && ends.contains(where: \.isLimited),
            verdict: base,
            decidingDirection: decidingDirection(base, first?.egress, first?.ingress),
            egress: first?.egress,
            ingress: first?.ingress
        )
    }

    /// H: a denial is decided where the packet meets it first; an allowed connection by the destination, unless nothing
    /// there says anything and a rule of the source allows it.
    private func decidingDirection(_ verdict: Verdict, _ egress: Side?, _ ingress: Side?) -> Direction {
        if verdict != .allowed {
            if let egress, egress.verdict == verdict { return .egress }
            return .ingress
        }
        guard let ingress else { return .egress }
        guard let egress else { return .ingress }
        if ingress.complete.outcome != "notIsolated" { return .ingress }
        return egress.complete.outcome == "allowedByRule" ? .egress : .ingress
    }

    /// Kind, namespace and name of a policy; a namespace that is missing is `default`, a cluster-wide policy has none.
    static func label(of policy: Manifest) -> String {
        let kind = policy.field("kind")?.text ?? ""
        return "\(kind) \(namespace(of: policy) ?? "")/\(policy.field("metadata")?.field("name")?.text ?? "")"
    }

    /// C 1.1: CiliumClusterwideNetworkPolicy has cluster scope; A: so have the ordered kinds; the others have a namespace.
    static func namespace(of policy: Manifest) -> String? {
        switch policy.field("kind")?.text {
        case "NetworkPolicy", "CiliumNetworkPolicy": policy.field("metadata")?.field("namespace")?.text ?? "default"
        default: nil
        }
    }

    /// How a rule is named on both sides of the comparison.
    static func rule(_ policy: Manifest, spec: Int, _ direction: Direction, _ action: String, _ index: Int) -> String {
        "\(label(of: policy)) specs[\(spec)] \(direction.rawValue) \(action) \(index)"
    }
}

extension Oracle.Truth {
    /// The widest of several alternatives of one rule.
    static func any(_ list: [Oracle.Truth]) -> Oracle.Truth {
        if list.contains(.yes) { return .yes }
        if list.contains(.limited) { return .limited }
        if list.contains(.closes) { return .closes }
        return list.first { if case .open = $0 { true } else { false } } ?? .no
    }
}
