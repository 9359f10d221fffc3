// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel

/// NetworkPolicy (networking.k8s.io/v1), read line by line from the API reference.
struct KubernetesOracle {
    let policy: Manifest
    let subject: Oracle.Subject
    let peer: Oracle.Party
    let service: Service
    let world: RandomWorld

    private var namespace: String { Oracle.namespace(of: policy) ?? "" }

    func voice() -> Oracle.Voice {
        var voice = Oracle.Voice(policy: Oracle.label(of: policy))
        let spec = policy.field("spec")
        // K spec.podSelector: pods of the policy's own namespace; empty (also absent) selects all of them.
        guard subject.workload?.namespace == namespace else { return voice }
        guard OracleSelector(spec?.field("podSelector"), split: OracleSelector.podKey).matches(subject.labels) else {
            return voice
        }
        guard policyTypes(spec).contains(subject.direction) else { return voice }
        voice.isolates = true
        voice.hasSay = true
        let section = spec?.field(subject.direction == .ingress ? "ingress" : "egress")
        for (index, rule) in (section?.items ?? []).enumerated() where matchesPort(rule) {
            let truth = peerAnswer(rule)
            if truth == .no { continue }
            let id = Oracle.rule(policy, spec: 0, subject.direction, "allow", index)
            voice.rules.append(.init(id: id, action: .allow, truth: truth))
        }
        return voice
    }

    /// K spec.policyTypes: if not given, Ingress always, and Egress if the policy has any egress rules.
    private func policyTypes(_ spec: Manifest?) -> Set<Direction> {
        let written = spec?.field("policyTypes")?.items.map(\.text) ?? []
        if written.isEmpty {
            let hasEgress = !(spec?.field("egress")?.items ?? []).isEmpty
            return hasEgress ? [.ingress, .egress] : [.ingress]
        }
        var types: Set<Direction> = []
        if written.contains("Ingress") { types.insert(.ingress) }
        if written.contains("Egress") { types.insert(.egress) }
        // C 1.13: Cilium does not consult policyTypes about a section that has rules.
        if world.semantics == .cilium {
            if !(spec?.field("ingress")?.items ?? []).isEmpty { types.insert(.ingress) }
            if !(spec?.field("egress")?.items ?? []).isEmpty { types.insert(.egress) }
        }
        return types
    }

    private func peerAnswer(_ rule: Manifest) -> Oracle.Truth {
        // H: no rule ever allows an unknown address.
        guard peer.kind != .unknown else { return .no }
        let peers = rule.field(subject.direction == .ingress ? "from" : "to")?.items ?? []
        // K ingress.from, egress.to: empty or missing matches all sources or destinations.
        if peers.isEmpty { return .yes }
        return .any(peers.map { item in item.field("ipBlock").map(blockAnswer) ?? (matches(item) ? .yes : .no) })
    }

    /// K ipBlock: addresses inside cidr but for those inside an except; H: whoever has the address.
    private func blockAnswer(_ block: Manifest) -> Oracle.Truth {
        // C 1.13: Cilium's blocks are about addresses outside.
        if world.semantics == .cilium, !Oracle.isReached(peer, world.cidrModes) { return .no }
        let except = block.field("except")?.items ?? []
        return Oracle(world: world).isInside(peer, block.field("cidr")?.text ?? "", except: except)
    }

    private func matches(_ item: Manifest) -> Bool {
        // Selectors are about pods; neither the host nor the world has a namespace.
        guard case .endpoint = peer.kind else { return false }
        let peerNamespace = peer.labels.first { $0.name == "io.kubernetes.pod.namespace" }?.value
        if let namespaces = item.field("namespaceSelector") {
            // K peer.namespaceSelector: present but empty selects all namespaces.
            let selector = OracleSelector(namespaces, split: OracleSelector.namespaceKey)
            guard selector.matches(peer.labels) else { return false }
        } else if peerNamespace != namespace {
            // K peer.podSelector alone: pods of the policy's own namespace.
            return false
        }
        // K: both selectors together are ANDed; an absent pod selector selects all pods of the namespaces.
        return OracleSelector(item.field("podSelector"), split: OracleSelector.podKey).matches(peer.labels)
    }

    private func matchesPort(_ rule: Manifest) -> Bool {
        let ports = rule.field("ports")?.items ?? []
        // K ingress.ports: empty or missing matches all ports (traffic not restricted by port).
        if ports.isEmpty { return true }
        return ports.contains { matchesPort($0, service) }
    }

    private func matchesPort(_ item: Manifest, _ service: Service) -> Bool {
        // K port.protocol: TCP, UDP or SCTP; TCP if not given.
        let numbers: [String: UInt8] = ["TCP": 6, "UDP": 17, "SCTP": 132]
        guard service.ipProtocol.rawValue == numbers[item.field("protocol")?.text ?? "TCP"] else { return false }
        // K port.port: if not given, all port names and numbers.
        guard let port = item.field("port") else { return true }
        if let first = port.number {
            // K port.endPort: the range from port to endPort, both included.
            let last = item.field("endPort")?.number ?? first
            return first <= Int(service.port) && Int(service.port) <= last
        }
        // K port.port as a name: a named port on the pod that is the destination.
        let owner = subject.direction == .ingress ? subject.ports : peer.ports
        return owner.contains {
            $0.name == port.text && $0.ipProtocol == service.ipProtocol && $0.port == service.port
        }
    }
}
