// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// What form values are in a text.
extension FormSession {
    func value(
        of draft: RuleDraft,
        _ direction: Direction,
        _ action: RuleAction
    ) throws(FormFailure) -> TextValue {
        var pairs: [TextValue.Pair] = []
        for peer in draft.peers {
            let (field, value) = try value(of: peer, direction, action)
            if let index = pairs.firstIndex(where: { $0.key == field }) {
                pairs[index].value = .list(pairs[index].value.items + [value])
            } else {
                pairs.append(.init(key: field, value: .list([value])))
            }
        }
        if !draft.ports.isEmpty {
            let ports = TextValue.list(draft.ports.map { value(of: $0) })
            pairs.append(
                isCilium
                    ? .init(key: "toPorts", value: .list([.fields([("ports", ports)])]))
                    : .init(key: "ports", value: ports)
            )
        }
        if !draft.icmp.isEmpty {
            guard isCilium else { throw .remark(.needsCilium("A rule for ICMP")) }
            let fields = TextValue.list(draft.icmp.map { value(of: $0) })
            pairs.append(.init(key: "icmps", value: .list([.fields([("fields", fields)])])))
        }
        return .object(pairs)
    }

    func value(of icmp: ICMPValue) -> TextValue {
        .fields([
            ("family", icmp.family.map(TextValue.string)),
            ("type", Int(icmp.type).map(TextValue.int) ?? .string(icmp.type)),
        ])
    }

    /// A peer, and the list of a rule that it goes into.
    func value(
        of peer: PeerValue,
        _ direction: Direction,
        _ action: RuleAction
    ) throws(FormFailure) -> (field: String, value: TextValue) {
        let word = direction == .ingress ? "from" : "to"
        guard isCilium else { return (word, try networkPolicyValue(of: peer)) }
        switch peer {
        case .pods(let labels, let namespaces):
            let isNamespaced = try form().policyKind.isNamespaced
            let tests = labels + CiliumNamespaces.tests(namespaces, isNamespaced: isNamespaced)
            return ("\(word)Endpoints", try selector(tests))
        case .entity(let name): return ("\(word)Entities", .string(name))
        case .block(let cidr, let except):
            return ("\(word)CIDRSet", Self.block(cidr, except))
        case .dnsName(let name): return (try names(direction, action), .fields([("matchName", .string(name))]))
        case .dnsPattern(let pattern):
            return (try names(direction, action), .fields([("matchPattern", .string(pattern))]))
        case .service(let name, let namespace):
            guard direction == .egress else {
                throw .remark(.invalid("Services can only be used for outbound rules."))
            }
            let service = TextValue.fields([
                ("serviceName", .string(name)), ("namespace", namespace.map(TextValue.string)),
            ])
            return ("toServices", .fields([("k8sService", service)]))
        }
    }

    private func names(_ direction: Direction, _ action: RuleAction) throws(FormFailure) -> String {
        guard direction == .egress else { throw .remark(.dnsNamesInbound) }
        guard action == .allow else { throw .remark(.conditionInDeny) }
        return "toFQDNs"
    }

    private func networkPolicyValue(of peer: PeerValue) throws(FormFailure) -> TextValue {
        switch peer {
        case .pods(let labels, let namespaces):
            let chosen = try namespaceSelector(namespaces)
            let pods = labels.isEmpty && chosen != nil ? nil : try selector(labels)
            return .fields([("namespaceSelector", chosen), ("podSelector", pods)])
        case .block(let cidr, let except): return .fields([("ipBlock", Self.block(cidr, except))])
        case .entity: throw .remark(.needsCilium("A rule for entities"))
        case .dnsName, .dnsPattern: throw .remark(.needsCilium("A rule for DNS names"))
        case .service: throw .remark(.needsCilium("A rule for Services"))
        }
    }

    /// `nil` for the policy's own namespace.
    func namespaceSelector(_ choice: NamespaceChoice) throws(FormFailure) -> TextValue? {
        switch choice {
        case .own: nil
        case .all: .object([])
        case .named(let name): try selector([LabelTest(WellKnownLabel.namespaceName, .equals, [name])])
        case .matching(let labels): try selector(labels)
        }
    }

    static func block(_ cidr: String, _ except: [String]) -> TextValue {
        .fields([
            ("cidr", .string(cidr)), ("except", except.isEmpty ? nil : .list(except.map(TextValue.string))),
        ])
    }

    func selector(_ tests: [LabelTest]) throws(FormFailure) -> TextValue {
        var labels: [TextValue.Pair] = []
        var expressions: [TextValue] = []
        for test in tests {
            try check(test)
            if test.comparison == .equals, !labels.contains(where: { $0.key == test.key }) {
                labels.append(.init(key: test.key, value: .string(test.values[0])))
            } else {
                expressions.append(Self.expression(test))
            }
        }
        return .fields([
            ("matchLabels", labels.isEmpty ? nil : .object(labels)),
            ("matchExpressions", expressions.isEmpty ? nil : .list(expressions)),
        ])
    }

    /// Whether a test has as many values as its comparison takes; what the values are is checked when the text is read.
    func check(_ test: LabelTest) throws(FormFailure) {
        switch (test.comparison, test.values.count) {
        case (.equals, 1), (.isIn, 1...), (.isNotIn, 1...), (.exists, 0), (.doesNotExist, 0): return
        case (.equals, _):
            throw .remark(.badLabel(test.description, reason: "\"equals\" takes exactly one value"))
        case (.isIn, _), (.isNotIn, _):
            throw .remark(.badLabel(test.description, reason: "at least one value is needed"))
        case (.exists, _), (.doesNotExist, _):
            throw .remark(.badLabel(test.description, reason: "this comparison takes no values"))
        }
    }

    static func expression(_ test: LabelTest) -> TextValue {
        .fields([
            ("key", .string(test.key)), ("operator", .string(test.comparison.word)),
            ("values", test.values.isEmpty ? nil : .list(test.values.map(TextValue.string))),
        ])
    }

    func value(of port: PortValue) -> TextValue {
        let number = portValue(port.port)
        let end = port.endPort.map(TextValue.int)
        let transport = port.transport.map(TextValue.string)
        return isCilium
            ? .fields([("port", number), ("endPort", end), ("protocol", transport)])
            : .fields([("protocol", transport), ("port", number), ("endPort", end)])
    }

    /// Cilium writes numbers as strings too.
    func portValue(_ text: String?) -> TextValue? {
        guard let text else { return nil }
        if !isCilium, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) {
            return .int(number)
        }
        return .string(text)
    }
}
