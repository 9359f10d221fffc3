// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Which of many parties a rule's peers are, found by labels instead of by asking every party.
struct PartyIndex {
    /// One party that a rule is about, or may be.
    struct Hit {
        /// Index among the parties.
        var party: Int32
        var match: Match
    }

    private let views: [PeerView]
    private let matching: RuleMatching
    /// Endpoints by label, ascending.
    private var byLabel: [Label: [Int32]] = [:]
    /// Endpoints, ascending, and everyone else, ascending.
    private var endpoints: [Int32] = []
    private var others: [Int32] = []
    private var known: [Selector: [Int32]] = [:]

    /// - Complexity: O(labels of all parties).
    init(_ views: [PeerView], matching: RuleMatching) {
        self.views = views
        self.matching = matching
        for (index, view) in views.enumerated() {
            guard view.kind == .endpoint else {
                others.append(Int32(index))
                continue
            }
            endpoints.append(Int32(index))
            for label in view.labels.labels { byLabel[label, default: []].append(Int32(index)) }
        }
    }

    /// The parties that a rule is about, conditions included, ascending; `nil`: all of them, each as much as any other.
    mutating func hits(_ rule: Rule) -> [Hit]? {
        let condition = matching.conditions(of: rule, RequestFacts())
        guard condition != .no else { return [] }
        guard case .anyOf(let peers) = rule.peers else {
            return views.contains { $0.kind == .unknown } ? ask(rule, condition, Array(views.indices)) : nil
        }
        guard peers.allSatisfy({ candidates(of: $0) != nil }) else {
            return ask(rule, condition, Array(views.indices))
        }
        // Who is no endpoint is asked one by one; endpoints come from the index.
        var found = Set(others)
        for peer in peers { found.formUnion(candidates(of: peer) ?? []) }
        return ask(rule, condition, found.sorted().map { Int($0) })
    }

    /// What every hit of a rule for everyone is.
    func matchOfEveryone(_ rule: Rule) -> Match { matching.conditions(of: rule, RequestFacts()) }

    private func ask(_ rule: Rule, _ condition: Match, _ parties: [Int]) -> [Hit] {
        parties.compactMap { party in
            let match = matching.match(rule, peer: views[party]).and(condition)
            return match == .no ? nil : Hit(party: Int32(party), match: match)
        }
    }

    /// The endpoints that one kind of peer can be; `nil` when the index does not know.
    private mutating func candidates(of peer: Peer) -> [Int32]? {
        switch peer {
        case .endpoints(let selector): return endpoints(selector)
        case .cidr(let block): return block.reach == .world || block.reach == .worldAndNodes ? [] : nil
        case .cidrGroup, .nodes, .dnsNames, .cloudGroups:
            return matching.reach == .layer7 ? [] : nil
        case .entity(let entity):
            switch entity {
            case .all, .cluster, .clusterMesh: return endpoints
            default: return []
            }
        case .services: return nil
        }
    }

    /// Starts from the rarest label that the selector demands.
    private mutating func endpoints(_ selector: Selector) -> [Int32] {
        if let found = known[selector] { return found }
        var start = endpoints
        for case .isIn(let key, let values) in selector.requirements where key.source != .any {
            let having = values.reduce(into: [Int32]()) { $0 += byLabel[Label(key, $1)] ?? [] }
            if having.count < start.count { start = having }
        }
        let found = start.filter { selector.matches(views[Int($0)].labels) }.sorted()
        known[selector] = found
        return found
    }
}
