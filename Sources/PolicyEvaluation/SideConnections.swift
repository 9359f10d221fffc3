// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Works out what one side lets through, tier by tier, on sets of connections instead of single ones.
///
/// The same steps as `ResolvedSnapshot.judge`. A rule that may match or not gives connections a second way: a connection can
/// be in several of the sets, and its answer is certain when it is in one kind of them only. Rules are taken to match
/// independently of each other.
struct SideConnections {
    /// What can get through without any limit, what can get through for some requests, and what can be dropped.
    private var allowed = ConnectionSet.none
    private var limited = ConnectionSet.none
    private var denied = ConnectionSet.none
    /// What can come to the next tier.
    private var open = ConnectionSet.all

    /// What passes, when everything that is still open does.
    var result: PairConnections {
        let passable = allowed.union(limited).union(open)
        guard !denied.isEmpty else { return PairConnections(allowed: passable.subtracting(limited), limited: limited) }
        let certain = passable.subtracting(denied)
        let some = certain.intersection(limited)
        return PairConnections(
            allowed: certain.subtracting(some),
            limited: some,
            uncertain: passable.intersection(denied)
        )
    }

    /// What can become of a connection that is in all sets of the candidates.
    var ends: Judgement.Ends {
        var ends: Judgement.Ends = []
        if !allowed.isEmpty || !open.isEmpty { ends.insert(.allowed) }
        if !limited.isEmpty { ends.insert(.limited) }
        if !denied.isEmpty { ends.insert(.denied) }
        return ends
    }

    /// One rule with what of it matches the other side.
    struct Candidate {
        var action: RuleAction
        var match: Match
        /// Whether only some requests pass by it, if it matches.
        var isLimited: Bool
        var connections: ConnectionSet
        /// Where its list item is: rules of one item have the same peers, and match or not together.
        var item: Item
    }

    /// One item of a policy's list of rules.
    struct Item: Hashable {
        var spec: ResolvedSnapshot.SelectingSpec
        var action: RuleAction
        var index: Int

        init(_ rule: Rule, of spec: ResolvedSnapshot.SelectingSpec) {
            (self.spec, action, index) = (spec, rule.action, rule.index)
        }
    }

    /// The rules of an ordered tier, in order.
    mutating func askInOrder(_ rules: some Sequence<Candidate>) {
        var passed = ConnectionSet.none
        for rule in rules where rule.match != .no {
            let decided = rule.connections.intersection(open)
            if case .maybe = rule.match {} else { open = open.subtracting(decided) }
            switch rule.action {
            case .pass where rule.match != .closes: passed.formUnion(decided)
            case .pass, .deny: denied.formUnion(decided)
            case .allow where rule.isLimited: limited.formUnion(decided)
            case .allow: allowed.formUnion(decided)
            }
        }
        open.formUnion(passed)
    }

    /// The rules of the normal tier, in any order.
    mutating func askTogether(_ rules: some Sequence<Candidate>, isIsolated: Bool, hostIsFree: Bool) {
        var (allow, some, deny) = (ConnectionSet.none, ConnectionSet.none, ConnectionSet.none)
        var (mayAllow, mayLimit, mayDeny) = (ConnectionSet.none, ConnectionSet.none, ConnectionSet.none)
        // What items let through if they match, without limit and with one.
        var plain: [Item: ConnectionSet] = [:]
        var limits: [(item: Item, connections: ConnectionSet)] = []
        for rule in rules where rule.match != .no {
            var isUncertain = false
            if case .maybe = rule.match { isUncertain = true }
            switch (rule.action, isUncertain) {
            case (.deny, true): mayDeny.formUnion(rule.connections)
            case (.deny, false): deny.formUnion(rule.connections)
            case (_, true) where rule.isLimited: limits.append((rule.item, rule.connections))
            case (_, true):
                mayAllow.formUnion(rule.connections)
                plain[rule.item, default: .none].formUnion(rule.connections)
            case (_, false) where rule.isLimited: some.formUnion(rule.connections)
            case (_, false): allow.formUnion(rule.connections)
            }
        }
        for (item, connections) in limits { mayLimit.formUnion(connections.subtracting(plain[item] ?? .none)) }
        denied.formUnion(open.intersection(deny.union(mayDeny)))
        let asked = open.subtracting(deny)
        guard isIsolated else {
            // No rule limits anything; one that allows only keeps the baseline from being asked.
            allowed.formUnion(asked.intersection(allow.union(some).union(mayAllow).union(mayLimit)))
            open = asked.subtracting(allow).subtracting(some)
            return
        }
        allowed.formUnion(asked.intersection(allow.union(mayAllow)))
        limited.formUnion(asked.subtracting(allow).intersection(some.union(mayLimit)))
        let rest = asked.subtracting(allow).subtracting(some)
        // The host passes where no rule says anything.
        if hostIsFree { allowed.formUnion(rest) } else { denied.formUnion(rest) }
        open = .none
    }
}
