// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyModel

/// Whether rules match.
///
/// On an engine of `EngineReach.layer4` what it cannot check (L7 conditions, DNS names, Services, nodes, cloud groups)
/// closes: an allow rule that needs it matches nothing, a deny rule matches as if the part it cannot check always held, and
/// a rule that passes on denies. On one of `layer7` the same parts are checked against what is known, and what is not known makes a match uncertain.
struct RuleMatching {
    var clusterName: String
    var cidrGroups: CIDRGroupIndex
    var reach: EngineReach
    var services: ServiceIndex
    var hosts: HostLabels
    var unknownAddresses: UnknownAddresses.Reading

    init(_ snapshot: ClusterSnapshot) {
        clusterName = snapshot.clusterName
        cidrGroups = CIDRGroupIndex(snapshot.cidrGroups)
        reach = snapshot.reach
        services = ServiceIndex(snapshot.services)
        hosts = HostLabels(snapshot.nodes)
        unknownAddresses = snapshot.unknownAddresses?.reading ?? .uncertain
    }

    func match(
        _ rule: Rule,
        peer: PeerView,
        subject: Identity?,
        service: Service,
        request: RequestFacts = RequestFacts()
    ) -> Match {
        let named = rule.direction == .ingress ? subject : peer.identity
        guard matches(rule.ports, service: service, namedPortsOf: named) else { return .no }
        return match(rule, peer: peer).and(conditions(of: rule, request))
    }

    /// Whether the other side is one of the rule's peers.
    func match(_ rule: Rule, peer: PeerView) -> Match {
        switch rule.peers {
        case .anyone: return peer.kind != .unknown || rule.action == .deny ? .yes : .no
        case .anyOf(let list):
            return Match.any(list.lazy.map { match($0, of: rule, peer: peer) })
        }
    }

    /// Whether the rule's conditions hold for a request; on `layer4` an allow rule with any allows nothing.
    func conditions(of rule: Rule, _ request: RequestFacts) -> Match {
        guard !rule.conditions.isEmpty else { return .yes }
        guard reach == .layer7 else { return Self.unchecked(rule.action) }
        return rule.conditions.reduce(.yes) { $0.and($1.match(request)) }
    }

    /// What becomes of a rule with a part that cannot be checked.
    private static func unchecked(_ action: RuleAction) -> Match {
        switch action {
        case .allow: .no
        case .deny: .yes
        case .pass: .closes
        }
    }

    private func match(_ candidate: Peer, of rule: Rule, peer: PeerView) -> Match {
        if reach == .layer4, !candidate.isCheckable { return Self.unchecked(rule.action) }
        guard peer.kind != .unknown else { return rule.action == .deny && candidate.isEveryone ? .yes : .no }
        switch candidate {
        case .endpoints(let selector): return selector.matches(peer.labels) ? .yes : .no
        case .entity(let entity): return match(entity, peer)
        case .cidr(let block): return match(block, peer)
        case .cidrGroup(let reference, let except):
            return Match.any(cidrGroups.blocks(reference, except: except).lazy.map { match($0, peer) })
        case .nodes(let selector): return match(nodes: selector, peer)
        case .clusterNodes(let selector):
            guard peer.kind == .host else { return match(nodes: selector, peer) }
            return peer.nodeLabels.map { selector.matches($0) ? .yes : .no } ?? hosts.match(selector)
        case .services(let references): return match(references, of: rule, peer)
        case .dnsNames(let names):
            guard peer.kind == .world else { return .no }
            guard let name = peer.dnsName else { return .maybe(.dnsName) }
            return names.contains { $0.matches(name) } ? .yes : .no
        case .cloudGroups: return peer.kind == .world ? .maybe(.cloudGroup) : .no
        }
    }

    private func match(_ block: CIDRPeer, _ peer: PeerView) -> Match {
        guard peer.isReached(by: block.reach) else { return .no }
        guard !peer.isAddressKnown else { return block.contains(peer.address) ? .yes : .no }
        let isWholeFamily = block.prefix.length == 0 && block.except.isEmpty
        if isWholeFamily, block.prefix.family == peer.address.family { return .yes }
        return peer.kind == .endpoint && unknownAddresses == .outsideBlocks ? .no : .maybe(.address)
    }

    /// The API server is wherever its Service says; without that it may be any node or address outside.
    private func match(_ entity: Entity, _ peer: PeerView) -> Match {
        if entity.matches(peer.labels, cluster: clusterName) { return .yes }
        guard reach == .layer7, entity == .kubeAPIServer else { return .no }
        switch peer.kind {
        case .host, .node, .world:
            guard let backends = services.apiServer, peer.isAddressKnown else { return .maybe(.apiServer) }
            return backends.contains(peer.address) ? .yes : .no
        case .reserved: return peer.labels == ReservedIdentity.remoteNode ? .maybe(.apiServer) : .no
        case .endpoint, .unknown: return .no
        }
    }

    /// Nodes by their labels, never the local one (Cilium documentation, "Node based").
    private func match(nodes selector: Selector, _ peer: PeerView) -> Match {
        switch peer.kind {
        case .node:
            guard let labels = peer.nodeLabels else { return .maybe(.node) }
            return selector.matches(labels) ? .yes : .no
        case .reserved:
            guard peer.labels.value(for: .reserved("remote-node")) != nil else { return .no }
            return selector == .everything ? .yes : .maybe(.node)
        case .endpoint, .host, .world, .unknown: return .no
        }
    }

    /// Cilium resolves Services in allow rules only, and takes a rule of which none is found for one without peers.
    private func match(_ references: [ServiceReference], of rule: Rule, _ peer: PeerView) -> Match {
        let found = rule.action == .allow ? references.flatMap { services.matching($0) } : []
        guard !found.isEmpty else { return rule.ports == .all ? .no : .maybe(.service) }
        return Match.any(
            found.map { service in
                if peer.isAddressKnown, service.backends.contains(peer.address) { return .yes }
                guard let selector = service.selector else {
                    if !peer.isAddressKnown, !service.backends.isEmpty {
                        return peer.kind == .endpoint && unknownAddresses == .outsideBlocks ? .no : .maybe(.address)
                    }
                    return peer.kind == .world && service.backends.isEmpty ? .maybe(.service) : .no
                }
                guard let identity = peer.identity, identity.namespace == service.namespace else { return .no }
                let isBackend = selector.allSatisfy { identity.labels.value(for: .k8s($0.key)) == $0.value }
                return isBackend ? .yes : .no
            }
        )
    }

    /// Whether one of the rule's ports is the connection's.
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
        case .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups: false
        }
    }

    /// Whether this stands for every party there is, also for one that nobody knows.
    public var isEveryone: Bool { self == .entity(.all) || self == .endpoints(.everything) }
}
