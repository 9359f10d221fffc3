// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

extension CiliumOracle {
    /// What an item says about its peers, and whether the peer is among them.
    enum PeersAnswer {
        case notWritten, noOne
        case listed(Bool)
    }

    func peersAnswer(_ item: Manifest, in spec: Manifest, isDeny: Bool) -> PeersAnswer {
        let prefix = subject.direction == .ingress ? "from" : "to"
        // C 1.6 row 2: any of these written as `[]` selects nothing.
        for name in ["Endpoints", "CIDR", "CIDRSet", "Entities", "Nodes"] {
            if let list = item.field(prefix + name), list.items.isEmpty { return .noOne }
        }
        if let list = item.field(prefix + "Endpoints")?.items {
            return .listed(list.contains { isEndpoint($0, in: spec, isDeny: isDeny) })
        }
        if let list = item.field(prefix + "Entities")?.items {
            return .listed(list.contains { isEntity($0.text, isDeny: isDeny) })
        }
        if let list = item.field(prefix + "CIDR")?.items {
            return .listed(list.contains { isInside($0.text, except: nil) })
        }
        if let list = item.field(prefix + "CIDRSet")?.items {
            return .listed(list.contains { isInSet($0) })
        }
        // H: peers that cannot be checked: an allow rule has none of them, a deny rule has everyone.
        if item.field(prefix + "Nodes") != nil { return .listed(isDeny) }
        // C 1.6 row 4: these are not checked for emptiness; `[]` is as if absent.
        if let list = item.field(prefix + "Groups")?.items, !list.isEmpty { return .listed(isDeny) }
        if let list = item.field(prefix + "FQDNs")?.items, !list.isEmpty { return .listed(isDeny) }
        if let list = item.field(prefix + "Services")?.items, !list.isEmpty {
            // C 1.6: services are never resolved in deny rules, so there they are as if absent.
            return isDeny ? .notWritten : .listed(false)
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

    /// C 1.9: CIDRs match addresses outside only; pods and nodes never match.
    private func isInside(_ cidr: String, except: Manifest?) -> Bool {
        guard peer.kind == .world, let block = Prefix(cidr), block.contains(peer.address) else { return false }
        for item in except?.items ?? [] {
            if let hole = Prefix(item.text), hole.contains(peer.address) { return false }
        }
        return true
    }

    /// C 1.2 CIDRRule: one of cidr, cidrGroupRef, cidrGroupSelector; exceptions belong to this item only.
    private func isInSet(_ item: Manifest) -> Bool {
        let except = item.field("except")
        if let cidr = item.field("cidr") { return isInside(cidr.text, except: except) }
        for group in groups {
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
            if group.field("spec")?.field("externalCIDRs")?.items.contains(where: { isInside($0.text, except: except) })
                ?? false
            {
                return true
            }
        }
        return false
    }
}
