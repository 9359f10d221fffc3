// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// A pod that does not exist yet, with the labels that a selector asks for and no others.
struct FutureWorkload: Hashable {
    /// `nil`: a namespace that nobody names.
    var namespace: String?
    var namespaceLabels: [String: String] = [:]
    var labels: [String: String] = [:]
    /// What people read: `[namespace with {team=edge}]/[pod with {app=gw}]`.
    var text: String
    /// Whether the selector asks anything of the pod itself.
    var hasPodLabels: Bool

    /// A pod in a namespace that nobody names, without labels.
    static let any = FutureWorkload(text: "entire-cluster", hasPodLabels: false)

    private init(text: String, hasPodLabels: Bool) {
        self.text = text
        self.hasPodLabels = hasPodLabels
    }

    /// The pods that a peer selector is about, one for each namespace it names; empty when it is about no pods, or about
    /// pods of another cluster, or about every pod there can be.
    static func matching(_ selector: Selector, cluster: String) -> [FutureWorkload] {
        var (pod, namespace): ([String], [String]) = ([], [])
        var found = FutureWorkload(text: "", hasPodLabels: false)
        var names: [String]?
        for requirement in selector.requirements {
            let key = requirement.key
            guard key.source == .k8s || key.source == .any else { return [] }
            if key.name == WellKnownLabel.cluster.name {
                if case .isIn(_, let values) = requirement, !values.contains(cluster) { return [] }
            } else if key.name == WellKnownLabel.namespace.name || key.name == namespaceNameKey {
                if case .isIn(_, let values) = requirement {
                    names = names.map { $0.filter(values.contains) } ?? values
                } else if case .isNotIn = requirement {
                    namespace.append(text(requirement, name: WellKnownLabel.namespaceName))
                }
            } else if key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix) {
                let name = String(key.name.dropFirst(WellKnownLabel.namespaceLabelPrefix.count))
                namespace.append(text(requirement, name: name))
                found.namespaceLabels[name] = value(requirement)
            } else {
                pod.append(text(requirement, name: key.name))
                found.labels[key.name] = value(requirement)
            }
        }
        guard names != nil || !pod.isEmpty || !namespace.isEmpty else { return [] }
        found.hasPodLabels = !pod.isEmpty
        let pods = pod.isEmpty ? "[all pods]" : "[pod with {\(pod.sorted().joined(separator: ","))}]"
        let scope =
            namespace.isEmpty
            ? "[all namespaces]" : "[namespace with {\(namespace.sorted().joined(separator: ","))}]"
        guard let names else {
            found.text = "\(scope)/\(pods)"
            return [found]
        }
        return Set(names).sorted().map { name in
            var one = found
            one.namespace = name
            one.text = "\(Escaped.plain(name))/\(pods)"
            return one
        }
    }

    /// The pod as an endpoint of a snapshot.
    ///
    /// - Parameter number: makes it and its namespace unique; no real namespace has a star in its name.
    func endpoint(number: Int, in snapshot: inout ClusterSnapshot) -> Endpoint {
        let home = namespace ?? "*\(number)"
        if namespace == nil { snapshot.namespaceLabels[home] = namespaceLabels }
        return Endpoint(
            id: "*\(number)",
            namespace: home,
            name: "*",
            workload: .init(name: "*\(number)", kind: "*"),
            labels: labels,
            addresses: []
        )
    }

    private static let namespaceNameKey = WellKnownLabel.namespaceLabelPrefix + WellKnownLabel.namespaceName

    /// A value that satisfies a requirement; `nil` where the label has to be absent or may be.
    private static func value(_ requirement: Selector.Requirement) -> String? {
        switch requirement {
        case .isIn(_, let values): values.first
        case .exists: "any"
        case .isNotIn, .doesNotExist: nil
        }
    }

    private static func text(_ requirement: Selector.Requirement, name: String) -> String {
        let name = Escaped.plain(name)
        func list(_ values: [String]) -> String { values.sorted().map(Escaped.plain).joined(separator: ",") }
        switch requirement {
        case .isIn(_, let values): return values.count == 1 ? "\(name)=\(list(values))" : "\(name) in (\(list(values)))"
        case .isNotIn(_, let values): return "\(name) notin (\(list(values)))"
        case .exists: return name
        case .doesNotExist: return "!\(name)"
        }
    }
}
