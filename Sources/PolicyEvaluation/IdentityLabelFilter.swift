// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which labels of pods Cilium leaves out of identities (Cilium documentation, "Limiting Identity-Relevant Labels").
///
/// They change too often or say nothing about who a pod is. To a selector such a label is not there. These are the defaults;
/// labels that Cilium derives itself are not asked about here.
enum IdentityLabelFilter {
    /// Beginnings of names that are left out.
    private static let excluded = [
        "io.kubernetes", "kubernetes.io", "k8s.io", "topology.kubernetes.io", "pod-template-hash",
        "pod-template-generation", "controller-revision-hash", "controller-uid", "annotation", "etcd_node",
        "batch.kubernetes.io/job-completion-index", "batch.kubernetes.io/controller-uid",
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    ]

    static func leavesOut(_ name: String) -> Bool {
        if name.hasPrefix("app.kubernetes.io") { return false }
        return excluded.contains(where: name.hasPrefix) || isBeta(name)
    }

    /// Whether the name has `beta.kubernetes.io` in it; the standard library's search prepares tables for every name.
    private static func isBeta(_ name: String) -> Bool {
        let (name, wanted) = (name.utf8, "beta.kubernetes.io".utf8)
        guard name.count >= wanted.count else { return false }
        return name.indices.contains { name[$0...].starts(with: wanted) }
    }
}
