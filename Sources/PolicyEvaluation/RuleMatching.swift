// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyModel

/// The other side of a connection as rules see it.
struct PeerView {
    enum Kind { case endpoint, host, world, unknown }

    var kind: Kind
    var labels: LabelSet
    var address: IPAddress
    /// Named ports of an endpoint; empty for others.
    var identity: Identity?
}

/// Whether rules match, on an engine that judges addresses, protocols and ports only.
///
/// What such an engine cannot check (L7 conditions, DNS names, Services, nodes, cloud groups) closes: an allow rule that
/// needs it matches nothing, a deny rule matches as if the part it cannot check always held.
struct RuleMatching {
    var clusterName: String
    var cidrGroups: CIDRGroupIndex

    func matches(_ rule: Rule, peer: PeerView, subject: Identity, service: Service) -> Bool {
        guard rule.action == .deny || rule.conditions.isEmpty else { return false }
        return matches(rule.peers, action: rule.action, peer: peer)
            && matches(rule.ports, service: service, namedPortsOf: rule.direction == .ingress ? subject : peer.identity)
    }

    func matches(_ peers: Peers, action: RuleAction, peer: PeerView) -> Bool {
        switch peers {
        case .anyone: return peer.kind != .unknown || action == .deny
        case .anyOf(let list): return list.contains { matches($0, action: action, peer: peer) }
        }
    }

    func matches(_ candidate: Peer, action: RuleAction, peer: PeerView) -> Bool {
        guard candidate.isCheckable else { return action == .deny }
        guard peer.kind != .unknown else { return action == .deny && candidate.isEveryone }
        switch candidate {
        case .endpoints(let selector): return selector.matches(peer.labels)
        case .entity(let entity): return entity.matches(peer.labels, cluster: clusterName)
        case .cidr(let block):
            return (block.reach == .anyParty || peer.kind == .world) && block.contains(peer.address)
        case .cidrGroup(let reference, let except):
            return peer.kind == .world
                && cidrGroups.blocks(reference, except: except).contains { $0.contains(peer.address) }
        case .nodes, .services, .dnsNames, .cloudGroups: return action == .deny
        }
    }

    func matches(_ ports: Ports, service: Service, namedPortsOf identity: Identity?) -> Bool {
        switch ports {
        case .all: return true
        case .anyOf(let list): return list.contains { matches($0, service: service, namedPortsOf: identity) }
        }
    }

    private func matches(_ port: PortMatch, service: Service, namedPortsOf identity: Identity?) -> Bool {
        switch port {
        case .numbered(let protocols, let range):
            return protocols.contains(service.ipProtocol) && range.contains(service.port)
        case .named(let protocols, let name):
            return identity?.ports(named: name, protocols).contains {
                $0.ipProtocol == service.ipProtocol && $0.port == service.port
            } ?? false
        case .icmp(let ipProtocol, let type):
            return ipProtocol == service.ipProtocol && UInt16(type) == service.port
        }
    }
}

extension Peer {
    /// Whether an engine that knows labels and addresses can tell who this is.
    public var isCheckable: Bool {
        switch self {
        case .endpoints, .entity, .cidr, .cidrGroup: true
        case .nodes, .services, .dnsNames, .cloudGroups: false
        }
    }

    /// Whether this stands for every party there is, also for one that nobody knows.
    public var isEveryone: Bool { self == .entity(.all) || self == .endpoints(.everything) }
}
