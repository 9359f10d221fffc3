// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

/// The pods of a namespace that share their labels: what policies can tell apart.
struct PodGroup: Hashable, Comparable {
    let namespace: String
    /// Without those of single pods.
    let labels: [String: String]
    /// `app=web,tier=front`; sorted.
    let labelText: String
    /// Groups are looked up all the time, and hashing a dictionary is slow.
    private let digest: Int

    init(namespace: String, labels: [String: String]) {
        self.namespace = namespace
        self.labels = labels.filter { !Self.isPerPod($0.key) && !WellKnownLabel.isDerived($0.key) }
        labelText = self.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        var hasher = Hasher()
        hasher.combine(namespace)
        hasher.combine(labelText)
        digest = hasher.finalize()
    }

    static func == (left: PodGroup, right: PodGroup) -> Bool {
        left.digest == right.digest && left.namespace == right.namespace && left.labels == right.labels
    }

    func hash(into hasher: inout Hasher) { hasher.combine(digest) }

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
    /// - Complexity: O(groups with the rarest of the labels), for labels that tell all others apart.
    func choice(among others: Neighbours) -> LabelChoice {
        var present: [(key: String, value: String)] = []
        // This group stays among them while labels are chosen.
        var left = others.groups
        for (key, value) in labels.sorted(by: Self.isPreferred) {
            let having = others.having(key, value)
            let rest =
                having.count < left.count
                ? having.filter { group in present.allSatisfy { group.labels[$0.key] == $0.value } }
                : left.filter { $0.labels[key] == value }
            guard present.isEmpty || rest.count < left.count else { continue }
            present.append((key, value))
            left = rest
        }
        var rivals = left.filter { $0 != self }
        var absent: [String] = []
        for key in Set(rivals.flatMap(\.labels.keys)).subtracting(labels.keys).sorted() {
            let rest = rivals.filter { $0.labels[key] == nil }
            guard rest.count < rivals.count else { continue }
            absent.append(key)
            rivals = rest
        }
        return LabelChoice(present: present.sorted { $0.key < $1.key }, absent: absent)
    }

    /// All groups of one namespace, also by single labels.
    struct Neighbours {
        private struct Single: Hashable {
            var key: String
            var value: String
        }

        let groups: [PodGroup]
        private let byLabel: [Single: [PodGroup]]

        init(_ groups: [PodGroup]) {
            self.groups = groups
            var byLabel: [Single: [PodGroup]] = [:]
            for group in groups {
                for (key, value) in group.labels { byLabel[Single(key: key, value: value), default: []].append(group) }
            }
            self.byLabel = byLabel
        }

        func having(_ key: String, _ value: String) -> [PodGroup] { byLabel[Single(key: key, value: value)] ?? [] }
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
