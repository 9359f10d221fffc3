// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import TestSupport

/// Other ways to write a case's manifests that mean the same.
enum CaseExpander {
    /// How to write them anew.
    enum Way: String, CaseIterable, Sendable {
        case reversedDocuments, oneFileEach, json, shuffledKeys, list, policiesTwice
    }

    /// The manifests as files.
    static func files(_ manifests: String, _ way: Way, _ random: inout SeededRandom) -> [String] {
        let nodes = documents(manifests)
        switch way {
        case .reversedDocuments: return [nodes.reversed().map { json($0) }.joined(separator: "\n---\n")]
        case .oneFileEach: return manifests.split(separator: "\n---\n").shuffled(using: &random).map { "\($0)\n" }
        case .json: return [nodes.map { json($0) }.joined(separator: "\n---\n")]
        case .shuffledKeys: return nodes.map { json($0) { $0.shuffled(using: &random) } }
        case .list:
            return [
                #"{"apiVersion": "v1", "kind": "List", "items": ["# + nodes.map { json($0) }.joined(separator: ",")
                    + "]}"
            ]
        case .policiesTwice:
            // Of a BaselineAdminNetworkPolicy there is only one.
            let policies = nodes.filter { node in
                let kind = node["kind"]?.string ?? ""
                return kind.hasSuffix("Policy") && kind != "BaselineAdminNetworkPolicy"
            }
            let copies = policies.map { copy(of: $0) }
            return nodes.map { json($0) } + copies
        }
    }

    static func documents(_ manifests: String) -> [TextNode] {
        var nodes: [TextNode] = []
        _ = TextReader.read(Array(manifests.utf8), limits: TextLimits()) { node in
            nodes.append(node)
            return true
        }
        return nodes
    }

    /// The policy under another name.
    private static func copy(of policy: TextNode) -> String {
        json(policy) { pairs in
            pairs.map { pair in
                guard pair.key.name == "metadata", case .mapping(var fields) = pair.value.content else { return pair }
                for index in fields.indices where fields[index].key.name == "name" {
                    let name = (fields[index].value.string ?? "") + "-copy"
                    fields[index].value.content = .scalar(TextScalar(string: name))
                }
                var copy = pair
                copy.value.content = .mapping(fields)
                return copy
            }
        }
    }

    /// The node as JSON, with the pairs of each object as `order` puts them.
    static func json(_ node: TextNode, order: ([TextPair]) -> [TextPair] = { $0 }) -> String {
        switch node.content {
        case .sequence(let items): return "[" + items.map { json($0, order: order) }.joined(separator: ", ") + "]"
        case .mapping(let pairs):
            let fields = order(pairs).map { "\(quoted($0.key.name)): \(json($0.value, order: order))" }
            return "{" + fields.joined(separator: ", ") + "}"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return "null"
            case .bool(let value): return "\(value)"
            case .integer(let value): return "\(value)"
            case .number(let text): return text
            case .string(let text): return quoted(text)
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
