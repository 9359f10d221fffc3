// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

extension Selector {
    /// The selector as `matchLabels` and `matchExpressions`, with keys written by `key`.
    func object(_ key: (LabelKey) -> String) -> JSONValue {
        var labels: [(String, JSONValue)] = []
        var expressions: [JSONValue] = []
        func expression(_ requirement: Requirement, _ word: String, _ values: [String]) {
            var fields: [(String, JSONValue)] = [
                ("key", .string(key(requirement.key))), ("operator", .string(word)),
            ]
            if !values.isEmpty { fields.append(("values", .array(values.map { .string($0) }))) }
            expressions.append(.object(fields))
        }
        for requirement in requirements {
            switch requirement {
            case .isIn(let name, let values):
                let text = key(name)
                if values.count == 1, !labels.contains(where: { $0.0 == text }) {
                    labels.append((text, .string(values[0])))
                } else {
                    expression(requirement, "In", values)
                }
            case .isNotIn(_, let values): expression(requirement, "NotIn", values)
            case .exists: expression(requirement, "Exists", [])
            case .doesNotExist: expression(requirement, "DoesNotExist", [])
            }
        }
        var fields: [(String, JSONValue)] = []
        if !labels.isEmpty { fields.append(("matchLabels", .object(labels))) }
        if !expressions.isEmpty { fields.append(("matchExpressions", .array(expressions))) }
        return .object(fields)
    }
}
