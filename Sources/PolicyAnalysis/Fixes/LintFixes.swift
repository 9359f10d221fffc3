// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

/// Works out the edits for findings of lint rules, which know places but no texts.
struct LintFixes {
    private struct Place: Hashable {
        var line: Int
        var column: Int
    }

    private struct Found {
        var node: TextNode
        /// The list that the node is an item of.
        var list: (node: TextNode, index: Int)?
    }

    private struct Source {
        var text: EditedText
        var nodes: [Place: Found]
    }

    private var sources: [String: Source] = [:]

    /// - Parameters:
    ///   - documents: the texts; of those that a remark is about, the nodes are read again.
    ///   - remarks: what there is to mend.
    init(_ documents: [SourceDocument], for remarks: [LintRemark]) {
        let needed = Set(remarks.filter { $0.hint != nil }.map(\.finding.location.document))
        for document in documents where needed.contains(document.name) {
            var nodes: [Place: Found] = [:]
            _ = TextReader.read(document.bytes, limits: TextLimits()) { root in
                Self.add(root, nil, to: &nodes)
                return true
            }
            sources[document.name] = Source(text: EditedText(document.bytes), nodes: nodes)
        }
    }

    /// The finding with its fix, where there is one.
    func finding(_ remark: LintRemark) -> Finding {
        var finding = remark.finding
        guard let hint = remark.hint, let source = sources[finding.location.document],
            let found = source.nodes[Place(line: finding.location.line, column: finding.location.column)]
        else { return finding }
        switch hint {
        case .relabel(let key, let from, let to):
            let values = Self.values(of: key, from, in: found.node)
            // With several places nobody knows which one is meant.
            guard values.count == 1, let edit = source.text.replacing(values[0], with: to) else { break }
            finding.fix = Fix("Use \(shown(key))=\(shown(to))", [edit], isSafe: false)
        case .removeItem:
            guard let (list, index) = found.list, let edit = source.text.removing(index, from: list) else { break }
            finding.fix = Fix("Delete", [edit], isSafe: false)
        case .addIPv6:
            let edits = Self.lists(in: found.node).compactMap { Self.addingIPv6(to: $0, source.text) }
            finding.fix = edits.isEmpty ? nil : Fix("Add ::/0", edits, isSafe: true)
        case .addDNS(let kind):
            guard let list = found.node["egress"],
                let edit = source.text.inserting(Self.dnsRule(kind), before: 0, of: list)
            else { break }
            finding.fix = Fix("Add DNS rule", [edit], isSafe: false)
        }
        return finding
    }

    private static func add(_ node: TextNode, _ list: (TextNode, Int)?, to nodes: inout [Place: Found]) {
        let place = Place(line: Int(node.start.line), column: Int(node.start.column))
        // A block list and its first item's first key may start at one place; the outer one comes first and the item wins.
        if nodes[place] == nil || list != nil { nodes[place] = Found(node: node, list: list.map { ($0.0, $0.1) }) }
        for (index, item) in node.items.enumerated() { add(item, (node, index), to: &nodes) }
        for pair in node.pairs { add(pair.value, nil, to: &nodes) }
    }

    /// The scalars that are set to `value` under a key, with or without a source before it.
    private static func values(of key: String, _ value: String, in node: TextNode) -> [TextNode] {
        var result = node.items.flatMap { values(of: key, value, in: $0) }
        for pair in node.pairs {
            let name = pair.key.name
            if name == key || name.hasSuffix(":" + key), pair.value.string == value { result.append(pair.value) }
            result += values(of: key, value, in: pair.value)
        }
        return result
    }

    private static func lists(in node: TextNode) -> [TextNode] {
        var result = node.items.isEmpty ? [] : [node]
        result += node.items.flatMap { lists(in: $0) }
        for pair in node.pairs { result += lists(in: pair.value) }
        return result
    }

    /// `::/0` before `0.0.0.0/0`, written like it.
    private static func addingIPv6(to list: TextNode, _ text: EditedText) -> TextEdit? {
        let isJSON = text.isFlow(list)
        for (index, item) in list.items.enumerated() {
            if item.string == "0.0.0.0/0" { return text.inserting("\"::/0\"", before: index, of: list) }
            if item["cidr"]?.string == "0.0.0.0/0" {
                return text.inserting(isJSON ? #"{"cidr": "::/0"}"# : #"cidr: "::/0""#, before: index, of: list)
            }
            if item["ipBlock"]?["cidr"]?.string == "0.0.0.0/0" {
                let block = isJSON ? #"{"ipBlock": {"cidr": "::/0"}}"# : #"ipBlock: {cidr: "::/0"}"#
                return text.inserting(block, before: index, of: list)
            }
        }
        return nil
    }

    /// A rule that lets lookups through, in a style that is right in YAML and in JSON.
    private static func dnsRule(_ kind: PolicyKind) -> String {
        if kind == .networkPolicy {
            return #"{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}, "#
                + #""podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}], "#
                + #""ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}"#
        }
        return #"{"toEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kube-system", "#
            + #""k8s-app": "kube-dns"}}], "toPorts": [{"ports": [{"port": "53", "protocol": "ANY"}], "#
            + #""rules": {"dns": [{"matchPattern": "*"}]}}]}"#
    }
}
