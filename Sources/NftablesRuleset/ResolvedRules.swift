// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Whom a rule is about, in the kernel's terms.
enum RuleTarget: Hashable {
    case anyone
    case peerClass(UInt32)
}

/// Rules translated to classes and connection sets.
///
/// Follows `RuleMatching` of PolicyEvaluation: what the kernel cannot check closes. The two are held together by tests
/// that compare the kernel with the engine.
struct ResolvedRules {
    private let world: ResolvedSnapshot
    private let classes: AddressClasses
    /// Endpoint classes by namespace, for selectors that demand one.
    private let byNamespace: [String: [PeerClass]]
    private let all: [PeerClass]
    private let byBlock: [CIDRPeer: [PeerClass]]
    private var known: [Peer: [PeerClass]] = [:]

    init(_ world: ResolvedSnapshot, _ classes: AddressClasses) {
        self.world = world
        self.classes = classes
        all = classes.classes.values.sorted { $0.number < $1.number }
        var byNamespace: [String: [PeerClass]] = [:]
        var byBlock: [CIDRPeer: [PeerClass]] = [:]
        for peerClass in all {
            if let namespace = peerClass.identity?.namespace { byNamespace[namespace, default: []].append(peerClass) }
            for block in peerClass.blocks { byBlock[block, default: []].append(peerClass) }
        }
        self.byNamespace = byNamespace
        self.byBlock = byBlock
    }

    /// Adds what one rule matches to a table of connection sets by target.
    mutating func add(_ rule: Rule, subject: Identity, to table: inout [RuleTarget: ConnectionSet]) {
        guard rule.action == .deny || rule.conditions.isEmpty else { return }
        guard case .anyOf(let peers) = rule.peers, !widens(peers, rule.action) else {
            // Named ports of an outbound rule differ from peer to peer, so that everyone has to be listed.
            if rule.direction == .egress, rule.ports.hasNamedPort {
                for peerClass in all { add(rule.ports, of: peerClass.identity, .peerClass(peerClass.number), &table) }
                add(rule.ports, of: nil, .anyone, &table)
            } else {
                add(rule.ports, of: subject, .anyone, &table)
            }
            return
        }
        for peer in peers {
            for peerClass in members(of: peer) {
                let named = rule.direction == .ingress ? subject : peerClass.identity
                add(rule.ports, of: named, .peerClass(peerClass.number), &table)
            }
        }
    }

    /// Whether a list of peers stands for everyone: it names everyone, or it belongs to a deny rule that cannot be checked.
    private func widens(_ peers: [Peer], _ action: RuleAction) -> Bool {
        peers.contains { $0.isEveryone || (action == .deny && !$0.isCheckable) }
    }

    private mutating func members(of peer: Peer) -> [PeerClass] {
        if let found = known[peer] { return found }
        let found = findMembers(of: peer)
        known[peer] = found
        return found
    }

    private func findMembers(of peer: Peer) -> [PeerClass] {
        switch peer {
        case .endpoints(let selector):
            let candidates = selector.requiredValue(for: WellKnownLabel.namespace).map { byNamespace[$0] ?? [] } ?? all
            return candidates.filter { selector.matches($0.labels) }
        case .entity(let entity):
            return all.filter { entity.matches($0.labels, cluster: world.snapshot.clusterName) }
        case .cidr(let block): return reachable(block)
        case .cidrGroup(let reference, let except):
            return world.cidrGroups.blocks(reference, except: except).flatMap(reachable)
        case .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups: return []
        }
    }

    private func reachable(_ block: CIDRPeer) -> [PeerClass] {
        (byBlock[block] ?? []).filter { peerClass in
            if case .world = peerClass.key { true } else { block.reach == .anyParty }
        }
    }

    private func add(
        _ ports: Ports,
        of named: Identity?,
        _ target: RuleTarget,
        _ table: inout [RuleTarget: ConnectionSet]
    ) {
        let set = ConnectionSet(ports, namedPortsOf: named)
        guard !set.isEmpty else { return }
        table[target, default: .none].formUnion(set)
    }
}
