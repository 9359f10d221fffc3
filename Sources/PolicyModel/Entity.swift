// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Cilium's named groups of parties (Cilium documentation, "Entities based").
public enum Entity: String, Hashable, Sendable, CaseIterable, Codable {
    case all
    case world
    case worldIPv4 = "world-ipv4"
    case worldIPv6 = "world-ipv6"
    case host
    case remoteNode = "remote-node"
    case kubeAPIServer = "kube-apiserver"
    case cluster
    case clusterMesh = "cluster-mesh"
    case `init`
    case ingress
    case health
    case unmanaged
    case none

    private static let reservedInCluster: Set<String> = [
        "host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver",
    ]

    /// Whether a party with these labels belongs to the entity.
    ///
    /// `cluster` is the name of the local cluster.
    public func matches(_ labels: LabelSet, cluster: String) -> Bool {
        func has(_ name: String) -> Bool { labels.value(for: .reserved(name)) != nil }
        switch self {
        case .all: return true
        case .none: return false
        case .world: return has("world") || has("world-ipv4") || has("world-ipv6")
        case .cluster:
            return Self.reservedInCluster.contains(where: has)
                || labels.value(for: WellKnownLabel.cluster) == cluster
        case .clusterMesh:
            return Self.reservedInCluster.contains(where: has) || labels.value(for: WellKnownLabel.cluster) != nil
        default: return has(rawValue)
        }
    }
}

/// Label keys with a meaning of their own in Cilium's and Kubernetes' policies.
public enum WellKnownLabel {
    /// An endpoint's namespace.
    public static let namespace = LabelKey.k8s("io.kubernetes.pod.namespace")
    /// An endpoint's cluster.
    public static let cluster = LabelKey.k8s("io.cilium.k8s.policy.cluster")
    /// An endpoint's service account.
    public static let serviceAccount = LabelKey.k8s("io.cilium.k8s.policy.serviceaccount")
    /// What the labels of an endpoint's namespace are prefixed with on the endpoint.
    public static let namespaceLabelPrefix = "io.cilium.k8s.namespace.labels."
    /// The namespace label that Kubernetes itself puts on every namespace.
    public static let namespaceName = "kubernetes.io/metadata.name"

    /// Whether a workload may not set this label itself, because engines derive it and policies trust it.
    public static func isDerived(_ name: String) -> Bool {
        // Asked of every label of every endpoint, and most begin with another letter.
        guard name.utf8.first == UInt8(ascii: "i") else { return false }
        return name == namespace.name || name.hasPrefix("io.cilium.k8s.")
    }
}
