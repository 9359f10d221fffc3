// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// A world read from manifests, and all remarks about them.
public struct DecodedWorld: Sendable {
    /// Endpoints are sorted by id, policies by document and place.
    public var snapshot: ClusterSnapshot
    /// In the order given.
    public var documents: [DecodedDocument]
    /// Addresses that were made up for endpoints whose manifests have none (198.18.0.0/15, RFC 2544).
    public var syntheticAddresses: Set<IPAddress>

    /// Whether any document has an error.
    public var hasErrors: Bool { documents.contains(where: \.hasErrors) }
}

/// Reads Kubernetes manifests into a world that questions can be asked about without a cluster.
///
/// Namespaces give labels, Nodes the addresses of hosts, Services and their Endpoints and EndpointSlices what policies can
/// name by Service. Each Deployment, StatefulSet, DaemonSet, ReplicaSet, Job and CronJob is one endpoint with its
/// template's labels and ports, unless the manifests have Pods of it; then each Pod is one. Pods on the host's network are
/// unprotected. Other kinds are passed over. The result does not depend on the order of documents or objects, or on how
/// they are spread over files.
public struct WorldReader: Sendable {
    /// How manifests are read, and what the engine that enforces their policies can do.
    public struct Options: Sendable {
        /// The namespace of objects that name none.
        public var defaultNamespace: String
        public var limits: TextLimits
        /// The name of the cluster that the manifests describe.
        public var clusterName: String
        public var reach: EngineReach
        public var tieredPolicies: PolicyDecoder.TieredPolicies
        public var unknownPeers: PolicyDecoder.UnknownPeers
        public var rejected: PolicyDecoder.RejectedObjects
        public var semantics: PolicySemantics
        public var cilium: CiliumSettings

        public init(
            defaultNamespace: String = "default",
            limits: TextLimits = TextLimits(),
            clusterName: String = "default",
            reach: EngineReach = .layer4,
            tieredPolicies: PolicyDecoder.TieredPolicies = .refused,
            unknownPeers: PolicyDecoder.UnknownPeers = .refused,
            rejected: PolicyDecoder.RejectedObjects = .refuseDocument,
            semantics: PolicySemantics = .kubernetes,
            cilium: CiliumSettings = CiliumSettings()
        ) {
            self.defaultNamespace = defaultNamespace
            self.limits = limits
            self.clusterName = clusterName
            self.reach = reach
            self.tieredPolicies = tieredPolicies
            self.unknownPeers = unknownPeers
            self.rejected = rejected
            self.semantics = semantics
            self.cilium = cilium
        }
    }

    /// The block that made-up addresses come from: benchmarking space, which no real network routes.
    public static let syntheticBlock = Prefix(IPAddress(v4: 0xC612_0000), length: 15)

    public var options: Options

    public init(_ options: Options = Options()) { self.options = options }

    /// - Complexity: linear in bytes, and O(n log n) in objects.
    public func read(_ documents: [SourceDocument]) -> DecodedWorld {
        let decoder = decoder
        var objects = WorldObjects(defaultNamespace: options.defaultNamespace)
        let decoded = documents.map { document in
            decoder.decode(document) { kind, field in objects.add(kind, field) }
        }
        var endpoints = objects.endpoints()
        let isUnknown = endpoints.contains { $0.addresses.isEmpty }
        let synthetic = Self.giveAddresses(to: &endpoints)
        let snapshot = ClusterSnapshot(
            clusterName: options.clusterName,
            endpoints: endpoints,
            namespaceLabels: objects.namespaceLabels,
            policies: decoded.flatMap(\.policies).sorted { ($0.id, $0.location) < ($1.id, $1.location) },
            cidrGroups: decoded.flatMap(\.cidrGroups).sorted { ($0.name, $0.location) < ($1.name, $1.location) },
            services: objects.services.all,
            nodes: objects.nodes.all,
            hostAddresses: objects.nodes.addresses,
            endpointSubnets: synthetic.isEmpty ? [] : [Self.syntheticBlock],
            unknownAddresses: isUnknown ? UnknownAddresses(block: Self.syntheticBlock) : nil,
            reach: options.reach
        )
        return DecodedWorld(snapshot: snapshot, documents: decoded, syntheticAddresses: synthetic)
    }

    private var decoder: PolicyDecoder {
        PolicyDecoder(
            .init(
                defaultNamespace: options.defaultNamespace,
                otherKinds: .passedOver,
                limits: options.limits,
                tieredPolicies: options.tieredPolicies,
                unknownPeers: options.unknownPeers,
                rejected: options.rejected,
                semantics: options.semantics,
                cilium: options.cilium
            )
        )
    }

    /// Endpoints past the end of the block stay without an address.
    private static func giveAddresses(to endpoints: inout [Endpoint]) -> Set<IPAddress> {
        let taken = Set(endpoints.flatMap(\.addresses))
        var synthetic: Set<IPAddress> = []
        var next = syntheticBlock.base.bits + 1
        for index in endpoints.indices where endpoints[index].addresses.isEmpty {
            while taken.contains(IPAddress(family: .v4, bits: next)) { next += 1 }
            let address = IPAddress(family: .v4, bits: next)
            guard syntheticBlock.contains(address) else { break }
            endpoints[index].addresses = [address]
            synthetic.insert(address)
            next += 1
        }
        return synthetic
    }
}
