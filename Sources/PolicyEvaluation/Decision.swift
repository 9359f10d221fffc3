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

    public var outcome: Outcome
    /// Rules that allow it, in policy order; also present when a deny rule overrides them.
    public var allowing: [RuleID]
    /// Deny rules that match it.
    public var denying: [RuleID]
    /// Policies that isolate the endpoint in this direction.
    ///
    /// Sorted.
    public var isolating: [PolicyID]

    public init(
        _ outcome: Outcome,
        allowing: [RuleID] = [],
        denying: [RuleID] = [],
        isolating: [PolicyID] = []
    ) {
        self.outcome = outcome
        self.allowing = allowing
        self.denying = denying
        self.isolating = isolating
    }

    public var isDenied: Bool {
        switch outcome {
        case .defaultDeny, .deniedByRule, .unknownEndpoint: true
        case .notIsolated, .allowedByRule, .hostTraffic: false
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
}

/// The answer to a question about one connection, with what decided it.
public struct Decision: Hashable, Sendable {
    /// Of the snapshot that was asked.
    public var revision: UInt64
    /// What the source's policies say; `nil` when no policy applies to the source's side at all (host, outside).
    public var egress: SideDecision?
    /// What the destination's policies say; `nil` when none applies to that side.
    public var ingress: SideDecision?

    public init(revision: UInt64, egress: SideDecision?, ingress: SideDecision?) {
        self.revision = revision
        self.egress = egress
        self.ingress = ingress
    }

    /// Both sides must allow it.
    public var verdict: Verdict {
        let verdicts = [egress?.verdict, ingress?.verdict]
        if verdicts.contains(.dropped) { return .dropped }
        return verdicts.contains(.wouldDrop) ? .wouldDrop : .allowed
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
