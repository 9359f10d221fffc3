// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// Everything that answers about the environment are computed from, so that a client can compute them itself.
public struct WorldReport: Hashable, Sendable, Codable {
    /// An endpoint as the runtime shows it.
    public struct Item: Hashable, Sendable, Codable {
        public struct Port: Hashable, Sendable, Codable {
            public var name: String
            public var ipProtocol: IPProtocol
            public var port: UInt16
        }

        public var id: String
        public var namespace: String
        public var name: String
        public var workload: Endpoint.Workload
        public var labels: [String: String]
        public var addresses: [IPAddress]
        public var namedPorts: [Port]
        /// Why policies do not reach it; `nil` when they do.
        @OrNull public var unprotected: String?
    }

    /// The text of a policy file as it is in force.
    public struct PolicyText: Hashable, Sendable, Codable {
        public var name: String
        public var text: String
    }

    /// A mode that is set for one policy.
    public struct PolicyMode: Hashable, Sendable, Codable {
        public var policy: PolicyID
        public var mode: Mode
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "World"
    public var environment: String
    public var revision: UInt64
    public var endpoints: [Item]
    public var namespaceLabels: [String: [String: String]]
    public var hostAddresses: [IPAddress]
    public var endpointSubnets: [Prefix]
    public var hostTraffic: HostTraffic
    public var mode: Mode
    public var namespaceModes: [String: Mode]
    public var policyModes: [PolicyMode]
    /// Sorted by name.
    public var policies: [PolicyText]

    /// - Parameter texts: policy files by name.
    public init(environment: String, _ snapshot: ClusterSnapshot, texts: [String: String]) {
        self.environment = environment
        revision = snapshot.revision
        endpoints = snapshot.endpoints.map(Item.init)
        namespaceLabels = snapshot.namespaceLabels
        hostAddresses = snapshot.hostAddresses.sorted()
        endpointSubnets = snapshot.endpointSubnets
        hostTraffic = snapshot.hostTraffic
        mode = snapshot.modes.environment
        namespaceModes = snapshot.modes.namespaces
        policyModes = snapshot.modes.policies.map { PolicyMode(policy: $0.key, mode: $0.value) }
            .sorted { $0.policy < $1.policy }
        policies = texts.map { PolicyText(name: $0.key, text: $0.value) }.sorted { $0.name < $1.name }
    }

    /// The snapshot that this was made from, with the policies that its texts were decoded to.
    public func snapshot(policies: [Policy], cidrGroups: [CIDRGroup]) -> ClusterSnapshot {
        ClusterSnapshot(
            revision: revision,
            endpoints: endpoints.map(\.endpoint),
            namespaceLabels: namespaceLabels,
            policies: policies,
            cidrGroups: cidrGroups,
            modes: ModeSettings(
                environment: mode,
                namespaces: namespaceModes,
                policies: Dictionary(policyModes.map { ($0.policy, $0.mode) }) { first, _ in first }
            ),
            hostAddresses: Set(hostAddresses),
            endpointSubnets: endpointSubnets,
            hostTraffic: hostTraffic
        )
    }
}

extension WorldReport.Item {
    init(_ endpoint: Endpoint) {
        var reason: String?
        if case .unprotected(let text) = endpoint.protection { reason = text }
        self.init(
            id: endpoint.id,
            namespace: endpoint.namespace,
            name: endpoint.name,
            workload: endpoint.workload,
            labels: endpoint.labels,
            addresses: endpoint.addresses,
            namedPorts: endpoint.namedPorts.map { .init(name: $0.name, ipProtocol: $0.ipProtocol, port: $0.port) },
            unprotected: reason
        )
    }

    fileprivate var endpoint: Endpoint {
        Endpoint(
            id: id,
            namespace: namespace,
            name: name,
            workload: workload,
            labels: labels,
            addresses: addresses,
            namedPorts: namedPorts.map { NamedPort($0.name, $0.ipProtocol, $0.port) },
            protection: unprotected.map { .unprotected(reason: $0) } ?? .enforced
        )
    }
}
