// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

extension FormSession {
    func rule(_ id: String) throws(FormFailure) -> FormRule {
        let parts = id.split(separator: ".").prefix(2).joined(separator: ".")
        guard let rule = try section(of: id).rules.first(where: { $0.part.id == parts }) else {
            throw .remark(.notEditable("there is no rule \"\(Escaped.plain(parts))\""))
        }
        return rule
    }

    private func peer(_ id: String) throws(FormFailure) -> FormPeer {
        let parts = id.split(separator: ".").prefix(4).joined(separator: ".")
        guard let peer = try rule(id).peers.first(where: { $0.part.id == parts }) else {
            throw .remark(.notEditable("there is no peer \"\(Escaped.plain(parts))\""))
        }
        return peer
    }

    mutating func addPeer(_ id: String, _ peer: PeerValue) throws(FormFailure) {
        let (rule, direction) = (try rule(id), try section(of: id).direction)
        let path = try path(rule.part.id)
        var (field, value) = try value(of: peer, direction, rule.action)
        // Blocks without exceptions go where others of their kind are.
        let plain = String(field.dropLast("Set".count))
        if case .block(let cidr, let except) = peer, isCilium, except.isEmpty,
            rule.peers.contains(where: { $0.field == plain })
        {
            (field, value) = (plain, .string(cidr))
        }
        try append(value, to: path + field)
    }

    mutating func setPeer(_ id: String, _ new: PeerValue) throws(FormFailure) {
        let old = try peer(id)
        guard old.value != new else { return }
        let (rule, direction) = (try rule(id), try section(of: id).direction)
        let path = try path(old.part.id)
        switch (old.value, new) {
        case (.entity, .entity(let name)): try set(path, .string(name))
        case (.block, .block(let cidr, let except)) where old.field.hasSuffix("CIDR"):
            guard !except.isEmpty else { return try set(path, .string(cidr)) }
            try exchange(old, rule, with: new, direction)
        case (.block(let oldCIDR, let oldExcept), .block(let cidr, let except)):
            let own = isCilium ? path : path + "ipBlock"
            if oldCIDR != cidr { try set(own + "cidr", .string(cidr)) }
            if oldExcept != except { try setStrings(own + "except", oldExcept, except) }
        case (.dnsName, .dnsName(let name)): try set(path + "matchName", .string(name))
        case (.dnsPattern, .dnsPattern(let pattern)): try set(path + "matchPattern", .string(pattern))
        case (.dnsName, .dnsPattern(let text)):
            try set(path + "matchName", .string(text))
            try change(.rename(path + "matchName", "matchPattern"))
        case (.dnsPattern, .dnsName(let text)):
            try set(path + "matchPattern", .string(text))
            try change(.rename(path + "matchPattern", "matchName"))
        case (.service(let oldName, let oldSpace), .service(let name, let namespace)):
            if oldName != name { try set(path + "k8sService" + "serviceName", .string(name)) }
            if oldSpace != namespace {
                try set(path + "k8sService" + "namespace", optional: namespace.map(TextValue.string))
            }
        case (.pods, .pods(let labels, let namespaces)): try setPods(old, path, labels, namespaces)
        default: try exchange(old, rule, with: new, direction)
        }
    }

    private mutating func setPods(
        _ old: FormPeer,
        _ path: TreeEdit.Path,
        _ labels: [LabelTest],
        _ namespaces: NamespaceChoice
    ) throws(FormFailure) {
        guard !isCilium else {
            let isNamespaced = try form().policyKind.isNamespaced
            let tests = labels + CiliumNamespaces.tests(namespaces, isNamespaced: isNamespaced)
            return try setTests(path, old.pods?.tests ?? [], to: tests)
        }
        guard case .pods(let oldLabels, let oldNamespaces) = old.value else { return }
        if oldNamespaces != namespaces {
            if let new = try namespaceSelector(namespaces) {
                try set(path + "namespaceSelector", new)
            } else {
                if node(path + "podSelector") == nil { try set(path + "podSelector", .object([])) }
                try change(.remove(path + "namespaceSelector"))
            }
        }
        guard oldLabels != labels else { return }
        if old.pods == nil { return try set(path + "podSelector", try selector(labels)) }
        try setTests(path + "podSelector", old.pods?.tests ?? [], to: labels)
    }

    /// Another kind of peer in the place of one.
    private mutating func exchange(
        _ old: FormPeer,
        _ rule: FormRule,
        with new: PeerValue,
        _ direction: Direction
    ) throws(FormFailure) {
        let path = try path(old.part.id)
        let (field, value) = try value(of: new, direction, rule.action)
        if field == old.field { return try change(.set(path, value)) }
        let list = Array(path.dropLast())
        guard node(list)?.items.count == 1 else {
            throw .remark(.exclusive(old.part.path, [old.field, field]))
        }
        // The name first: in between, the rule must not seem to be about everyone.
        try change(.set(path, value))
        try change(.rename(list, field))
    }

    mutating func removePeer(_ id: String) throws(FormFailure) {
        let peer = try peer(id)
        let (path, direction) = (try path(peer.part.id), try section(of: id).direction)
        let list = Array(path.dropLast())
        if let count = node(list)?.items.count, count > 1 { return try change(.remove(path)) }
        if isCilium, !RuleFormReader.ignoredWhenEmpty.contains(peer.field) {
            // An empty list is no one, which a missing one is not.
            return try change(.set(list, .list([])))
        }
        try ask(FormQuestion(.allowsEveryone, direction))
        try change(.remove(list))
    }

    /// Strings of a list changed one by one where they can be.
    mutating func setStrings(_ path: TreeEdit.Path, _ old: [String], _ new: [String]) throws(FormFailure) {
        if new.isEmpty { return try change(.remove(path)) }
        if old.isEmpty { return try set(path, .list(new.map(TextValue.string))) }
        for index in old.indices.reversed() where index >= new.count { try change(.remove(path + index)) }
        for (index, text) in new.enumerated() {
            if index >= old.count {
                try append(.string(text), to: path)
            } else if old[index] != text {
                try change(.set(path + index, .string(text)))
            }
        }
    }
}
