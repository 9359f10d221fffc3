// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// Everything that can pass from one party to another, by how certain that is; the three sets are disjoint.
public struct PairConnections: Hashable, Sendable {
    /// Allowed, whatever is asked for.
    public var allowed: ConnectionSet
    /// Allowed as far as addresses and ports go; rules about requests decide further.
    public var limited: ConnectionSet
    /// Allowed or not depending on something that the snapshot does not say.
    public var uncertain: ConnectionSet

    public init(allowed: ConnectionSet, limited: ConnectionSet = .none, uncertain: ConnectionSet = .none) {
        self.allowed = allowed
        self.limited = limited
        self.uncertain = uncertain
    }

    public static let all = PairConnections(allowed: .all)
    public static let none = PairConnections(allowed: .none)

    /// What is certainly let through, at least for some requests.
    public var passable: ConnectionSet { allowed.union(limited) }

    public var isEmpty: Bool { allowed.isEmpty && limited.isEmpty && uncertain.isEmpty }

    /// What passes both sides.
    func and(_ other: PairConnections) -> PairConnections {
        if self == .all { return other }
        if other == .all { return self }
        let allowed = allowed.intersection(other.allowed)
        let limited = passable.intersection(other.passable).subtracting(allowed)
        let possible = passable.union(uncertain).intersection(other.passable.union(other.uncertain))
        return PairConnections(
            allowed: allowed,
            limited: limited,
            uncertain: possible.subtracting(allowed).subtracting(limited)
        )
    }

    /// What is so in either of two cases, when nobody says which of them it is.
    func or(_ other: PairConnections) -> PairConnections {
        guard self != other else { return self }
        let allowed = allowed.intersection(other.allowed)
        let limited = passable.intersection(other.passable).subtracting(allowed)
        let possible = passable.union(uncertain).union(other.passable).union(other.uncertain)
        return PairConnections(
            allowed: allowed,
            limited: limited,
            uncertain: possible.subtracting(allowed).subtracting(limited)
        )
    }
}

/// Which policies an answer goes by.
public enum JudgedPolicies: String, Hashable, Sendable, Codable {
    /// Those in blocking mode: what really happens.
    case enforced
    /// All, as if those in audit mode were enforced too.
    case all
}

/// The rules and policies behind `PairConnections`, whatever the port.
public struct PairReasons: Hashable, Sendable {
    public var egress: SideReasons
    public var ingress: SideReasons

    /// One side; sorted.
    public struct SideReasons: Hashable, Sendable {
        /// Rules that match the other side, or may.
        public var rules: [RuleID]
        /// Policies that isolate the subject.
        public var isolating: [PolicyID]
    }
}
