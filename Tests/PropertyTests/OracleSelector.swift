// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A label selector as it is written, asked whether labels satisfy it.
struct OracleSelector {
    /// One requirement: key split at its source, the operator's word, and the values.
    struct Requirement {
        var source: String
        var name: String
        var word: String
        var values: [String]
    }

    var requirements: [Requirement] = []

    /// K `LabelSelector`: `matchLabels` and `matchExpressions` are ANDed; empty matches everything.
    ///
    /// - Parameters:
    ///   - manifest: the selector.
    ///   - split: how a written key becomes a source and a name.
    init(_ manifest: Manifest?, split: (String) -> (source: String, name: String)) {
        for pair in manifest?.field("matchLabels")?.pairs ?? [] {
            let key = split(pair.key)
            add(key.source, key.name, "In", [pair.value.text])
        }
        for expression in manifest?.field("matchExpressions")?.items ?? [] {
            let key = split(expression.field("key")?.text ?? "")
            let values = expression.field("values")?.items.map(\.text) ?? []
            add(key.source, key.name, expression.field("operator")?.text ?? "", values)
        }
    }

    mutating func add(_ source: String, _ name: String, _ word: String, _ values: [String]) {
        requirements.append(Requirement(source: source, name: name, word: word, values: values))
    }

    func matches(_ labels: Set<Oracle.PartyLabel>) -> Bool {
        for requirement in requirements {
            // C 1.4: `any` matches every source; another source matches its own labels only.
            let found = labels.filter {
                $0.name == requirement.name && (requirement.source == "any" || $0.source == requirement.source)
            }
            let isAmong = found.contains { requirement.values.contains($0.value) }
            switch requirement.word {
            case "In": if !isAmong { return false }
            // C 1.4, K: NotIn also holds when the key is absent.
            case "NotIn": if isAmong { return false }
            case "Exists": if found.isEmpty { return false }
            case "DoesNotExist": if !found.isEmpty { return false }
            default: return false
            }
        }
        return true
    }

    /// C 1.4: a key without a source means any source; one colon separates the source.
    static func ciliumKey(_ key: String) -> (source: String, name: String) {
        guard let colon = key.firstIndex(of: ":") else { return ("any", key) }
        return (String(key[..<colon]), String(key[key.index(after: colon)...]))
    }

    /// C 1.13: keys of pod selectors in NetworkPolicy are labels of source k8s.
    static func podKey(_ key: String) -> (source: String, name: String) { ("k8s", key) }

    /// C 1.13: keys of namespace selectors are the namespace's labels as its pods carry them.
    static func namespaceKey(_ key: String) -> (source: String, name: String) {
        ("k8s", "io.cilium.k8s.namespace.labels." + key)
    }
}
