// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Something with addresses that policies select: a container, a pod.
public struct Endpoint: Hashable, Sendable {
    /// What it belongs to: the Compose service, the Deployment.
    public struct Workload: Hashable, Sendable, Codable {
        public var name: String
        /// The kind of object: a container, a Deployment, a StatefulSet and so on, in the spelling of manifests.
        public var kind: String

        public init(name: String, kind: String) {
            self.name = name
            self.kind = kind
        }
    }

    /// Whether policies take effect on it.
    public enum Protection: Hashable, Sendable {
        case enforced
        /// Policies do not reach it; one sentence says why.
        case unprotected(reason: String)
    }

    /// Unique and stable while the endpoint lives (a container id).
    public var id: String
    public var namespace: String
    /// The container's or pod's own name.
    public var name: String
    public var workload: Workload
    /// What the workload itself is labelled with; keys that engines derive are ignored (`WellKnownLabel.isDerived`).
    public var labels: [String: String]
    public var addresses: [IPAddress]
    public var namedPorts: [NamedPort]
    public var protection: Protection
    /// The Kubernetes service account that it runs as; `nil` where there is no such thing.
    public var serviceAccount: String?

    public init(
        id: String,
        namespace: String,
        name: String,
        workload: Workload,
        labels: [String: String],
        addresses: [IPAddress],
        namedPorts: [NamedPort] = [],
        protection: Protection = .enforced,
        serviceAccount: String? = nil
    ) {
        self.id = id
        self.namespace = namespace
        self.name = name
        self.workload = workload
        self.labels = labels
        self.addresses = addresses
        self.namedPorts = namedPorts
        self.protection = protection
        self.serviceAccount = serviceAccount
    }
}

/// A port that an endpoint gives a name.
public struct NamedPort: Hashable, Sendable {
    public var name: String
    public var ipProtocol: IPProtocol
    public var port: UInt16

    public init(_ name: String, _ ipProtocol: IPProtocol, _ port: UInt16) {
        self.name = name
        self.ipProtocol = ipProtocol
        self.port = port
    }
}

/// Named address blocks that policies refer to (CiliumCIDRGroup).
public struct CIDRGroup: Hashable, Sendable {
    public var name: String
    public var labels: [String: String]
    public var prefixes: [Prefix]
    /// Whom the blocks match, as the engine's settings say (Cilium `policyCIDRMatchMode`).
    public var reach: CIDRPeer.Reach
    public var location: SourceLocation

    public init(
        name: String,
        labels: [String: String],
        prefixes: [Prefix],
        reach: CIDRPeer.Reach = .world,
        location: SourceLocation
    ) {
        self.name = name
        self.labels = labels
        self.prefixes = prefixes
        self.reach = reach
        self.location = location
    }
}
