// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

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
            case endpoint(Int), host, world, unknown
        }

        var kind: Kind
        var address: IPAddress
        var labels: Set<PartyLabel>
        /// Of an endpoint; none for others.
        var ports: [NamedPortText] = []
    }

    /// A port with a name.
    struct NamedPortText: Hashable, Sendable {
        var name: String
        var ipProtocol: IPProtocol
        var port: UInt16
    }

    /// The side of a connection that policies are asked about.
    struct Subject {
        var workload: RandomWorld.Workload
        var labels: Set<PartyLabel>
        var direction: Direction

        var ports: [NamedPortText] { workload.ports }
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
                ports: workload.ports
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
            labels.insert(PartyLabel(source: "k8s", name: name, value: value))
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
