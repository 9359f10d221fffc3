// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy, read line by line from the API's types.
struct TieredOracle {
    let policy: Manifest
    let subject: Oracle.Subject
    let peer: Oracle.Party
    let question: RandomQuestion
    let world: RandomWorld

    func voice() -> Oracle.Voice {
        var voice = Oracle.Voice(policy: Oracle.label(of: policy))
        let spec = policy.field("spec")
        // A kinds: AdminNetworkPolicy is asked before, BaselineAdminNetworkPolicy after; ClusterNetworkPolicy says it.
        switch policy.field("kind")?.text {
        case "AdminNetworkPolicy": voice.tier = .admin
        case "BaselineAdminNetworkPolicy": voice.tier = .baseline
        default: voice.tier = spec?.field("tier")?.text == "Admin" ? .admin : .baseline
        }
        voice.priority = spec?.field("priority")?.number ?? 0
        // A subject: pods; host-networked ones and hosts are never among them.
        guard subject.workload != nil, isPod(spec?.field("subject"), subject.labels) else { return voice }
        let section = spec?.field(subject.direction == .ingress ? "ingress" : "egress")?.items ?? []
        for (index, rule) in section.enumerated() {
            let words: [String: RuleAction] = ["Allow": .allow, "Accept": .allow, "Deny": .deny, "Pass": .pass]
            let action = words[rule.field("action")?.text ?? ""] ?? .deny
            let truth = matches(rule, action)
            guard truth != .no else { continue }
            let id = Oracle.rule(policy, spec: 0, subject.direction, action.rawValue, index)
            voice.rules.append(.init(id: id, action: action, truth: truth))
        }
        return voice
    }

    /// A `namespaces`, `pods`: by the labels of namespaces and of the pods themselves.
    private func isPod(_ choice: Manifest?, _ labels: Set<Oracle.PartyLabel>) -> Bool {
        if let namespaces = choice?.field("namespaces") {
            return OracleSelector(namespaces, split: OracleSelector.namespaceKey).matches(labels)
        }
        guard let pods = choice?.field("pods") else { return false }
        return OracleSelector(pods.field("namespaceSelector"), split: OracleSelector.namespaceKey).matches(labels)
            && OracleSelector(pods.field("podSelector"), split: OracleSelector.podKey).matches(labels)
    }

    private func matches(_ rule: Manifest, _ action: RuleAction) -> Oracle.Truth {
        let ports = (rule.field("ports") ?? rule.field("protocols"))?.items
        // A ports: not given, all ports of all protocols.
        if let ports, !ports.contains(where: isPort) { return .no }
        let peers = rule.field(subject.direction == .ingress ? "from" : "to")?.items ?? []
        return .any(peers.map { peerAnswer($0, action) })
    }

    private func peerAnswer(_ item: Manifest, _ action: RuleAction) -> Oracle.Truth {
        if item.field("namespaces") != nil || item.field("pods") != nil {
            guard case .endpoint = peer.kind else { return .no }
            return isPod(item, peer.labels) ? .yes : .no
        }
        if let networks = item.field("networks")?.items {
            // A networks: cluster-internal traffic is checked against the rule as well. H: but nobody unknown.
            guard peer.kind != .unknown else { return .no }
            return .any(networks.map { Oracle(world: world).isInside(peer, $0.text, except: []) })
        }
        // H: a host cannot check the others; A: fail closed: accept nothing, deny, and deny instead of passing.
        if world.reach == .layer4 { return action == .allow ? .no : action == .deny ? .yes : .closes }
        if let nodes = item.field("nodes") { return nodeAnswer(nodes) }
        // A domainNames: names of addresses outside.
        guard peer.kind == .world else { return .no }
        guard let name = question.request.dnsName else { return .open(isLimited: false) }
        return (item.field("domainNames")?.items ?? []).contains { isName(name, $0.text) } ? .yes : .no
    }

    /// A nodes: by their labels; empty selects all; the local node is one of them.
    private func nodeAnswer(_ written: Manifest) -> Oracle.Truth {
        let selector = OracleSelector(written, split: OracleSelector.podKey)
        switch peer.kind {
        case .node: return selector.matches(peer.nodeLabels ?? []) ? .yes : .no
        case .host:
            if let labels = peer.nodeLabels { return selector.matches(labels) ? .yes : .no }
            if selector.requirements.isEmpty { return .yes }
            let answers = Set(world.nodes.map { selector.matches(Oracle.labels(of: $0)) })
            if answers == [true] { return .yes }
            return answers == [false] ? .no : .open(isLimited: false)
        case .reserved where peer.labels.contains { $0.name == "remote-node" }:
            return selector.requirements.isEmpty ? .yes : .open(isLimited: false)
        default: return .no
        }
    }

    /// A DomainName: `*.` stands for one label or more before the rest.
    private func isName(_ name: String, _ wanted: String) -> Bool {
        let name = name.lowercased()
        guard wanted.hasPrefix("*.") else { return name == wanted }
        return name.hasSuffix(wanted.dropFirst()) && name.count > wanted.count - 1
    }

    private func isPort(_ item: Manifest) -> Bool {
        let service = question.service
        let numbers: [String: UInt8] = ["TCP": 6, "UDP": 17, "SCTP": 132, "tcp": 6, "udp": 17, "sctp": 132]
        if let name = (item.field("namedPort") ?? item.field("destinationNamedPort"))?.text {
            // A namedPort: of the pod that is the destination, in whatever protocol.
            let owner = subject.direction == .ingress ? subject.ports : peer.ports
            return owner.contains {
                $0.name == name && $0.ipProtocol == service.ipProtocol && $0.port == service.port
            }
        }
        if let port = item.field("portNumber") ?? item.field("portRange") {
            guard numbers[port.field("protocol")?.text ?? "TCP"] == service.ipProtocol.rawValue else { return false }
            let first = port.field("port")?.number ?? port.field("start")?.number ?? 0
            let last = port.field("port")?.number ?? port.field("end")?.number ?? 0
            return (first...last).contains(Int(service.port))
        }
        for pair in item.pairs where numbers[pair.key] == service.ipProtocol.rawValue {
            let port = pair.value.field("destinationPort")
            let first = port?.field("number")?.number ?? port?.field("range")?.field("start")?.number ?? 0
            let last = port?.field("number")?.number ?? port?.field("range")?.field("end")?.number ?? 0
            if (first...last).contains(Int(service.port)) { return true }
        }
        return false
    }
}
