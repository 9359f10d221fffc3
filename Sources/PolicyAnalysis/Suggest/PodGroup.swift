// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

/// The pods of a namespace that share their labels: what policies can tell apart.
struct PodGroup: Hashable, Comparable {
    var namespace: String
    /// Without those of single pods.
    var labels: [String: String]

    init(namespace: String, labels: [String: String]) {
        self.namespace = namespace
        self.labels = labels.filter { !Self.isPerPod($0.key) && !WellKnownLabel.isDerived($0.key) }
    }

    /// `app=web,tier=front`; sorted.
    var labelText: String { labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }

    static func < (left: PodGroup, right: PodGroup) -> Bool {
        (left.namespace, left.labelText) < (right.namespace, right.labelText)
    }

    /// A selector by labels that must be there and labels that must not.
    struct LabelChoice: Hashable {
        /// Sorted by key.
        var present: [(key: String, value: String)]
        /// Sorted.
        var absent: [String]

        static func == (left: LabelChoice, right: LabelChoice) -> Bool {
            left.absent == right.absent && left.present.elementsEqual(right.present) { $0 == $1 }
        }

        func hash(into hasher: inout Hasher) {
            for (key, value) in present { hasher.combine("\(key)=\(value)") }
            hasher.combine(absent)
        }
    }

    /// The fewest labels, the usual ones first, that match this group and none of the others.
    func choice(among others: some Sequence<PodGroup>) -> LabelChoice {
        var rivals = others.filter { $0 != self && $0.namespace == namespace }
        var present: [(key: String, value: String)] = []
        for (key, value) in labels.sorted(by: Self.isPreferred) {
            let rest = rivals.filter { $0.labels[key] == value }
            guard present.isEmpty || rest.count < rivals.count else { continue }
            present.append((key, value))
            rivals = rest
        }
        var absent: [String] = []
        for key in Set(rivals.flatMap(\.labels.keys)).subtracting(labels.keys).sorted() {
            let rest = rivals.filter { $0.labels[key] == nil }
            guard rest.count < rivals.count else { continue }
            absent.append(key)
            rivals = rest
        }
        return LabelChoice(present: present.sorted { $0.key < $1.key }, absent: absent)
    }

    private static let preferred = [
        "app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/component", "app.kubernetes.io/instance",
    ]

    private static func isPreferred(
        _ left: (key: String, value: String),
        _ right: (key: String, value: String)
    ) -> Bool {
        let ranks = [left, right].map { preferred.firstIndex(of: $0.key) ?? preferred.count }
        return ranks[0] == ranks[1] ? left.key < right.key : ranks[0] < ranks[1]
    }

    /// Labels that tell the pods of one workload apart, and which no identity has (Cilium's label filter).
    static func isPerPod(_ key: String) -> Bool {
        [
            "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index", "controller-uid", "batch.kubernetes.io/controller-uid",
            "batch.kubernetes.io/job-completion-index", "pod-template-generation",
        ].contains(key)
    }
}
