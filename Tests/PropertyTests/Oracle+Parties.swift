// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel

extension Oracle {
    /// One label of a party: `source:name=value`.
    struct PartyLabel: Hashable {
        var source: String
        var name: String
        var value: String
    }

    /// Who has an address.
    struct Party {
        enum Kind: Hashable {
            case endpoint(Int), host, node(Int), reserved, world, unknown
        }

        var kind: Kind
        var address: IPAddress
        var labels: Set<PartyLabel>
        /// Of an endpoint; none for others.
        var ports: [NamedPortText] = []
        /// Labels of the node that this is; `nil` when it is none, or nobody says which.
        var nodeLabels: Set<PartyLabel>?

        var isAddressKnown = true

        var isLocalHost: Bool { kind == .host }
    }

    /// Whether a party is inside an address block and outside its exceptions.
    func isInside(_ party: Party, _ cidr: String, except: [Manifest]) -> Truth {
        guard let block = Prefix(cidr) else { return .no }
        guard party.isAddressKnown else {
            // H: an address that nobody knows is IPv4, and may be anywhere, unless blocks are read as outside.
            if cidr == "0.0.0.0/0", except.isEmpty { return .yes }
            if case .endpoint = party.kind, world.unknownReading == .outsideBlocks { return .no }
            return .open(isLimited: false)
        }
        guard block.contains(party.address) else { return .no }
        for item in except {
            if let hole = Prefix(item.text), hole.contains(party.address) { return .no }
        }
        return .yes
    }

    /// A port with a name.
    struct NamedPortText: Hashable, Sendable {
        var name: String
        var ipProtocol: IPProtocol
        var port: UInt16
    }

    /// The side of a connection that policies are asked about.
    struct Subject {
        /// What is known of a host to which host policies apply.
        enum HostSelection {
            case labels(Set<PartyLabel>)
            /// Nothing; these specs are taken to select it.
            case chosen(Set<String>)
        }

        enum Kind {
            case endpoint(RandomWorld.Workload)
            case host(HostSelection)
        }

        var kind: Kind
        var labels: Set<PartyLabel>
        var direction: Direction

        var workload: RandomWorld.Workload? { if case .endpoint(let workload) = kind { workload } else { nil } }
        var ports: [NamedPortText] { workload?.ports ?? [] }
    }

    /// Who stands at an end: whoever has the address, or what a name stands for.
    func party(_ address: IPAddress, _ name: Entity?) -> Party {
        guard let name else { return party(at: address) }
        // C 1.3: the API server of a remote node has both labels.
        let names = name == .kubeAPIServer ? ["kube-apiserver", "remote-node"] : [name.rawValue]
        return Party(
            kind: name == .host ? .host : .reserved,
            address: address,
            labels: Set(names.map { PartyLabel(source: "reserved", name: $0, value: "") }),
            isAddressKnown: false
        )
    }

    /// C 1.3: a node is `host` to its own pods and `remote-node` to others.
    func seenLocally(_ party: Party) -> Party {
        guard case .node = party.kind else { return party }
        var local = party
        local.kind = .host
        local.labels = [PartyLabel(source: "reserved", name: "host", value: "")]
        return local
    }

    static func labels(of node: RandomWorld.Node) -> Set<PartyLabel> {
        Set(node.labels.map { PartyLabel(source: "k8s", name: $0.key, value: $0.value) })
    }

    private static let filtered = ["pod-template-hash", "topology.kubernetes.io"]

    /// Whom an address block of Cilium can match (C 1.9, `policyCIDRMatchMode`).
    static func isReached(_ party: Party, _ modes: Set<CIDRMatchMode>) -> Bool {
        switch party.kind {
        case .world: true
        case .host, .node, .reserved: modes.contains(.nodes)
        case .endpoint: modes.contains(.pods)
        case .unknown: false
        }
    }

    func party(at address: IPAddress) -> Party {
        let owners = world.workloads.indices.filter { index in
            world.workloads[index].isProtected && world.workloads[index].addresses.contains(address)
        }
        if let first = owners.first {
            // H: an address that two claim is nobody's, unless policy cannot tell them apart.
            let isContested = owners.contains { index in
                labels(of: world.workloads[index]) != labels(of: world.workloads[first])
                    || Set(world.workloads[index].ports) != Set(world.workloads[first].ports)
            }
            guard !isContested else { return Party(kind: .unknown, address: address, labels: []) }
            let workload = world.workloads[first]
            return Party(
                kind: .endpoint(first),
                address: address,
                labels: labels(of: workload),
                ports: workload.ports,
                isAddressKnown: world.unknownBlock?.contains(address) != true
            )
        }
        // C 1.3: other nodes have the label reserved:remote-node; a host tells no nodes apart.
        if world.reach == .layer7,
            let index = world.nodes.firstIndex(where: { $0.addresses.contains(address) })
        {
            return Party(
                kind: .node(index),
                address: address,
                labels: [PartyLabel(source: "reserved", name: "remote-node", value: "")],
                nodeLabels: Self.labels(of: world.nodes[index])
            )
        }
        // C 1.3: `host` is the local node, with the label reserved:host.
        if world.hostAddresses.contains(address) || address.isLoopback {
            return Party(
                kind: .host,
                address: address,
                labels: [PartyLabel(source: "reserved", name: "host", value: "")]
            )
        }
        // H: inside a subnet that only endpoints have addresses in, and nobody has it.
        if world.subnets.contains(where: { $0.contains(address) }) {
            return Party(kind: .unknown, address: address, labels: [])
        }
        // C 1.3: in a dual-stack cluster outside addresses carry the label of their family.
        let name = address.family == .v4 ? "world-ipv4" : "world-ipv6"
        return Party(kind: .world, address: address, labels: [PartyLabel(source: "reserved", name: name, value: "")])
    }

    /// C 1.4, pod identity labels: the pod's own, its namespace, the cluster, and every label of the namespace.
    private func labels(of workload: RandomWorld.Workload) -> Set<PartyLabel> {
        var labels: Set<PartyLabel> = []
        for (name, value) in workload.labels {
            // H: a workload cannot give itself what engines derive.
            if name == "io.kubernetes.pod.namespace" || name.hasPrefix("io.cilium.k8s.") { continue }
            // C 1.4, identity label filter.
            if world.reach == .layer7, Self.filtered.contains(where: { name.hasPrefix($0) }) { continue }
            labels.insert(PartyLabel(source: "k8s", name: name, value: value))
        }
        if world.reach == .layer7, let account = workload.account {
            let name = "io.cilium.k8s.policy.serviceaccount"
            labels.insert(PartyLabel(source: "k8s", name: name, value: account))
        }
        labels.insert(PartyLabel(source: "k8s", name: "io.kubernetes.pod.namespace", value: workload.namespace))
        labels.insert(PartyLabel(source: "k8s", name: "io.cilium.k8s.policy.cluster", value: "default"))
        for (name, value) in world.namespaces[workload.namespace] ?? [:] where name != "kubernetes.io/metadata.name" {
            labels.insert(PartyLabel(source: "k8s", name: "io.cilium.k8s.namespace.labels." + name, value: value))
        }
        // K: every namespace has its name as a label.
        let nameLabel = "io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name"
        labels.insert(PartyLabel(source: "k8s", name: nameLabel, value: workload.namespace))
        return labels
    }
}
