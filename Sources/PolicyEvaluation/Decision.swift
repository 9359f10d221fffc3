// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// What a set of policies says about one side of a connection.
public struct Judgement: Hashable, Sendable {
    /// The answer in one word.
    public enum Outcome: Hashable, Sendable {
        /// No policy isolates the endpoint in this direction, and no rule denies.
        case notIsolated
        case allowedByRule
        /// From the host to its own endpoint; no rule allows it and none denies it.
        case hostTraffic
        /// Isolated, and no rule allows it.
        case defaultDeny
        case deniedByRule
        /// The endpoint itself is unknown; it is closed.
        case unknownEndpoint
    }

    /// A rule that would match if something were so that nobody said.
    public struct PossibleRule: Hashable, Sendable {
        public var rule: RuleID
        public var tier: Tier
        public var dependsOn: Uncertainty
    }

    public var outcome: Outcome
    /// The tier whose policies decided.
    public var tier: Tier
    /// Rules that allow it, in policy order; also present when a deny rule overrides them.
    public var allowing: [RuleID]
    /// Deny rules that match it.
    public var denying: [RuleID]
    /// Rules that left it to the next tier.
    public var passing: [RuleID]
    /// Policies that isolate the endpoint in this direction.
    ///
    /// Sorted.
    public var isolating: [PolicyID]
    /// Rules that may match, up to the rule that decided.
    public var possible: [PossibleRule]
    /// Whether every rule that allows it lets through only some requests (HTTP, DNS, TLS names, authenticated peers).
    public var isLimited: Bool
    /// Whether it is not known which host policies select the host, and the answer depends on it.
    public var isSelectionUncertain: Bool
    /// Everything that can become of the connection, whatever the things are that nobody said; `outcome` is one of them.
    public var ends: Ends

    /// What can become of a connection on one side.
    public struct Ends: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It passes, whatever is asked for.
        public static let allowed = Ends(rawValue: 1)
        /// It passes as far as addresses and ports go.
        public static let limited = Ends(rawValue: 2)
        public static let denied = Ends(rawValue: 4)

        public var canPass: Bool { !isDisjoint(with: [.allowed, .limited]) }
        public var canDrop: Bool { contains(.denied) }
    }

    public init(
        _ outcome: Outcome,
        tier: Tier = .normal,
        allowing: [RuleID] = [],
        denying: [RuleID] = [],
        passing: [RuleID] = [],
        isolating: [PolicyID] = [],
        possible: [PossibleRule] = [],
        isLimited: Bool = false,
        isSelectionUncertain: Bool = false
    ) {
        self.outcome = outcome
        self.tier = tier
        self.allowing = allowing
        self.denying = denying
        self.passing = passing
        self.isolating = isolating
        self.possible = possible
        self.isLimited = isLimited
        self.isSelectionUncertain = isSelectionUncertain
        ends = []
        ends = isDenied ? .denied : isLimited ? .limited : .allowed
    }

    public var isDenied: Bool {
        switch outcome {
        case .defaultDeny, .deniedByRule, .unknownEndpoint: true
        case .notIsolated, .allowedByRule, .hostTraffic: false
        }
    }

    /// What the outcome depends on: the possible rules that would turn it around.
    ///
    /// Empty when the outcome is the same whatever they do.
    public var uncertainties: Set<Uncertainty> {
        // Nearly all answers are certain.
        if possible.isEmpty, !isSelectionUncertain { return [] }
        guard ends.canPass, ends.canDrop else { return [] }
        var result = Set(possible.filter(turns).map(\.dependsOn))
        if isSelectionUncertain { result.insert(.node) }
        return result.isEmpty ? Set(possible.map(\.dependsOn)) : result
    }

    private func turns(_ possible: PossibleRule) -> Bool {
        switch possible.rule.action {
        // In the ordered tiers alone a pass takes a decision away from a later rule.
        case .pass: tier == possible.tier
        case .deny: !isDenied
        // In the normal tier no allow rule wins over a deny rule.
        case .allow: isDenied && !(outcome == .deniedByRule && tier == .normal && possible.tier == .normal)
        }
    }
}

/// The judgement of one side: by the enforced policies alone, and by all of them.
public struct SideDecision: Hashable, Sendable {
    /// By the policies in blocking mode: what really happens.
    public var enforced: Judgement
    /// By all policies, those in audit mode too: what would happen if all were enforced.
    public var complete: Judgement

    public init(enforced: Judgement, complete: Judgement) {
        self.enforced = enforced
        self.complete = complete
    }

    /// Dropped when enforced policies deny; would drop when only policies in audit mode do.
    public var verdict: Verdict {
        if enforced.isDenied { return .dropped }
        return complete.isDenied ? .wouldDrop : .allowed
    }

    /// The judgement that the verdict rests on.
    public var deciding: Judgement { enforced.isDenied ? enforced : complete }

    /// Every verdict that there can be.
    public var verdicts: Verdicts {
        var result: Verdicts = enforced.ends.canDrop ? .dropped : []
        guard enforced.ends.canPass else { return result }
        if complete.ends.canDrop { result.insert(.wouldDrop) }
        if complete.ends.canPass { result.insert(.allowed) }
        return result
    }

    /// What the verdict depends on.
    public var uncertainties: Set<Uncertainty> {
        verdicts.single != nil ? [] : enforced.uncertainties.union(complete.uncertainties)
    }
}

/// The verdicts that are possible while some things are unknown.
public struct Verdicts: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let allowed = Verdicts(rawValue: 1)
    public static let wouldDrop = Verdicts(rawValue: 2)
    public static let dropped = Verdicts(rawValue: 4)

    /// The verdict when only one is possible.
    public var single: Verdict? {
        switch self {
        case .allowed: .allowed
        case .wouldDrop: .wouldDrop
        case .dropped: .dropped
        default: nil
        }
    }

    /// What both sides together can come to: the worse of any two of their verdicts.
    public func combined(with other: Verdicts) -> Verdicts {
        var result = union(other).intersection(.dropped)
        let passing: Verdicts = [.allowed, .wouldDrop]
        guard !isDisjoint(with: passing), !other.isDisjoint(with: passing) else { return result }
        result.formUnion(union(other).intersection(.wouldDrop))
        result.formUnion(intersection(other).intersection(.allowed))
        return result
    }
}

/// The answer to a question about one connection, with what decided it.
public struct Decision: Hashable, Sendable {
    /// The whole answer in one word.
    public enum Answer: String, Hashable, Sendable, Codable {
        case allowed = "ALLOWED"
        case dropped = "DROPPED"
        case wouldDrop = "WOULD_DROP"
        /// It depends on something that nobody said.
        case uncertain = "UNCERTAIN"
    }

    /// Of the snapshot that was asked.
    public var revision: UInt64
    /// What the source's policies say; `nil` when no policy applies to the source's side at all (host, outside).
    public var egress: SideDecision?
    /// What the destination's policies say; `nil` when none applies to that side.
    public var ingress: SideDecision?
    /// Whether the answer is another one when a node that is one end is the other end's own.
    public var dependsOnNode: Bool
    /// Whether rules about requests decide further when a node that is one end is the other end's own.
    public var isLimitedSeenLocally = false

    public init(revision: UInt64, egress: SideDecision?, ingress: SideDecision?, dependsOnNode: Bool = false) {
        self.revision = revision
        self.egress = egress
        self.ingress = ingress
        self.dependsOnNode = dependsOnNode
    }

    /// Both sides must allow it.
    ///
    /// Of an uncertain answer: what holds when none of the things that nobody said is so.
    public var verdict: Verdict {
        let verdicts = [egress?.verdict, ingress?.verdict]
        if verdicts.contains(.dropped) { return .dropped }
        return verdicts.contains(.wouldDrop) ? .wouldDrop : .allowed
    }

    /// What the answer depends on; empty when it is certain.
    ///
    /// A side that certainly drops makes the other side's doubts idle.
    public var uncertainties: Set<Uncertainty> {
        guard answer == .uncertain else { return [] }
        let doubts = [egress, ingress].compactMap { $0?.uncertainties }
        return doubts.reduce(into: dependsOnNode ? [.node] : []) { $0.formUnion($1) }
    }

    public var answer: Answer {
        guard !dependsOnNode, let verdict = verdicts.single else { return .uncertain }
        return switch verdict {
        case .allowed: .allowed
        case .dropped: .dropped
        case .wouldDrop: .wouldDrop
        }
    }

    /// Every verdict that there can be, the ends seen as they are.
    public var verdicts: Verdicts {
        (egress?.verdicts ?? .allowed).combined(with: ingress?.verdicts ?? .allowed)
    }

    /// Whether it is allowed and rules about requests decide further, or may.
    public var isLimited: Bool {
        guard verdict == .allowed else { return false }
        return isLimitedSeenLocally || egress?.complete.isLimited == true || ingress?.complete.isLimited == true
    }

    /// The side that the verdict rests on.
    ///
    /// For a denial: egress when egress denies, as it comes first on the way. For an allowed connection: ingress when a
    /// rule allows there or nothing isolates the source, else egress.
    public var decidingDirection: Direction {
        let verdict = verdict
        guard verdict == .allowed else {
            return egress?.verdict == verdict ? .egress : .ingress
        }
        guard let ingress else { return .egress }
        guard let egress else { return .ingress }
        return ingress.complete.outcome == .notIsolated && egress.complete.outcome == .allowedByRule
            ? .egress : .ingress
    }

    /// The decision of the deciding side; `nil` when neither side is an endpoint.
    public var deciding: SideDecision? { decidingDirection == .egress ? egress : ingress }
}
