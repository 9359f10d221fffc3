// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Works out what one side lets through, tier by tier, on sets of connections instead of single ones.
///
/// The same steps as `ResolvedSnapshot.judge`; `PairConnectionsTests` holds the two together.
struct SideConnections {
    private var allowed = ConnectionSet.none
    private var limited = ConnectionSet.none
    private var uncertain = ConnectionSet.none
    /// What no tier has decided yet.
    private var open = ConnectionSet.all
    /// What ordered rules decide if they match, and nobody knows whether they do.
    private var doubts: [(connections: ConnectionSet, action: RuleAction)] = []

    /// What passes, when everything that is still open does.
    var result: PairConnections {
        var result = PairConnections(allowed: allowed.union(open), limited: limited, uncertain: uncertain)
        for doubt in doubts {
            let turned: ConnectionSet
            switch doubt.action {
            case .allow: turned = doubt.connections.subtracting(result.passable)
            case .deny: turned = doubt.connections.intersection(result.passable)
            case .pass: turned = doubt.connections
            }
            result.allowed = result.allowed.subtracting(turned)
            result.limited = result.limited.subtracting(turned)
            result.uncertain.formUnion(turned)
        }
        return result
    }

    /// One rule with what of it matches the other side.
    struct Candidate {
        var action: RuleAction
        var match: Match
        var connections: ConnectionSet
    }

    /// The rules of an ordered tier, in order.
    mutating func askInOrder(_ rules: some Sequence<Candidate>) {
        var passed = ConnectionSet.none
        for rule in rules where rule.match != .no {
            let decided = rule.connections.intersection(open)
            if case .maybe = rule.match {
                doubts.append((decided, rule.action))
                continue
            }
            open = open.subtracting(decided)
            switch rule.action {
            case .pass: passed.formUnion(decided)
            case .deny: break
            case .allow where rule.match == .limited: limited.formUnion(decided)
            case .allow: allowed.formUnion(decided)
            }
        }
        open.formUnion(passed)
    }

    /// The rules of the normal tier, in any order.
    mutating func askTogether(_ rules: some Sequence<Candidate>, isIsolated: Bool, hostIsFree: Bool) {
        var (allow, some, deny) = (ConnectionSet.none, ConnectionSet.none, ConnectionSet.none)
        var (mayAllow, mayDeny) = (ConnectionSet.none, ConnectionSet.none)
        for rule in rules where rule.match != .no {
            switch (rule.action, rule.match) {
            case (.deny, .maybe): mayDeny.formUnion(rule.connections)
            case (.deny, _): deny.formUnion(rule.connections)
            case (_, .maybe): mayAllow.formUnion(rule.connections)
            case (_, .limited): some.formUnion(rule.connections)
            default: allow.formUnion(rule.connections)
            }
        }
        // The host passes where no rule says anything; and without isolation no rule limits anything.
        if isIsolated, hostIsFree { allow.formUnion(ConnectionSet.all.subtracting(some)) }
        if !isIsolated { (allow, some) = (allow.union(some), .none) }
        let certain = open.subtracting(deny).subtracting(mayDeny)
        let newlyAllowed = certain.intersection(allow)
        let newlyLimited = certain.intersection(some).subtracting(allow)
        allowed.formUnion(newlyAllowed)
        limited.formUnion(newlyLimited)
        let possible = isIsolated ? allow.union(some).union(mayAllow) : mayDeny
        uncertain.formUnion(
            open.subtracting(deny).intersection(possible).subtracting(newlyAllowed).subtracting(newlyLimited)
        )
        open = isIsolated ? .none : certain.subtracting(allow)
    }
}
