// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// What a Cilium policy adds to its peer selectors (Cilium documentation, "Namespaces").
struct CiliumScope {
    /// `nil` for a cluster-wide policy.
    let namespace: String?
    private(set) var settings: CiliumSettings
    let isHostPolicy: Bool
    /// Whether the subject names endpoints that have no labels yet; nothing is added to peers then.
    let selectsInit: Bool

    init(namespace: String?, subject: PolicySpec.Subject, settings: CiliumSettings) {
        self.namespace = namespace
        self.settings = settings
        switch subject {
        case .nodes:
            isHostPolicy = true
            selectsInit = false
        case .endpoints(let selector):
            isHostPolicy = false
            selectsInit = selector.requirements.contains { $0.key == .reserved("init") }
        }
    }

    /// A peer selector with the namespace that it leaves unsaid.
    ///
    /// A key of source `reserved`, or one for the namespace itself, leaves the selector as it is. In a namespaced policy
    /// so does a key for a namespace label; any other selector means pods of the policy's namespace. In a cluster-wide
    /// policy it means pods of every namespace. But for `reserved` keys, none means the host or the world.
    func scoped(_ selector: Selector) -> Selector {
        let keys = selector.requirements.map(\.key)
        if keys.contains(where: { $0.source == .reserved }) || (namespace == nil && selectsInit) { return selector }
        func isPodKey(_ key: LabelKey) -> Bool { key.source == .k8s || key.source == .any }
        if keys.contains(where: { isPodKey($0) && $0.name == WellKnownLabel.namespace.name }) {
            return local(selector)
        }
        guard let namespace else {
            return selector.and(.exists(WellKnownLabel.namespace))
        }
        if keys.contains(where: { isPodKey($0) && $0.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix) }) {
            return local(selector)
        }
        return selector.and(.isIn(WellKnownLabel.namespace, [namespace]))
    }

    /// Whether a selector would be kept to endpoints if the settings said so, and reaches others because they do not.
    func reachesBeyondEndpoints(_ selector: Selector) -> Bool {
        guard !settings.selectsLocalCluster else { return false }
        let demandsPodLabel = selector.requirements.contains { requirement in
            switch requirement {
            // A key of any source may be that of an entity, `host` for `reserved:host`.
            case .isIn(let key, _), .exists(let key): key.source != .any || !Self.entityNames.contains(key.name)
            case .isNotIn, .doesNotExist: false
            }
        }
        var narrow = self
        narrow.settings.defaultsToLocalCluster = true
        return !demandsPodLabel && narrow.scoped(selector) != scoped(selector)
    }

    private static let entityNames = Set(Entity.allCases.map(\.rawValue))

    /// The selector for endpoints of the local cluster, which every selector means that names no cluster (Cilium
    /// documentation, "Network Policy" of Cluster Mesh; by default since 1.19).
    ///
    /// Without it a selector that only excludes namespaces matches the host and the whole world too. One that demands a
    /// namespace or a namespace's label needs nothing more.
    private func local(_ selector: Selector) -> Selector {
        guard settings.selectsLocalCluster else { return selector }
        let demandsEndpoint = selector.requirements.contains { requirement in
            switch requirement {
            case .isIn(let key, _), .exists(let key):
                key.name == WellKnownLabel.namespace.name || key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix)
            case .isNotIn, .doesNotExist: false
            }
        }
        let namesCluster = selector.requirements.contains {
            ($0.key.source == .k8s || $0.key.source == .any) && $0.key.name == WellKnownLabel.cluster.name
        }
        return demandsEndpoint || namesCluster ? selector : selector.and(.exists(WellKnownLabel.cluster))
    }
}
