// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

extension CiliumOracle {
    /// What an item says about its peers, and whether the peer is among them.
    enum PeersAnswer {
        case notWritten, noOne
        case listed(Oracle.Truth)
    }

    func peersAnswer(_ item: Manifest, in spec: Manifest, isDeny: Bool) -> PeersAnswer {
        let prefix = subject.direction == .ingress ? "from" : "to"
        // C 1.6 row 2: any of these written as `[]` selects nothing.
        for name in ["Endpoints", "CIDR", "CIDRSet", "Entities", "Nodes"] {
            if let list = item.field(prefix + name), list.items.isEmpty { return .noOne }
        }
        if let list = item.field(prefix + "Endpoints")?.items {
            return .listed(list.contains { isEndpoint($0, in: spec, isDeny: isDeny) } ? .yes : .no)
        }
        if let list = item.field(prefix + "Entities")?.items {
            return .listed(.any(list.map { entityAnswer($0.text, isDeny: isDeny) }))
        }
        if let list = item.field(prefix + "CIDR")?.items {
            return .listed(.any(list.map { insideAnswer($0.text, except: nil) }))
        }
        if let list = item.field(prefix + "CIDRSet")?.items {
            return .listed(.any(list.map(setAnswer)))
        }
        // H: peers that a host cannot check: an allow rule has none of them, a deny rule has everyone.
        let unchecked: Oracle.Truth? = isChecked ? nil : isDeny ? .yes : .no
        if let list = item.field(prefix + "Nodes")?.items {
            return .listed(unchecked ?? .any(list.map(nodeAnswer)))
        }
        // C 1.6 row 4: these are not checked for emptiness; `[]` is as if absent.
        if let list = item.field(prefix + "Groups")?.items, !list.isEmpty {
            return .listed(unchecked ?? (peer.kind == .world ? .open(isLimited: false) : .no))
        }
        if let list = item.field(prefix + "FQDNs")?.items, !list.isEmpty {
            return .listed(unchecked ?? fqdnAnswer(list))
        }
        if let list = item.field(prefix + "Services")?.items, !list.isEmpty {
            // C 1.6: services are never resolved in deny rules, so there they are as if absent.
            return isDeny ? .notWritten : .listed(unchecked ?? servicesAnswer(list, hasPorts: portsAnswer(item) != nil))
        }
        return .notWritten
    }

    /// C 1.4, namespace and cluster scoping of peers.
    private func isEndpoint(_ written: Manifest, in spec: Manifest, isDeny: Bool) -> Bool {
        var selector = OracleSelector(written, split: OracleSelector.ciliumKey)
        let keys = selector.requirements
        let namesReserved = keys.contains { $0.source == "reserved" }
        let namesNamespace = keys.contains {
            ["k8s", "any"].contains($0.source) && $0.name == "io.kubernetes.pod.namespace"
        }
        let namesNamespaceLabel = keys.contains {
            ["k8s", "any"].contains($0.source) && $0.name.hasPrefix("io.cilium.k8s.namespace.labels.")
        }
        let namesCluster = keys.contains {
            ["k8s", "any"].contains($0.source) && $0.name == "io.cilium.k8s.policy.cluster"
        }
        // Any reserved key leaves the selector as it is; so does a cluster-wide subject that names reserved:init.
        if !namesReserved, namespace != nil || !subjectNamesInit(spec) {
            if let namespace {
                if !namesNamespace, !namesNamespaceLabel {
                    selector.add("k8s", "io.kubernetes.pod.namespace", "In", [namespace])
                }
            } else if !namesNamespace {
                selector.add("k8s", "io.kubernetes.pod.namespace", "Exists", [])
            }
            // policy-default-local-cluster: every peer selector without a cluster means the local one.
            if !namesCluster { selector.add("k8s", "io.cilium.k8s.policy.cluster", "In", ["default"]) }
        }
        // H: unknown addresses are denied with everyone, and match nothing else.
        guard peer.kind != .unknown else { return isDeny && selector.requirements.isEmpty }
        return selector.matches(peer.labels)
    }

    private func subjectNamesInit(_ spec: Manifest) -> Bool {
        OracleSelector(spec.field("endpointSelector"), split: OracleSelector.ciliumKey).requirements
            .contains { $0.source == "reserved" && $0.name == "init" }
    }

    /// C 1.4 from/toNodes: nodes by their labels, never the local host.
    private func nodeAnswer(_ written: Manifest) -> Oracle.Truth {
        let selector = OracleSelector(written, split: OracleSelector.ciliumKey)
        switch peer.kind {
        case .node: return selector.matches(peer.nodeLabels ?? []) ? .yes : .no
        case .reserved where peer.labels.contains { $0.name == "remote-node" }:
            return selector.requirements.isEmpty ? .yes : .open(isLimited: false)
        default: return .no
        }
    }

    /// C 1.10: addresses outside by the name they were looked up by.
    private func fqdnAnswer(_ list: [Manifest]) -> Oracle.Truth {
        guard peer.kind == .world else { return .no }
        guard let name = question.request.dnsName else { return .open(isLimited: false) }
        return list.contains { isName(name, $0) } ? .yes : .no
    }

    /// C 1.2 Service: the backends; C 1.6: none found is as if no peers were written.
    private func servicesAnswer(_ list: [Manifest], hasPorts: Bool) -> Oracle.Truth {
        guard peer.kind != .unknown else { return .no }
        let found = list.flatMap { item in world.services.filter { isMeant($0, by: item) } }
        // H: the Service may be one that the manifests leave out.
        if found.isEmpty { return hasPorts ? .open(isLimited: false) : .no }
        var answers: [Oracle.Truth] = []
        for service in found {
            if peer.isAddressKnown, service.backends.contains(peer.address) { answers.append(.yes) }
            guard let selector = service.selector else {
                if !peer.isAddressKnown, !service.backends.isEmpty {
                    // H: an address that nobody knows may be one of them, unless it is read as outside.
                    let isPod = if case .endpoint = peer.kind { true } else { false }
                    if !isPod || world.unknownReading == .uncertain { answers.append(.open(isLimited: false)) }
                }
                // H: its Endpoints are not among the manifests.
                if service.backends.isEmpty, peer.kind == .world { answers.append(.open(isLimited: false)) }
                continue
            }
            guard case .endpoint(let index) = peer.kind, world.workloads[index].namespace == service.namespace else {
                continue
            }
            let isBackend = selector.allSatisfy { pair in
                peer.labels.contains { $0.source == "k8s" && $0.name == pair.key && $0.value == pair.value }
            }
            if isBackend { answers.append(.yes) }
        }
        return .any(answers)
    }

    /// C 1.2: an empty namespace is any; a selector wins over a name.
    private func isMeant(_ service: RandomWorld.Service, by item: Manifest) -> Bool {
        let choice = item.field("k8sServiceSelector") ?? item.field("k8sService")
        if let namespace = choice?.field("namespace")?.text, !namespace.isEmpty, namespace != service.namespace {
            return false
        }
        guard let selector = item.field("k8sServiceSelector")?.field("selector") else {
            return choice?.field("serviceName")?.text == service.name
        }
        let labels = service.labels.map { Oracle.PartyLabel(source: "k8s", name: $0.key, value: $0.value) }
        return OracleSelector(selector, split: OracleSelector.ciliumKey).matches(Set(labels))
    }

    /// C 1.3: `kube-apiserver` is stacked on host, node or world; its addresses are the endpoints of default/kubernetes.
    private func entityAnswer(_ name: String, isDeny: Bool) -> Oracle.Truth {
        if isEntity(name, isDeny: isDeny) { return .yes }
        guard isChecked, name == "kube-apiserver" else { return .no }
        let service = world.services.first { $0.namespace == "default" && $0.name == "kubernetes" }
        switch peer.kind {
        case .host, .node, .world:
            guard let backends = service?.backends, !backends.isEmpty, peer.isAddressKnown else {
                return .open(isLimited: false)
            }
            return backends.contains(peer.address) ? .yes : .no
        case .reserved:
            // H: some remote node, nobody says which.
            return peer.labels.map(\.name) == ["remote-node"] ? .open(isLimited: false) : .no
        case .endpoint, .unknown: return .no
        }
    }

    /// C 1.3.
    private func isEntity(_ name: String, isDeny: Bool) -> Bool {
        // H: `all` in a deny rule is the only entity that an unknown address belongs to.
        if peer.kind == .unknown { return isDeny && name == "all" }
        func isPeerReserved(_ names: [String]) -> Bool {
            names.contains { name in peer.labels.contains { $0.source == "reserved" && $0.name == name } }
        }
        let reservedOfCluster = ["host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver"]
        let cluster = peer.labels.first { $0.source == "k8s" && $0.name == "io.cilium.k8s.policy.cluster" }?.value
        switch name {
        case "all": return true
        case "none": return false
        case "world": return isPeerReserved(["world", "world-ipv4", "world-ipv6"])
        case "cluster": return isPeerReserved(reservedOfCluster) || cluster == "default"
        case "cluster-mesh": return isPeerReserved(reservedOfCluster) || cluster != nil
        default: return isPeerReserved([name])
        }
    }

    /// C 1.9: CIDRs match addresses outside; pods and nodes only where the settings say so.
    private func insideAnswer(_ cidr: String, except: Manifest?) -> Oracle.Truth {
        guard Oracle.isReached(peer, world.cidrModes) else { return .no }
        return Oracle(world: world).isInside(peer, cidr, except: except?.items ?? [])
    }

    /// C 1.2 CIDRRule: one of cidr, cidrGroupRef, cidrGroupSelector; exceptions belong to this item only.
    private func setAnswer(_ item: Manifest) -> Oracle.Truth {
        let except = item.field("except")
        if let cidr = item.field("cidr") { return insideAnswer(cidr.text, except: except) }
        var answers: [Oracle.Truth] = []
        for group in world.groups {
            if let name = item.field("cidrGroupRef")?.text, group.field("metadata")?.field("name")?.text != name {
                continue
            }
            if let selector = item.field("cidrGroupSelector") {
                var labels: Set<Oracle.PartyLabel> = []
                for pair in group.field("metadata")?.field("labels")?.pairs ?? [] {
                    labels.insert(.init(source: "cidrgroup", name: pair.key, value: pair.value.text))
                }
                guard OracleSelector(selector, split: OracleSelector.ciliumKey).matches(labels) else { continue }
            }
            // C 1.6: a missing or empty group selects nothing.
            for block in group.field("spec")?.field("externalCIDRs")?.items ?? [] {
                answers.append(insideAnswer(block.text, except: except))
            }
        }
        return .any(answers)
    }
}
