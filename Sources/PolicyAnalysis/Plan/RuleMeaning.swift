// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// A rule without what makes no difference: order and duplicates in its lists, spellings of ports.
struct RuleMeaning: Hashable {
    /// Ports without regard to how they are written.
    struct PortMeaning: Hashable {
        var connections = ConnectionSet.none
        var named: Set<NamedPortMatch> = []

        mutating func add(_ other: PortMeaning) {
            connections.formUnion(other.connections)
            named.formUnion(other.named)
        }
    }

    struct NamedPortMatch: Hashable {
        var ipProtocol: IPProtocol
        var name: String
    }

    /// `nil`: everyone.
    var peers: Set<Peer>?
    var ports: PortMeaning
    var conditions: Set<Condition>
    var action: RuleAction

    init(_ rule: Rule) {
        switch rule.peers {
        case .anyone: peers = nil
        case .anyOf(let list): peers = Set(list.map(\.normalised))
        }
        ports = PortMeaning(rule.ports)
        conditions = Set(rule.conditions)
        action = rule.action
    }

    /// Whether the rule matches nothing.
    var isEmpty: Bool { peers?.isEmpty == true || ports == PortMeaning() }
}

extension RuleMeaning.PortMeaning {
    init(_ ports: Ports) {
        guard case .anyOf(let list) = ports else {
            connections = .all
            return
        }
        var ranges: [IPProtocol: [PortRange]] = [:]
        for port in list {
            switch port {
            case .numbered(let protocols, let range):
                for ipProtocol in protocols { ranges[ipProtocol, default: []].append(range) }
            case .named(let protocols, let name):
                named.formUnion(protocols.map { .init(ipProtocol: $0, name: name) })
            case .icmp(let ipProtocol, let type): ranges[ipProtocol, default: []].append(PortRange(UInt16(type)))
            }
        }
        connections = ConnectionSet(ranges.mapValues { PortSet($0) })
    }
}

/// The rules of one section in a form that does not depend on how they are split.
///
/// Without conditions a rule is the sum over its peers, so each peer has the sum of its ports.
struct SectionMeaning: Hashable {
    private struct Key: Hashable {
        var peer: Peer?
        var conditions: Set<Condition>
        var action: RuleAction
    }

    private var ports: [Key: RuleMeaning.PortMeaning] = [:]

    init(_ rules: some Sequence<Rule>) {
        for rule in rules {
            let meaning = RuleMeaning(rule)
            guard !meaning.isEmpty else { continue }
            for peer in meaning.peers.map({ $0.map(Optional.some) }) ?? [nil] {
                ports[
                    Key(peer: peer, conditions: meaning.conditions, action: meaning.action),
                    default: .init()
                ].add(meaning.ports)
            }
        }
    }
}

extension Peer {
    /// With lists sorted and without duplicates.
    var normalised: Peer {
        switch self {
        case .endpoints(let selector): .endpoints(selector.normalised)
        case .nodes(let selector): .nodes(selector.normalised)
        case .clusterNodes(let selector): .clusterNodes(selector.normalised)
        case .cidr(let block):
            .cidr(CIDRPeer(block.prefix, except: Set(block.except).sorted(), reach: block.reach))
        case .cidrGroup(let reference, let except): .cidrGroup(reference, except: Set(except).sorted())
        case .entity, .services, .dnsNames, .cloudGroups: self
        }
    }
}

extension Selector {
    /// Requirements and their values sorted, each once; equal for selectors that differ in order alone.
    var normalised: Selector {
        let sorted = requirements.map { requirement -> Requirement in
            switch requirement {
            case .isIn(let key, let values): .isIn(key, Set(values).sorted())
            case .isNotIn(let key, let values): .isNotIn(key, Set(values).sorted())
            case .exists, .doesNotExist: requirement
            }
        }
        return Selector(Set(sorted).sorted { $0.key == $1.key ? "\($0)" < "\($1)" : $0.key < $1.key })
    }
}

extension Policy {
    /// Whether another version says the very same, at whatever place in whatever file.
    func isSame(as other: Policy) -> Bool {
        guard tier == other.tier, priority == other.priority, mode == other.mode, summary == other.summary,
            specs.count == other.specs.count
        else { return false }
        return zip(specs, other.specs).allSatisfy { one, other in
            one.subject == other.subject && one.isolates == other.isolates && one.rules.count == other.rules.count
                && zip(one.rules, other.rules).allSatisfy { $0.isSame(as: $1) }
        }
    }
}

extension Rule {
    fileprivate func isSame(as other: Rule) -> Bool {
        direction == other.direction && action == other.action && index == other.index && peers == other.peers
            && ports == other.ports && conditions == other.conditions
    }
}
