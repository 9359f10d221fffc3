// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// What a conversion needs of the original text: labels, annotations and comments.
struct ConversionSource {
    private var lines: [Substring]
    private var metadata: TextNode?
    private let policy: Policy

    init(_ document: SourceDocument, _ policy: Policy) {
        self.policy = policy
        // CR LF is one character of its own.
        lines = String(decoding: document.bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        _ = TextReader.read(document.bytes, limits: TextLimits()) { root in
            // The object may be an item of a list.
            for object in [root] + (root["items"]?.items ?? [])
            where Int(object.start.line) == policy.location.line && Int(object.start.column) == policy.location.column {
                metadata = object["metadata"] ?? metadata
            }
            return true
        }
    }

    /// `metadata` of the new object.
    var newMetadata: JSONValue {
        var fields: [(String, JSONValue)] = [("name", .string(policy.id.name))]
        if let namespace = policy.id.namespace { fields.append(("namespace", .string(namespace))) }
        for name in ["labels", "annotations"] {
            let pairs = (metadata?[name]?.pairs ?? []).compactMap { pair -> (String, JSONValue)? in
                let key = pair.key.name
                guard let value = pair.value.string else { return nil }
                // What kubectl remembers of the old object would be wrong of the new one.
                return key == "kubectl.kubernetes.io/last-applied-configuration" ? nil : (key, .string(value))
            }
            if !pairs.isEmpty { fields.append((name, .object(pairs))) }
        }
        return .object(fields)
    }

    /// The comment lines right above a place.
    func comments(above location: SourceLocation, indent: String) -> String {
        var found: [String] = []
        var index = location.line - 2
        while lines.indices.contains(index) {
            let text = lines[index].drop { $0 == " " }
            guard text.first == "#" else { break }
            found.append(indent + text + "\n")
            index -= 1
        }
        return found.reversed().joined()
    }

    /// The comment lines above each rule, by `ingress 0` and the like.
    var ruleComments: [String: [String]] {
        var result: [String: [String]] = [:]
        for rule in policy.specs.flatMap(\.rules) {
            let text = comments(above: rule.location, indent: "")
            guard !text.isEmpty else { continue }
            result["\(rule.direction.rawValue) \(rule.index)"] = text.split(separator: "\n").map(String.init)
        }
        return result
    }
}

extension PolicyRemark {
    static func lost(_ what: String, to kind: PolicyKind, at location: SourceLocation) -> Finding {
        conversionLoses(what, to: kind.rawValue).finding(at: location)
    }
}
