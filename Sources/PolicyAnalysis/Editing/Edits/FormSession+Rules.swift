// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

extension FormSession {
    private static let spec = FormReader.spec

    /// The keys that come before a section of rules, in the order in which policies are usually written.
    private static func keysBefore(_ list: String) -> [String] {
        let order = [
            "description", "podSelector", "endpointSelector", "nodeSelector", "policyTypes", "enableDefaultDeny",
            "ingress",
            "ingressDeny", "egress", "egressDeny",
        ]
        return Array(order.prefix { $0 != list })
    }

    private func list(_ direction: Direction, _ action: RuleAction) -> String {
        direction.rawValue + (action == .deny ? "Deny" : "")
    }

    func ruleItem(_ id: String) throws(FormFailure) -> (list: TreeEdit.Path, index: Int) {
        let path = try path(id)
        guard case .item(let index) = path.last, path.count == 3 else {
            throw .remark(.notEditable("\"\(Escaped.plain(id))\" is no rule"))
        }
        return (Array(path.dropLast()), index)
    }

    func section(of id: String) throws(FormFailure) -> FormSection {
        try form().section(id.hasPrefix("inbound") ? .ingress : .egress)
    }

    // MARK: Rules

    mutating func addRule(_ direction: Direction, _ action: RuleAction, _ draft: RuleDraft) throws(FormFailure) {
        guard action != .pass else { throw .remark(.notEditable("rules of this kind allow or deny")) }
        guard isCilium || action == .allow else { throw .remark(.needsCilium("A deny rule")) }
        if !isCilium, draft.peers.isEmpty, draft.ports.isEmpty, draft.icmp.isEmpty {
            try ask(FormQuestion(.allowsEveryone, direction))
        }
        let name = list(direction, action)
        let path = Self.spec + name
        let rule = try value(of: draft, direction, action)
        let items = node(path)?.items ?? []
        // The one that stands for "Deny all" gives its place to the first rule.
        if isCilium, action == .allow, items.count == 1, items[0].isEmptyObject {
            if rule != .object([]) { try change(.set(path + 0, rule)) }
        } else {
            try append(rule, to: path, after: Self.keysBefore(name))
        }
        if !isCilium { try restrict(direction) }
    }

    mutating func removeRule(_ id: String) throws(FormFailure) {
        let (list, index) = try ruleItem(id)
        let section = try section(of: id)
        let direction = section.direction
        let count = node(list)?.items.count ?? 0
        if section.rules.count > 1 || section.state == .additive || section.state == .notRestricted {
            return try change(.remove(count > 1 ? list + index : list))
        }
        let instead = FormEdit.setState(direction: direction, state: .notRestricted)
        try ask(FormQuestion(.deniesAll, direction, alternatives: [instead]))
        guard isCilium else {
            try change(.remove(list + index))
            return try restrict(direction)
        }
        if section.state != .denyAll { try change(.set(list + index, .object([]))) }
    }

    mutating func duplicateRule(_ id: String) throws(FormFailure) {
        let (list, index) = try ruleItem(id)
        try change(.duplicate(list: list, index: index))
    }

    mutating func moveRule(_ id: String, by distance: Int) throws(FormFailure) {
        let (list, index) = try ruleItem(id)
        let last = (node(list)?.items.count ?? 1) - 1
        let target = max(0, min(last, distance > last ? last : distance < -last ? 0 : index + distance))
        if target != index { try change(.move(list: list, from: index, to: target)) }
    }

    mutating func setAction(_ id: String, _ action: RuleAction) throws(FormFailure) {
        let (path, index) = try ruleItem(id)
        let direction = try section(of: id).direction
        guard action != .pass else { throw .remark(.notEditable("rules of this kind allow or deny")) }
        guard isCilium else {
            if action == .deny { throw .remark(.needsCilium("A deny rule")) }
            return
        }
        let target = list(direction, action)
        guard case .key(let source) = path.last, source != target else { return }
        if let items = node(Self.spec + target)?.items, items.isEmpty { try change(.remove(Self.spec + target)) }
        // "Deny all" and a deny rule say the same together as the deny rule alone.
        try change(.transfer(object: Self.spec, from: source, index: index, to: target))
    }

    // MARK: Directions

    /// Makes sure that a NetworkPolicy restricts a direction.
    private mutating func restrict(_ direction: Direction) throws(FormFailure) {
        let spec = node(Self.spec)
        guard !FormReader.policyTypes(spec).contains(direction) else { return }
        let word = direction == .ingress ? "Ingress" : "Egress"
        if let types = spec?["policyTypes"], !types.items.isEmpty {
            return try change(
                .insert(
                    list: Self.spec + "policyTypes",
                    index: direction == .ingress ? 0 : types.items.count,
                    .string(word)
                )
            )
        }
        try set(
            Self.spec + "policyTypes",
            .list([.string("Ingress"), .string("Egress")]),
            after: Self.keysBefore("policyTypes")
        )
    }

    mutating func setState(_ direction: Direction, _ state: FormSection.State) throws(FormFailure) {
        let section = try form().section(direction)
        guard section.state != state else { return }
        guard isCilium else { return try setNetworkPolicyState(section, state) }
        let (allow, deny) = (Self.spec + list(direction, .allow), Self.spec + list(direction, .deny))
        switch state {
        case .notRestricted:
            for path in [allow, deny] where node(path) != nil { try change(.remove(path)) }
        case .denyAll:
            if node(deny) != nil, node(allow) == nil {
                try change(.rename(deny, list(direction, .allow)))
            } else if node(deny) != nil {
                try change(.remove(deny))
            }
            try set(allow, .list([.object([])]), after: Self.keysBefore(list(direction, .allow)))
            try deniesByDefault(direction)
        case .restricted:
            guard section.rules.contains(where: { !$0.saysNothing }) else { throw .remark(Self.needsRule) }
            try deniesByDefault(direction)
        case .additive:
            guard !section.rules.isEmpty else { throw .remark(Self.needsRule) }
            try set(Self.spec + "enableDefaultDeny" + direction.rawValue, .scalar(.bool(false)))
        }
    }

    private static let needsRule = PolicyRemark.invalid(
        "Restricted needs a rule: add one, or choose Deny all or Not restricted."
    )

    private mutating func deniesByDefault(_ direction: Direction) throws(FormFailure) {
        let path = Self.spec + "enableDefaultDeny" + direction.rawValue
        if node(path)?.bool == false { try change(.set(path, .scalar(.bool(true)))) }
    }

    private mutating func setNetworkPolicyState(
        _ section: FormSection,
        _ state: FormSection.State
    ) throws(FormFailure) {
        let direction = section.direction
        let path = Self.spec + list(direction, .allow)
        switch state {
        case .additive: throw .remark(.needsCilium("A policy without default deny"))
        case .restricted:
            guard !section.rules.isEmpty else { throw .remark(Self.needsRule) }
            try restrict(direction)
        case .denyAll:
            if node(path) != nil { try change(.remove(path)) }
            try restrict(direction)
        case .notRestricted:
            let others = FormReader.policyTypes(node(Self.spec)).filter { $0 != direction }
            guard let other = others.first else {
                throw .remark(
                    .invalid(
                        "A NetworkPolicy restricts at least one direction; delete the policy, or restrict the other."
                    )
                )
            }
            if node(path) != nil { try change(.remove(path)) }
            guard FormReader.policyTypes(node(Self.spec)).contains(direction) else { return }
            let types = Self.spec + "policyTypes"
            let word = direction == .ingress ? "Ingress" : "Egress"
            if let index = node(types)?.items.firstIndex(where: { $0.string == word }) {
                return try change(.remove(types + index))
            }
            let rest = other == .ingress ? "Ingress" : "Egress"
            try set(types, .list([.string(rest)]), after: Self.keysBefore("policyTypes"))
        }
    }
}
