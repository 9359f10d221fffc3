// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

extension FormSession {
    /// The list of ports that new ones of a rule go into; in Cilium's kinds that of the first group.
    private func portList(_ rule: FormRule) throws(FormFailure) -> TreeEdit.Path {
        let path = try path(rule.part.id)
        guard isCilium else { return path + "ports" }
        let groups = node(path + "toPorts")?.items ?? []
        // One without conditions, so that the new port has none.
        let index = groups.firstIndex { $0["rules"] == nil && $0.isObject } ?? 0
        return path + "toPorts" + index + "ports"
    }

    mutating func addPort(_ id: String, _ port: PortValue) throws(FormFailure) {
        let rule = try rule(id)
        let path = try path(rule.part.id)
        if isCilium, node(path + "toPorts")?.items.isEmpty ?? true {
            return try set(path + "toPorts", .list([.fields([("ports", .list([value(of: port)]))])]))
        }
        try append(value(of: port), to: portList(rule))
    }

    mutating func setPort(_ id: String, _ new: PortValue) throws(FormFailure) {
        guard let old = try rule(id).ports.first(where: { $0.part.id == id })?.value else {
            throw .remark(.notEditable("there is no port \"\(Escaped.plain(id))\""))
        }
        let path = try path(id)
        // A port without a number is every port of the protocol.
        if old.port != nil, new.port == nil { try ask(FormQuestion(.allowsEveryPort, section(of: id).direction)) }
        if old.port != new.port { try setOrRemove(path + "port", portValue(new.port)) }
        if old.endPort != new.endPort { try setOrRemove(path + "endPort", new.endPort.map(TextValue.int)) }
        if old.transport != new.transport { try setOrRemove(path + "protocol", new.transport.map(TextValue.string)) }
    }

    private mutating func setOrRemove(_ path: TreeEdit.Path, _ value: TextValue?) throws(FormFailure) {
        if let value { try change(.set(path, value)) } else if node(path) != nil { try change(.remove(path)) }
    }

    mutating func removePort(_ id: String) throws(FormFailure) {
        let path = try path(id)
        let list = Array(path.dropLast())
        if let count = node(list)?.items.count, count > 1 { return try change(.remove(path)) }
        let direction = try section(of: id).direction
        guard isCilium else {
            try ask(FormQuestion(.allowsEveryPort, direction))
            return try change(.remove(list))
        }
        // The group goes with its conditions; the last one with all of `toPorts`.
        let group = Array(list.dropLast())
        let groups = Array(group.dropLast())
        if let count = node(groups)?.items.count, count > 1 { return try change(.remove(group)) }
        try ask(FormQuestion(.allowsEveryPort, direction))
        try change(.remove(groups))
    }

    // MARK: Conditions

    mutating func applyCondition(_ edit: FormEdit) throws(FormFailure) {
        switch edit {
        case .addHTTP(let id, let http): try addCondition(id, "http", value(of: http), "HTTP rules")
        case .addDNS(let id, let dns): try addCondition(id, "dns", value(of: dns), "A rule for DNS names")
        case .addICMP(let id, let icmp): try addICMP(id, icmp)
        case .setHTTP(let id, let http):
            let path = try conditionPath(id)
            let had = ["method", "path"].contains { node(path + $0) != nil }
            if had, http.method == nil, http.path == nil {
                try ask(FormQuestion(.allowsEveryRequest, section(of: id).direction))
            }
            try set(path + "method", optional: http.method.map(TextValue.string))
            try set(path + "path", optional: http.path.map(TextValue.string))
        case .setDNS(let id, let dns):
            let path = try conditionPath(id)
            let old = node(path + "matchPattern") == nil ? "matchName" : "matchPattern"
            let new = dns.isPattern ? "matchPattern" : "matchName"
            try set(path + old, .string(dns.name))
            if old != new { try change(.rename(path + old, new)) }
        case .setICMP(let id, let icmp):
            let path = try conditionPath(id)
            try set(path + "type", icmpType(icmp.type))
            try set(path + "family", optional: icmp.family.map(TextValue.string))
        case .removeHTTP(let id), .removeDNS(let id), .removeICMP(let id): try removeCondition(id)
        default: break
        }
    }

    private func conditionPath(_ id: String) throws(FormFailure) -> TreeEdit.Path {
        let path = try path(id)
        guard case .item = path.last, path.count > 3 else {
            throw .remark(.notEditable("\"\(Escaped.plain(id))\" is no condition"))
        }
        return path
    }

    private func value(of http: HTTPValue) -> TextValue {
        .fields([("method", http.method.map(TextValue.string)), ("path", http.path.map(TextValue.string))])
    }

    private func value(of dns: DNSValue) -> TextValue {
        .fields([(dns.isPattern ? "matchPattern" : "matchName", .string(dns.name))])
    }

    private func icmpType(_ text: String) -> TextValue { Int(text).map(TextValue.int) ?? .string(text) }

    private mutating func addCondition(
        _ id: String,
        _ name: String,
        _ value: TextValue,
        _ feature: String
    ) throws(FormFailure) {
        guard isCilium else { throw .remark(.needsCilium(feature)) }
        let rule = try rule(id)
        guard rule.action == .allow else { throw .remark(.conditionInDeny) }
        let path = try path(rule.part.id) + "toPorts"
        let groups = node(path)?.items ?? []
        guard !groups.isEmpty else {
            throw .remark(.missing(rule.part.path, "a port before \(name == "http" ? "HTTP" : "DNS") rules"))
        }
        let index = groups.firstIndex { $0["rules"]?[name] != nil } ?? groups.firstIndex { $0["rules"] == nil } ?? 0
        try append(value, to: path + index + "rules" + name)
    }

    private mutating func addICMP(_ id: String, _ icmp: ICMPValue) throws(FormFailure) {
        guard isCilium else { throw .remark(.needsCilium("A rule for ICMP")) }
        let path = try path(rule(id).part.id) + "icmps"
        let value = value(of: icmp)
        let groups = node(path)?.items ?? []
        guard !groups.isEmpty else { return try set(path, .list([.fields([("fields", .list([value]))])])) }
        try append(value, to: path + 0 + "fields")
    }

    /// Takes a condition out, and with the last one what held them.
    private mutating func removeCondition(_ id: String) throws(FormFailure) {
        var path = try conditionPath(id)
        let direction = try section(of: id).direction
        let count = node(Array(path.dropLast()))?.items.count ?? 0
        guard count <= 1 else { return try change(.remove(path)) }
        let isICMP = path.contains(.key("icmps"))
        try ask(FormQuestion(isICMP ? .allowsEveryPort : .allowsEveryRequest, direction))
        let rule = try self.path(rule(id).part.id).count
        while path.count > rule + 1 {
            path.removeLast()
            let owner = node(Array(path.dropLast())).map { max($0.pairs.count, $0.items.count) } ?? 0
            if owner > 1 { break }
        }
        try change(.remove(path))
    }
}
