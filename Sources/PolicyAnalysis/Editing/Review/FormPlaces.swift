// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyModel

extension PolicyFormText {
    /// What a line is in: `shop/allow-web → inbound → rule 2 → ports`; empty outside of documents.
    ///
    /// - Parameter line: 1-based.
    public func words(atLine line: Int) -> String {
        guard let document = documents.last(where: { $0.span.firstLine <= line }) else { return "" }
        guard let form = document.form else { return document.title }
        let name = [form.namespace, form.name].compactMap { $0 }.joined(separator: "/")
        var words = [name.isEmpty ? form.policyKind.rawValue : Escaped.plain(name)]
        func holds(_ part: FormPart) -> Bool { part.span.firstLine <= line && line <= part.span.lastLine }
        for section in [form.inbound, form.outbound] {
            guard let rule = section.rules.first(where: { holds($0.part) }) else { continue }
            words.append(section.direction == .ingress ? "inbound" : "outbound")
            words.append("\(rule.action == .deny ? "deny " : "")rule \(rule.number)")
            if rule.peers.contains(where: { holds($0.part) }) {
                words.append("peers")
            } else if rule.ports.contains(where: { holds($0.part) }) {
                words.append("ports")
            } else if rule.http.contains(where: { holds($0.part) }) {
                words.append("HTTP")
            } else if rule.dns.contains(where: { holds($0.part) }) {
                words.append("DNS")
            }
            return words.joined(separator: " → ")
        }
        if !form.subject.tests.isEmpty, holds(form.subject.part) { words.append("applies to") }
        return words.joined(separator: " → ")
    }

    /// The document that a policy is in; `nil` where the form shows none of its kind and name.
    ///
    /// - Parameter defaultNamespace: that of policies which name none.
    public func index(of policy: PolicyID, defaultNamespace: String = "default") -> Int? {
        documents.first { document in
            guard let form = document.form, form.policyKind == policy.kind, form.name == policy.name else {
                return false
            }
            guard policy.kind.isNamespaced else { return true }
            return (form.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? defaultNamespace) == policy.namespace
        }?.index
    }
}
