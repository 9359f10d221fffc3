// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Reads the form of a policy from its nodes; what it has no field for becomes a locked block at its place.
struct FormReader {
    let kind: PolicyKind
    let marks: FormMarks

    var isCilium: Bool { kind != .networkPolicy }

    static let spec: TreeEdit.Path = [.key("spec")]

    mutating func form(_ root: TextNode) -> PolicyForm {
        var locked: [LockedBlock] = []
        let metadata = root["metadata"]
        for pair in root.pairs where !["apiVersion", "kind", "metadata", "spec", "status"].contains(pair.key.name) {
            locked.append(self.locked(pair, in: [], id: "locked", unknownIn: kind.rawValue))
        }
        let spec = root["spec"]
        locked += self.locked(spec)
        var annotations: [String: String] = [:]
        for pair in metadata?["annotations"]?.pairs ?? [] { annotations[pair.key.name] = pair.value.string }
        return PolicyForm(
            policyKind: kind,
            name: metadata?["name"]?.string,
            namespace: metadata?["namespace"]?.string,
            description: spec?["description"]?.string,
            annotations: annotations,
            subject: subject(spec, root),
            inbound: section(.ingress, spec),
            outbound: section(.egress, spec),
            locked: locked
        )
    }

    private mutating func locked(_ spec: TextNode?) -> [LockedBlock] {
        var known = ["ingress", "egress", "policyTypes", "podSelector"]
        if isCilium {
            known = [
                "endpointSelector", "ingress", "ingressDeny", "egress", "egressDeny", "enableDefaultDeny",
                "description",
            ]
        }
        return (spec?.pairs ?? []).filter { !known.contains($0.key.name) }.map {
            locked($0, in: Self.spec, id: "locked", unknownIn: "spec")
        }
    }

    private mutating func subject(_ spec: TextNode?, _ root: TextNode) -> FormSelector {
        let name = isCilium ? "endpointSelector" : "podSelector"
        guard let pair = spec?.pair(name) else {
            let part = marks.part("subject", spec ?? root, key: nil, Self.spec + name)
            return FormSelector(part: part, tests: [], locked: [])
        }
        return selector(pair.value, key: pair.key, id: "subject", Self.spec + name)
    }

    // MARK: Directions

    private mutating func section(_ direction: Direction, _ spec: TextNode?) -> FormSection {
        let word = direction == .ingress ? "inbound" : "outbound"
        var rules: [FormRule] = []
        var locked: [LockedBlock] = []
        var lists = [(name: direction.rawValue, action: RuleAction.allow, id: word)]
        if isCilium { lists.append(("\(direction.rawValue)Deny", .deny, "\(word)-deny")) }
        for list in lists {
            guard let pair = spec?.pair(list.name), !pair.value.isNull else { continue }
            guard pair.value.isList else {
                locked.append(self.locked(pair, in: Self.spec, id: word, unknownIn: nil))
                continue
            }
            for (index, item) in pair.value.items.enumerated() {
                let path = Self.spec + list.name + index
                var reader = RuleFormReader(
                    form: self,
                    direction: direction,
                    action: list.action,
                    id: "\(list.id).\(index + 1)",
                    path: path
                )
                rules.append(reader.rule(item, number: index + 1))
            }
        }
        return FormSection(
            direction: direction,
            state: state(direction, spec, rules),
            rules: rules,
            locked: locked
        )
    }

    private func state(_ direction: Direction, _ spec: TextNode?, _ rules: [FormRule]) -> FormSection.State {
        guard isCilium else {
            guard Self.policyTypes(spec).contains(direction) else { return .notRestricted }
            return rules.isEmpty ? .denyAll : .restricted
        }
        guard !rules.isEmpty else { return .notRestricted }
        if spec?["enableDefaultDeny"]?[direction.rawValue]?.bool == false { return .additive }
        return rules.allSatisfy(\.saysNothing) ? .denyAll : .restricted
    }

    /// The directions that a NetworkPolicy restricts.
    static func policyTypes(_ spec: TextNode?) -> [Direction] {
        let words = spec?["policyTypes"]?.items.compactMap(\.string) ?? []
        guard words.isEmpty else {
            return Direction.allCases.filter { words.contains($0 == .ingress ? "Ingress" : "Egress") }
        }
        return spec?["egress"]?.items.isEmpty ?? true ? [.ingress] : [.ingress, .egress]
    }

    // MARK: Selectors

    mutating func selector(_ node: TextNode, key: TextKey?, id: String, _ path: TreeEdit.Path) -> FormSelector {
        var result = FormSelector(part: marks.part(id, node, key: key, path), tests: [], locked: [])
        guard node.isObject || node.isNull else {
            result.locked.append(locked(node, key, path, id: id, "Selector", "This is not a selector."))
            return result
        }
        for pair in node.pairs {
            let own = path + pair.key.name
            switch pair.key.name {
            case "matchLabels" where pair.value.isObject:
                for label in pair.value.pairs {
                    guard let value = label.value.string else {
                        result.locked.append(locked(label, in: own, id: id, unknownIn: nil))
                        continue
                    }
                    let part = marks.part(
                        "\(id).labels.\(result.tests.count)",
                        label.value,
                        key: label.key,
                        own + label.key.name
                    )
                    result.tests.append(.init(part: part, test: LabelTest(label.key.name, .equals, [value])))
                }
            case "matchExpressions" where pair.value.isList:
                for (index, item) in pair.value.items.enumerated() {
                    guard let test = Self.test(item) else {
                        result.locked.append(
                            locked(item, nil, own + index, id: id, "Expression", "The form cannot express this test.")
                        )
                        continue
                    }
                    let part = marks.part("\(id).labels.\(result.tests.count)", item, key: nil, own + index)
                    result.tests.append(.init(part: part, test: test))
                }
            case "matchLabels" where pair.value.isNull, "matchExpressions" where pair.value.isNull: break
            default: result.locked.append(locked(pair, in: path, id: id, unknownIn: "a selector"))
            }
        }
        return result
    }

    private static func test(_ item: TextNode) -> LabelTest? {
        guard let key = item["key"]?.string, let word = item["operator"]?.string,
            item.pairs.allSatisfy({ ["key", "operator", "values"].contains($0.key.name) })
        else { return nil }
        let nodes = item["values"]?.items ?? []
        let values = nodes.compactMap(\.string)
        guard values.count == nodes.count else { return nil }
        switch word {
        case "In" where !values.isEmpty: return LabelTest(key, .isIn, values)
        case "NotIn" where !values.isEmpty: return LabelTest(key, .isNotIn, values)
        case "Exists" where values.isEmpty: return LabelTest(key, .exists, [])
        case "DoesNotExist" where values.isEmpty: return LabelTest(key, .doesNotExist, [])
        default: return nil
        }
    }

    // MARK: Locked blocks

    /// A key that the form has no field for.
    ///
    /// - Parameter unknownIn: what has no such field when the format does not know the key either.
    mutating func locked(
        _ pair: TextPair,
        in path: TreeEdit.Path,
        id: String,
        unknownIn owner: String?
    ) -> LockedBlock {
        let (title, description) = LockedTitles.words(pair.key.name, unknownIn: owner)
        return locked(pair.value, pair.key, path + pair.key.name, id: id, title, description)
    }

    mutating func locked(
        _ node: TextNode,
        _ key: TextKey?,
        _ path: TreeEdit.Path,
        id: String,
        _ title: String,
        _ description: String
    ) -> LockedBlock {
        let part = marks.part("\(id).locked.\(marks.nextLocked(id))", node, key: key, path)
        return LockedBlock(part: part, title: title, description: description)
    }
}

extension FormRule {
    /// Whether the rule is an empty object.
    var saysNothing: Bool {
        peers.isEmpty && ports.isEmpty && http.isEmpty && dns.isEmpty && icmp.isEmpty && locked.isEmpty
    }
}
