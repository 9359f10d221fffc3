// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Words for selectors.
enum SelectorText {
    /// A selector taken apart into what people ask separately: which labels, and which namespaces.
    private struct Parts {
        var labels: [String] = []
        var namespaceLabels: [String] = []
        var namespaces: [String]?
        /// Whether any namespace will do, said outright.
        var anyNamespace = false

        init(_ selector: Selector) {
            for requirement in selector.requirements {
                let key = requirement.key
                let isPodKey = key.source == .k8s || key.source == .any
                switch requirement {
                case .isIn(_, let values) where isPodKey && key.name == WellKnownLabel.namespace.name:
                    namespaces = values
                case .isIn(_, let values)
                where isPodKey && key.name == WellKnownLabel.namespaceLabelPrefix + WellKnownLabel.namespaceName:
                    namespaces = values
                case .exists where isPodKey && key.name == WellKnownLabel.namespace.name:
                    anyNamespace = true
                default:
                    if isPodKey, key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix) {
                        let name = String(key.name.dropFirst(WellKnownLabel.namespaceLabelPrefix.count))
                        namespaceLabels.append(SelectorText.text(requirement, name: name))
                    } else {
                        labels.append(SelectorText.text(requirement, name: SelectorText.name(key)))
                    }
                }
            }
        }

        var scope: String {
            if !namespaceLabels.isEmpty { return "in namespaces with \(namespaceLabels.joined(separator: ", "))" }
            guard let namespaces else { return "in any namespace" }
            let names = namespaces.map { shown($0) }
            return names.count == 1 ? "in namespace \(names[0])" : "in namespaces \(names.joined(separator: " or "))"
        }
    }

    /// The line on what a policy applies to.
    static func subject(_ subject: PolicySpec.Subject, podCount: Int?) -> String {
        switch subject {
        case .nodes(let selector):
            let labels = Parts(selector).labels
            return labels.isEmpty
                ? "Applies to every node." : "Applies to nodes with \(labels.joined(separator: ", "))."
        case .endpoints(let selector):
            let parts = Parts(selector)
            let noneMatch = podCount == 0 ? " (no pods match now)" : ""
            guard !parts.labels.isEmpty else {
                if parts.namespaces == nil, parts.namespaceLabels.isEmpty {
                    return "Applies to every pod in the cluster\(noneMatch)."
                }
                return "Applies to all pods \(parts.scope)\(noneMatch)."
            }
            let count = podCount.map { $0 == 0 ? noneMatch : $0 == 1 ? " (1 pod now)" : " (\($0) pods now)" } ?? ""
            return "Applies to pods \(parts.scope) with \(parts.labels.joined(separator: ", "))\(count)."
        }
    }

    /// The words for peers by labels: `pods with app=gw in namespace shop`.
    static func peer(_ selector: Selector) -> String {
        if selector.requirements.contains(where: { $0.key.source == .reserved }) {
            let all = selector.requirements.map { text($0, name: name($0.key)) }
            return "endpoints with \(all.joined(separator: ", "))"
        }
        let parts = Parts(selector)
        if !parts.labels.isEmpty { return "pods with \(parts.labels.joined(separator: ", ")) \(parts.scope)" }
        if !parts.namespaceLabels.isEmpty { return "any pod \(parts.scope)" }
        guard parts.namespaces != nil else {
            return parts.anyNamespace ? "every pod in the cluster" : "every endpoint"
        }
        return "every pod \(parts.scope)"
    }

    /// The labels that a selector asks of the pods themselves; empty when it asks for none.
    static func labels(_ selector: Selector) -> String { Parts(selector).labels.joined(separator: ", ") }

    /// The labels that a selector asks of namespaces; empty when it asks for none.
    static func namespaceLabels(_ selector: Selector) -> String {
        Parts(selector).namespaceLabels.joined(separator: ", ")
    }

    private static func name(_ key: LabelKey) -> String {
        key.source == .k8s || key.source == .any ? key.name : "\(key)"
    }

    private static func text(_ requirement: Selector.Requirement, name: String) -> String {
        let name = shown(name)
        func list(_ values: [String]) -> String { values.map { shown($0) }.joined(separator: ", ") }
        switch requirement {
        case .isIn(_, let values): return values.count == 1 ? "\(name)=\(list(values))" : "\(name) in (\(list(values)))"
        case .isNotIn(_, let values):
            return values.count == 1 ? "\(name)!=\(list(values))" : "\(name) not in (\(list(values)))"
        case .exists: return "label \(name)"
        case .doesNotExist: return "no label \(name)"
        }
    }
}
