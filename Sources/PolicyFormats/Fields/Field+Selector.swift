// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// How the keys of a label selector become keys of the model.
enum KeyStyle {
    /// Kubernetes: plain keys, found on the pods themselves.
    case pod
    /// Kubernetes: plain keys of a namespace.
    case namespace
    /// Kubernetes: plain keys of a node.
    case node
    /// Cilium: `source:key`, or a plain key for any source.
    case cilium
}

extension Field {
    /// Reads a label selector (`matchLabels`, `matchExpressions`) as the conjunction of its requirements.
    func selector(_ style: KeyStyle) -> Selector? {
        guard let object = object(["matchLabels", "matchExpressions"]) else { return nil }
        var labels: [Label] = []
        for (name, keyField, value, valueField) in object["matchLabels"]?.stringMap() ?? [] {
            guard let key = keyField.labelKey(name, style) else { continue }
            if let reason = NameSyntax.problem(labelValue: value) {
                valueField.report(.badLabel(value, reason: reason))
                continue
            }
            labels.append(Label(key, value))
        }
        // One order for one meaning, whatever the order of the text; `app` and `any:app` are the same key.
        var requirements = labels.sorted().map { Selector.Requirement.isIn($0.key, [$0.value]) }
        for item in object["matchExpressions"]?.list() ?? [] {
            if let requirement = item.requirement(style) { requirements.append(requirement) }
        }
        return Selector(requirements)
    }

    private func requirement(_ style: KeyStyle) -> Selector.Requirement? {
        guard let object = object(["key", "operator", "values"]) else { return nil }
        let keyField = object["key"]
        if keyField == nil { report(.missing("\(path)", "a \"key\"")) }
        guard let keyField, let text = keyField.string(), let key = keyField.labelKey(text, style) else { return nil }
        guard let operatorField = object["operator"] else {
            report(.missing("\(path)", "an \"operator\""))
            return nil
        }
        guard let word = operatorField.string() else { return nil }
        let values = object["values"]?.strings() ?? []
        for (value, field) in values {
            if let reason = NameSyntax.problem(labelValue: value) { field.report(.badLabel(value, reason: reason)) }
        }
        let needsValues = word == "In" || word == "NotIn"
        if needsValues, values.isEmpty { report(.missing("\(path)", "at least one of \"values\" for \(word)")) }
        if !needsValues, !values.isEmpty { report(.invalid("\(path) must have no values for \(shown(word)).")) }
        switch word {
        case "In": return .isIn(key, values.map(\.text))
        case "NotIn": return .isNotIn(key, values.map(\.text))
        case "Exists": return .exists(key)
        case "DoesNotExist": return .doesNotExist(key)
        default:
            let words = ["In", "NotIn", "Exists", "DoesNotExist"]
            operatorField.report(
                .notAllowed(word, for: "\(operatorField.path)", allowed: words, near: nearest(to: word, among: words))
            )
            return nil
        }
    }

    /// Reads a selector's key; reports and returns `nil` when it is not one.
    private func labelKey(_ text: String, _ style: KeyStyle) -> LabelKey? {
        switch style {
        case .pod, .namespace, .node:
            if let reason = NameSyntax.problem(labelKey: text) {
                report(.badLabel(text, reason: reason))
                return nil
            }
            if style == .namespace { return .k8s(WellKnownLabel.namespaceLabelPrefix + text) }
            guard style == .node || !WellKnownLabel.isDerived(text) else {
                // On pods it would match labels that engines derive, which Kubernetes does not know.
                report(.badLabel(text, reason: "Kubernetes has no such label on pods; use namespaceSelector"))
                return nil
            }
            return .k8s(text)
        case .cilium:
            return ciliumKey(text)
        }
    }

    private func ciliumKey(_ text: String) -> LabelKey? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last else {
            report(.badLabel(text, reason: "a key has at most one \":\""))
            return nil
        }
        if let reason = NameSyntax.problem(labelKey: name) {
            report(.badLabel(text, reason: reason))
            return nil
        }
        guard parts.count == 2 else { return LabelKey(.any, String(name)) }
        guard !parts[0].isEmpty, parts[0].utf8.allSatisfy(NameSyntax.isAlphanumeric) else {
            report(.badLabel(text, reason: "the part before \":\" may have letters and digits only"))
            return nil
        }
        return LabelKey(LabelSource(rawValue: String(parts[0])), String(name))
    }
}
