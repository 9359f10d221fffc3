// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// What policies can tell endpoints apart by: labels and named ports.
///
/// Endpoints that share an identity are judged alike, but for address blocks.
public struct Identity: Hashable, Sendable {
    /// Of the endpoint's own labels; first, so that different identities are told apart by it.
    private let digest: Int

    /// The endpoint's own labels and the derived ones: namespace, namespace labels, cluster.
    public let labels: LabelSet

    /// The namespace of the endpoints.
    public let namespace: String

    /// Sorted by name, protocol and port.
    public let namedPorts: [NamedPort]

    /// The identity of an endpoint in a snapshot.
    public init(of endpoint: Endpoint, in snapshot: ClusterSnapshot) {
        var derived = DerivedLabels(snapshot)
        self.init(of: endpoint, derived: &derived)
    }

    /// The identity of an endpoint among others of one snapshot.
    ///
    /// Keys that engines derive are ignored among the endpoint's own labels: a container must not choose its namespace.
    init(of endpoint: Endpoint, derived: inout DerivedLabels) {
        var own: [Label] = []
        own.reserveCapacity(endpoint.labels.count + 1)
        for (name, value) in endpoint.labels where !derived.leavesOut(name) {
            own.append(Label(.k8s(name), value))
        }
        if derived.isCilium, let account = endpoint.serviceAccount {
            own.append(Label(WellKnownLabel.serviceAccount, account))
        }
        own.sort()
        var hasher = Hasher()
        for label in own {
            hasher.combine(label.key.name)
            hasher.combine(label.value)
        }
        digest = hasher.finalize()
        labels = LabelSet(sorted: own, mergedWith: derived.labels(of: endpoint.namespace))
        namespace = endpoint.namespace
        namedPorts = endpoint.namedPorts.sorted {
            ($0.name, $0.ipProtocol.rawValue, $0.port) < ($1.name, $1.ipProtocol.rawValue, $1.port)
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
        hasher.combine(namespace)
    }

    /// The ports called `name` in one of the protocols.
    func ports(named name: String, _ protocols: [IPProtocol]) -> [NamedPort] {
        namedPorts.filter { $0.name == name && protocols.contains($0.ipProtocol) }
    }
}

/// What engines add to an endpoint's own labels, worked out once for each namespace.
struct DerivedLabels {
    let isCilium: Bool
    private let clusterName: String
    private let namespaceLabels: [String: [String: String]]
    private var known: [String: [Label]] = [:]
    /// Names asked about before: many endpoints have the same ones.
    private var leftOut: [String: Bool] = [:]

    init(_ snapshot: ClusterSnapshot) {
        isCilium = snapshot.reach == .layer7
        clusterName = snapshot.clusterName
        namespaceLabels = snapshot.namespaceLabels
    }

    /// Whether a label of the endpoint's own is none to policies.
    mutating func leavesOut(_ name: String) -> Bool {
        guard isCilium else { return WellKnownLabel.isDerived(name) }
        if let known = leftOut[name] { return known }
        let answer = WellKnownLabel.isDerived(name) || IdentityLabelFilter.leavesOut(name)
        if leftOut.count < 1_000 { leftOut[name] = answer }
        return answer
    }

    /// Sorted.
    mutating func labels(of namespace: String) -> [Label] {
        if let labels = known[namespace] { return labels }
        var labels = [Label(WellKnownLabel.namespace, namespace), Label(WellKnownLabel.cluster, clusterName)]
        var own = namespaceLabels[namespace] ?? [:]
        own[WellKnownLabel.namespaceName] = namespace
        for (name, value) in own {
            labels.append(Label(.k8s(WellKnownLabel.namespaceLabelPrefix + name), value))
        }
        labels.sort()
        known[namespace] = labels
        return labels
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
