// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Which of many parties a rule matches, found by labels instead of by asking about each.
///
/// A label that a selector demands gives the few parties that can match; only they are asked about.
struct RulePeerIndex {
    /// One party that a rule matches or may match, and how, as a number: equal codes, equal candidates.
    struct Found {
        var party: Int32
        var code: UInt32
    }

    private struct LabelText: Hashable {
        var name: String
        var value: String
    }

    private struct RuleKey: Hashable {
        var spec: ResolvedSnapshot.SelectingSpec
        var rule: Int
    }

    /// All of a rule that says whom it matches; many rules share it.
    private struct PeersKey: Hashable {
        var peers: Peers
        var action: RuleAction
        var conditions: Match
        var isForAllPorts: Bool
        /// Where the peers' own ports count.
        var ports: Ports?
    }

    private let resolved: ResolvedSnapshot
    let views: [PeerView]
    private let withLabel: [LabelText: [Int32]]
    private let everyone: [Int32]
    /// Every party whose address is known, by address.
    private let byAddress: [Int32]
    /// Those whose address nobody knows: every block may have it.
    private let withoutAddress: [Int32]
    private var known: [RuleKey: [Found]] = [:]
    private var knownPeers: [PeersKey: [Found]] = [:]
    private var portCodes: [ConnectionSet: UInt32] = [:]

    init(_ resolved: ResolvedSnapshot, _ parties: [Party]) {
        self.resolved = resolved
        let views = parties.map { resolved.view(of: $0) }
        self.views = views
        var withLabel: [LabelText: [Int32]] = [:]
        for (index, view) in views.enumerated() {
            for label in view.labels.labels {
                withLabel[LabelText(name: label.key.name, value: label.value), default: []].append(Int32(index))
            }
        }
        self.withLabel = withLabel
        everyone = parties.indices.map { Int32($0) }
        withoutAddress = everyone.filter { !views[Int($0)].isAddressKnown }
        byAddress = everyone.filter { views[Int($0)].isAddressKnown }.sorted {
            views[Int($0)].address < views[Int($1)].address
        }
    }

    /// The parties that a rule of a spec matches, in order.
    mutating func matches(_ rule: Rule, at index: Int, of spec: ResolvedSnapshot.SelectingSpec) -> [Found] {
        // The mode changes nothing about who matches.
        let key = RuleKey(spec: .init(policy: spec.policy, spec: spec.spec, mode: .blocking), rule: index)
        if let found = known[key] { return found }
        let conditions = resolved.matching.conditions(of: rule, RequestFacts())
        let depends = rule.direction == .egress && rule.ports.hasNames
        let peers = PeersKey(
            peers: rule.peers,
            action: rule.action,
            conditions: conditions,
            isForAllPorts: rule.ports == .all,
            ports: depends ? rule.ports : nil
        )
        if let found = knownPeers[peers] {
            known[key] = found
            return found
        }
        var found: [Found] = []
        for party in conditions == .no ? [] : candidates(rule) {
            let view = views[Int(party)]
            let match = resolved.matching.match(rule, peer: view).and(conditions)
            guard match != .no else { continue }
            var code = match.code
            if depends {
                let ports = ConnectionSet(rule.ports, namedPortsOf: view.identity)
                let number = portCodes[ports] ?? UInt32(portCodes.count)
                portCodes[ports] = number
                code |= number << 3
            }
            found.append(Found(party: party, code: code))
        }
        known[key] = found
        knownPeers[peers] = found
        return found
    }

    /// At least every party that the rule matches, each once, in order.
    private func candidates(_ rule: Rule) -> [Int32] {
        guard case .anyOf(let peers) = rule.peers else { return everyone }
        if peers.count == 1 { return candidates(peers[0], rule) }
        var found: [Int32] = []
        for peer in peers {
            let own = candidates(peer, rule)
            if own.count == everyone.count { return everyone }
            found += own
        }
        found.sort()
        var last: Int32 = -1
        found.removeAll { party in
            defer { last = party }
            return party == last
        }
        return found
    }

    private func parties(in block: Prefix) -> [Int32] {
        func firstIndex(where isThere: (IPAddress) -> Bool) -> Int {
            var (low, high) = (0, byAddress.count)
            while low < high {
                let middle = (low + high) / 2
                if isThere(views[Int(byAddress[middle])].address) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let first = firstIndex { $0 >= block.base }
        let last = firstIndex { $0 > block.last }
        return (byAddress[first..<last] + withoutAddress).sorted()
    }

    private func candidates(_ peer: Peer, _ rule: Rule) -> [Int32] {
        switch peer {
        case .endpoints(let selector):
            var best: [Int32]?
            for case .isIn(let key, let values) in selector.requirements {
                let found =
                    values.count == 1
                    ? withLabel[LabelText(name: key.name, value: values[0])] ?? []
                    : Set(values.flatMap { withLabel[LabelText(name: key.name, value: $0)] ?? [] }).sorted()
                if found.count < best?.count ?? .max { best = found }
            }
            return best ?? everyone
        case .cidr(let block): return parties(in: block.prefix)
        default: return everyone
        }
    }
}

extension Match {
    /// A number per kind of match; what an uncertain one depends on makes no difference to connections.
    fileprivate var code: UInt32 {
        switch self {
        case .no: 0
        case .maybe: 1
        case .closes: 2
        case .limited: 3
        case .yes: 4
        }
    }
}

extension Ports {
    /// Whether a port is given by its name.
    var hasNames: Bool {
        guard case .anyOf(let list) = self else { return false }
        return list.contains { if case .named = $0 { true } else { false } }
    }
}
