// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
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
                    protection: workload.isProtected ? .enforced : .unprotected(reason: "test")
                )
            },
            namespaceLabels: namespaces,
            policies: policies,
            cidrGroups: groups,
            modes: ModeSettings(
                environment: environmentMode,
                namespaces: namespaceModes,
                policies: Dictionary(modes) { first, _ in first }
            ),
            hostAddresses: Set(hostAddresses),
            endpointSubnets: subnets,
            hostTraffic: isHostTrafficEnforced ? .enforced : .allowed
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
}
