// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// An immutable world: who is there, which policies there are, and how they take effect.
///
/// Every answer is computed from one snapshot and carries its revision.
public struct ClusterSnapshot: Hashable, Sendable {
    /// Grows with every change.
    public var revision: UInt64
    /// The name that `cluster` entities and cluster labels compare with.
    public var clusterName: String
    public var endpoints: [Endpoint]
    /// Labels by namespace; a namespace that is missing here has only its name label.
    public var namespaceLabels: [String: [String: String]]
    public var policies: [Policy]
    public var cidrGroups: [CIDRGroup]
    public var services: [ClusterService]
    public var nodes: [ClusterNode]
    public var modes: ModeSettings
    /// Every address of the host itself.
    public var hostAddresses: Set<IPAddress>
    /// Blocks that only endpoints have addresses in.
    ///
    /// An address in one of them that no endpoint has is unknown, and unknown is never allowed by a policy.
    public var endpointSubnets: [Prefix]
    /// Endpoints whose addresses nobody knows; `nil` where there is none.
    public var unknownAddresses: UnknownAddresses?
    public var hostTraffic: HostTraffic
    public var reach: EngineReach

    public init(
        revision: UInt64 = 0,
        clusterName: String = "default",
        endpoints: [Endpoint] = [],
        namespaceLabels: [String: [String: String]] = [:],
        policies: [Policy] = [],
        cidrGroups: [CIDRGroup] = [],
        services: [ClusterService] = [],
        nodes: [ClusterNode] = [],
        modes: ModeSettings = ModeSettings(),
        hostAddresses: Set<IPAddress> = [],
        endpointSubnets: [Prefix] = [],
        unknownAddresses: UnknownAddresses? = nil,
        hostTraffic: HostTraffic = .allowed,
        reach: EngineReach = .layer4
    ) {
        self.revision = revision
        self.clusterName = clusterName
        self.endpoints = endpoints
        self.namespaceLabels = namespaceLabels
        self.policies = policies
        self.cidrGroups = cidrGroups
        self.services = services
        self.nodes = nodes
        self.modes = modes
        self.hostAddresses = hostAddresses
        self.endpointSubnets = endpointSubnets
        self.unknownAddresses = unknownAddresses
        self.hostTraffic = hostTraffic
        self.reach = reach
    }
}

/// What becomes of connections from the host to its own endpoints that no policy allows.
public enum HostTraffic: String, Hashable, Sendable, Codable, CaseIterable {
    /// Allowed unless a rule denies the host (Kubernetes' and Cilium's behaviour: health probes rely on it).
    case allowed
    /// Under policy like everyone else's.
    case enforced
}

/// How endpoints are judged that have an address of their own, but one that nobody knows.
public struct UnknownAddresses: Hashable, Sendable {
    /// What an address block of a rule says about such an endpoint.
    public enum Reading: String, Hashable, Sendable, Codable, CaseIterable {
        /// It may be inside or not, and answers that depend on it are uncertain.
        case uncertain
        /// It is not inside: blocks are for addresses outside the cluster, as Kubernetes' documentation asks for.
        case outsideBlocks
    }

    /// The block that addresses were made up from; an endpoint with one of them has an unknown address.
    public var block: Prefix
    public var reading: Reading

    public init(block: Prefix, reading: Reading = .uncertain) {
        self.block = block
        self.reading = reading
    }
}
