// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// What policies can tell endpoints apart by: labels and named ports.
///
/// Endpoints that share an identity are judged alike, but for address blocks.
public struct Identity: Hashable, Sendable {
    /// The endpoint's own labels and the derived ones: namespace, namespace labels, cluster.
    public var labels: LabelSet

    /// The namespace of the endpoints.
    public var namespace: String

    /// Sorted by name, protocol and port.
    public var namedPorts: [NamedPort]

    /// The identity of an endpoint in a snapshot.
    ///
    /// Keys that engines derive are ignored among the endpoint's own labels: a container must not choose its namespace.
    public init(of endpoint: Endpoint, in snapshot: ClusterSnapshot) {
        let isCilium = snapshot.reach == .layer7
        var labels = endpoint.labels.filter { name, _ in
            !WellKnownLabel.isDerived(name) && !(isCilium && IdentityLabelFilter.leavesOut(name))
        }.map { Label(.k8s($0.key), $0.value) }
        labels.append(Label(WellKnownLabel.namespace, endpoint.namespace))
        labels.append(Label(WellKnownLabel.cluster, snapshot.clusterName))
        if isCilium, let account = endpoint.serviceAccount {
            labels.append(Label(WellKnownLabel.serviceAccount, account))
        }
        var namespaceLabels = snapshot.namespaceLabels[endpoint.namespace] ?? [:]
        namespaceLabels[WellKnownLabel.namespaceName] = endpoint.namespace
        for (name, value) in namespaceLabels {
            labels.append(Label(.k8s(WellKnownLabel.namespaceLabelPrefix + name), value))
        }
        self.labels = LabelSet(labels)
        self.namespace = endpoint.namespace
        self.namedPorts = endpoint.namedPorts.sorted {
            ($0.name, $0.ipProtocol.rawValue, $0.port) < ($1.name, $1.ipProtocol.rawValue, $1.port)
        }
    }

    /// The ports called `name` in one of the protocols.
    func ports(named name: String, _ protocols: [IPProtocol]) -> [NamedPort] {
        namedPorts.filter { $0.name == name && protocols.contains($0.ipProtocol) }
    }
}

/// The labels of parties that are not endpoints (Cilium's reserved identities in a dual-stack cluster).
public enum ReservedIdentity {
    public static let host = LabelSet([Label(.reserved("host"), "")])
    public static let worldIPv4 = LabelSet([Label(.reserved("world-ipv4"), "")])
    public static let worldIPv6 = LabelSet([Label(.reserved("world-ipv6"), "")])

    public static let remoteNode = LabelSet([Label(.reserved("remote-node"), "")])

    /// The labels of what only Cilium tells apart; the API server runs on a node (identity 7).
    public static func labels(of entity: Entity) -> LabelSet {
        switch entity {
        case .kubeAPIServer:
            LabelSet([Label(.reserved("kube-apiserver"), ""), Label(.reserved("remote-node"), "")])
        default: LabelSet([Label(.reserved(entity.rawValue), "")])
        }
    }

    /// The labels of an address outside.
    public static func world(_ family: IPAddress.Family) -> LabelSet {
        family == .v4 ? worldIPv4 : worldIPv6
    }
}
