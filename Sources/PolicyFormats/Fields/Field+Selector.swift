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
        for entry in object["matchLabels"]?.stringMap() ?? [] {
            guard let key = style.key(entry.name, refuse: { entry.reportKey(.badLabel(entry.name, reason: $0)) }) else {
                continue
            }
            if let reason = NameSyntax.problem(labelValue: entry.value) {
                entry.reportValue(.badLabel(entry.value, reason: reason))
                continue
            }
            labels.append(Label(key, entry.value))
        }
        if labels.count > 1 { labels.sort() }
        // One order for one meaning, whatever the order of the text; `app` and `any:app` are the same key.
        var requirements = labels.map { Selector.Requirement.isIn($0.key, [$0.value]) }
        for item in object["matchExpressions"]?.list() ?? [] {
            if let requirement = item.requirement(style) { requirements.append(requirement) }
        }
        return Selector(requirements)
    }

    private func requirement(_ style: KeyStyle) -> Selector.Requirement? {
        guard let object = object(["key", "operator", "values"]) else { return nil }
        let keyField = object["key"]
        if keyField == nil { report(.missing("\(path)", "a \"key\"")) }
        guard let keyField, let text = keyField.string(),
            let key = style.key(text, refuse: { keyField.report(.badLabel(text, reason: $0)) })
        else { return nil }
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
}

extension Selector {
    /// Whether it has requirements, and none of them demands a label.
    var onlyExcludes: Bool {
        !requirements.isEmpty
            && requirements.allSatisfy { requirement in
                switch requirement {
                case .isNotIn, .doesNotExist: true
                case .isIn, .exists: false
                }
            }
    }
}

extension KeyStyle {
    /// Reads a selector's key; says why and returns `nil` when it is not one.
    fileprivate func key(_ text: String, refuse: (String) -> Void) -> LabelKey? {
        guard self != .cilium else { return ciliumKey(text, refuse) }
        if let reason = NameSyntax.problem(labelKey: text) {
            refuse(reason)
            return nil
        }
        if self == .namespace { return .k8s(WellKnownLabel.namespaceLabelPrefix + text) }
        guard self == .node || !WellKnownLabel.isDerived(text) else {
            // On pods it would match labels that engines derive, which Kubernetes does not know.
            refuse("Kubernetes has no such label on pods; use namespaceSelector")
            return nil
        }
        return .k8s(text)
    }

    private func ciliumKey(_ text: String, _ refuse: (String) -> Void) -> LabelKey? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            if let reason = NameSyntax.problem(labelKey: text) {
                refuse(reason)
                return nil
            }
            return LabelKey(.any, text)
        }
        let (source, name) = (text[..<colon], text[text.utf8.index(after: colon)...])
        guard !name.utf8.contains(UInt8(ascii: ":")) else {
            refuse("a key has at most one \":\"")
            return nil
        }
        if let reason = NameSyntax.problem(labelKey: name) {
            refuse(reason)
            return nil
        }
        guard !source.isEmpty, source.utf8.allSatisfy(NameSyntax.isAlphanumeric) else {
            refuse("the part before \":\" may have letters and digits only")
            return nil
        }
        return LabelKey(LabelSource(rawValue: String(source)), String(name))
    }
}
