// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// A small world as plain data, its policies still manifests: what the oracle and the engine are both asked about.
struct RandomWorld: Sendable {
    /// A workload as a runtime would show it.
    struct Workload: Hashable, Sendable {
        var namespace: String
        var labels: [String: String]
        var addresses: [IPAddress]
        var ports: [Oracle.NamedPortText]
        var isProtected: Bool
        var account: String?
    }

    /// A Node as its manifest has it.
    struct Node: Hashable, Sendable {
        var labels: [String: String]
        var addresses: [IPAddress]
    }

    /// A Service with its Endpoints.
    struct Service: Hashable, Sendable {
        var namespace: String
        var name: String
        var labels: [String: String] = [:]
        var selector: [String: String]?
        var backends: [IPAddress] = []
    }

    /// Labels by namespace.
    var namespaces: [String: [String: String]] = [:]
    var workloads: [Workload] = []
    var hostAddresses: [IPAddress] = []
    var subnets: [Prefix] = []
    var policies: [Manifest] = []
    var groups: [Manifest] = []
    var environmentMode = Mode.audit
    var namespaceModes: [String: Mode] = [:]
    /// By kind, namespace and name as the oracle writes them.
    var policyModes: [String: Mode] = [:]
    var isHostTrafficEnforced = false
    var reach = EngineReach.layer4
    /// On a cluster ordered policies are read too.
    var isCluster = false
    var semantics = PolicySemantics.kubernetes
    var cidrModes: Set<CIDRMatchMode> = []
    var nodes: [Node] = []
    var services: [Service] = []

    /// Workloads with an address of this block have one that nobody knows.
    var unknownBlock: Prefix?
    var unknownReading = UnknownAddresses.Reading.uncertain

    /// How the world's policies are read.
    var decoderOptions: PolicyDecoder.Options {
        PolicyDecoder.Options(
            tieredPolicies: isCluster ? .read : .refused,
            semantics: semantics,
            cilium: CiliumSettings(cidrMatchMode: cidrModes)
        )
    }

    /// The world as the engine wants it, with the policies that the decoder made of the manifests.
    func snapshot(policies: [Policy], groups: [CIDRGroup]) -> ClusterSnapshot {
        let modes = policies.compactMap { policy in policyModes[policy.id.label].map { (policy.id, $0) } }
        return ClusterSnapshot(
            revision: 1,
            endpoints: workloads.enumerated().map { index, workload in
                Endpoint(
                    id: "w\(index)",
                    namespace: workload.namespace,
                    name: "w\(index)",
                    workload: .init(name: "w\(index)", kind: "Container"),
                    labels: workload.labels,
                    addresses: workload.addresses,
                    namedPorts: workload.ports.map { NamedPort($0.name, $0.ipProtocol, $0.port) },
                    protection: workload.isProtected ? .enforced : .unprotected(reason: "test"),
                    serviceAccount: workload.account
                )
            },
            namespaceLabels: namespaces,
            policies: policies,
            cidrGroups: groups,
            services: services.map {
                ClusterService(
                    namespace: $0.namespace,
                    name: $0.name,
                    labels: $0.labels,
                    selector: $0.selector,
                    backends: $0.backends
                )
            },
            nodes: nodes.enumerated().map {
                ClusterNode(name: "n\($0)", labels: $1.labels, addresses: $1.addresses)
            },
            modes: ModeSettings(
                environment: environmentMode,
                namespaces: namespaceModes,
                policies: Dictionary(modes) { first, _ in first }
            ),
            hostAddresses: Set(hostAddresses),
            endpointSubnets: subnets,
            unknownAddresses: unknownBlock.map { UnknownAddresses(block: $0, reading: unknownReading) },
            hostTraffic: isHostTrafficEnforced ? .enforced : .allowed,
            reach: reach
        )
    }
}

extension PolicyID {
    /// How the oracle names a policy.
    var label: String { "\(kind.rawValue) \(namespace ?? "")/\(name)" }
}

/// What is asked: a first packet between two addresses.
struct RandomQuestion: Sendable {
    var source: IPAddress
    var destination: IPAddress
    var service: Service
    /// Names that stand for an end instead of its address.
    var sourceName: Entity?
    var destinationName: Entity?
    var request = RequestFacts()
}
