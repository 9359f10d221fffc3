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
/// Namespaces give labels, Nodes the addresses of hosts. Each Deployment, StatefulSet, DaemonSet, ReplicaSet, Job and
/// CronJob is one endpoint with its template's labels and ports, unless the manifests have Pods of it; then each Pod is one.
/// Pods on the host's network are unprotected. Other kinds are passed over. The result does not depend on the order of
/// documents or objects, or on how they are spread over files.
public struct WorldReader: Sendable {
    /// The block that made-up addresses come from: benchmarking space, which no real network routes.
    public static let syntheticBlock = Prefix(IPAddress(v4: 0xC612_0000), length: 15)

    private let decoder: PolicyDecoder

    public init(defaultNamespace: String = "default", limits: TextLimits = TextLimits()) {
        decoder = PolicyDecoder(
            .init(defaultNamespace: defaultNamespace, otherKinds: .passedOver, limits: limits)
        )
    }

    /// - Complexity: linear in bytes, and O(n log n) in workloads.
    public func read(_ documents: [SourceDocument]) -> DecodedWorld {
        var objects = WorldObjects(defaultNamespace: decoder.options.defaultNamespace)
        let decoded = documents.map { document in
            decoder.decode(document) { kind, field in objects.add(kind, field) }
        }
        var endpoints = objects.endpoints()
        let synthetic = Self.giveAddresses(to: &endpoints)
        let snapshot = ClusterSnapshot(
            endpoints: endpoints,
            namespaceLabels: objects.namespaceLabels,
            policies: decoded.flatMap(\.policies).sorted { ($0.id, $0.location) < ($1.id, $1.location) },
            cidrGroups: decoded.flatMap(\.cidrGroups).sorted { ($0.name, $0.location) < ($1.name, $1.location) },
            hostAddresses: objects.hostAddresses,
            endpointSubnets: synthetic.isEmpty ? [] : [Self.syntheticBlock]
        )
        return DecodedWorld(snapshot: snapshot, documents: decoded, syntheticAddresses: synthetic)
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
