// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// Reads one rule of a form.
struct RuleFormReader {
    var form: FormReader
    let direction: Direction
    let action: RuleAction
    let id: String
    let path: TreeEdit.Path

    var word: String { direction == .ingress ? "from" : "to" }

    mutating func rule(_ node: TextNode, number: Int) -> FormRule {
        var rule = FormRule(
            part: form.marks.part(id, node, key: nil, path),
            number: number,
            action: action,
            whom: .listed,
            peers: [],
            ports: [],
            http: [],
            dns: [],
            icmp: [],
            locked: []
        )
        guard node.isObject else {
            rule.whom = .nobody
            rule.locked.append(
                form.locked(node, nil, path, id: id, "Rule", "This is not written in the way the form reads rules.")
            )
            return rule
        }
        var namesNobody = false
        var hasPeers = false
        for pair in node.pairs where !pair.value.isNull {
            let name = pair.key.name
            if isPeerField(name), pair.value.isList {
                let isEmpty = pair.value.items.isEmpty
                hasPeers = hasPeers || !isEmpty
                if isEmpty, form.isCilium, !Self.ignoredWhenEmpty.contains(name) { namesNobody = true }
                for (index, item) in pair.value.items.enumerated() { read(peer: item, index, pair, &rule) }
            } else if name == (form.isCilium ? "toPorts" : "ports"), pair.value.isList {
                readPorts(pair, &rule)
            } else if name == "icmps", form.isCilium, pair.value.isList {
                readICMP(pair, &rule)
            } else {
                if Self.peerFields.contains(name) { hasPeers = true }
                rule.locked.append(form.locked(pair, in: path, id: id, unknownIn: "a rule"))
            }
        }
        if hasPeers, !namesNobody { return rule }
        let hasPorts = !rule.ports.isEmpty || !rule.icmp.isEmpty || node["toPorts"].map { !$0.items.isEmpty } ?? false
        rule.whom = namesNobody || (form.isCilium && !hasPorts) ? .nobody : .anyone
        return rule
    }

    /// Fields whose empty list is as if it were not there (Cilium does not look at their emptiness).
    static let ignoredWhenEmpty: Set<String> = ["toFQDNs", "toServices", "fromGroups", "toGroups"]

    /// Peers that the form cannot edit.
    private static let peerFields: Set<String> = ["fromNodes", "toNodes", "fromGroups", "toGroups"]

    private func isPeerField(_ name: String) -> Bool {
        guard form.isCilium else { return name == word }
        let fields = ["Endpoints", "Entities", "CIDR", "CIDRSet"].map { word + $0 }
        return fields.contains(name) || (direction == .egress && (name == "toFQDNs" || name == "toServices"))
    }

    private mutating func read(peer item: TextNode, _ index: Int, _ pair: TextPair, _ rule: inout FormRule) {
        let own = path + pair.key.name + index
        let peerID = "\(id).peers.\(rule.peers.count)"
        var reader = PeerFormReader(form: form, field: pair.key.name, id: peerID, path: own)
        let peer = reader.peer(item)
        if let peer {
            rule.peers.append(peer)
            return
        }
        let key = item.pairs.first {
            LockedTitles.words($0.key.name, unknownIn: "").title.hasPrefix("Unknown") == false
        }
        let words = LockedTitles.words(key?.key.name ?? pair.key.name, unknownIn: nil)
        rule.locked.append(form.locked(item, nil, own, id: id, words.title, words.description))
    }

    // MARK: Ports and conditions

    private mutating func readPorts(_ pair: TextPair, _ rule: inout FormRule) {
        guard form.isCilium else {
            for (index, item) in pair.value.items.enumerated() {
                read(port: item, path + pair.key.name + index, group: 0, &rule)
            }
            return
        }
        for (group, item) in pair.value.items.enumerated() {
            let own = path + pair.key.name + group
            guard item.isObject else {
                rule.locked.append(form.locked(item, nil, own, id: id, "Ports", "The form cannot read these ports."))
                continue
            }
            for inner in item.pairs where !inner.value.isNull {
                switch inner.key.name {
                case "ports" where inner.value.isList:
                    for (index, port) in inner.value.items.enumerated() {
                        read(port: port, own + "ports" + index, group: group, &rule)
                    }
                case "rules" where inner.value.isObject: readConditions(inner, own + "rules", group, &rule)
                default: rule.locked.append(form.locked(inner, in: own, id: id, unknownIn: "toPorts"))
                }
            }
        }
    }

    private mutating func read(port item: TextNode, _ own: TreeEdit.Path, group: Int, _ rule: inout FormRule) {
        let known = item.pairs.allSatisfy { ["port", "endPort", "protocol"].contains($0.key.name) }
        let end = item["endPort"]?.scalarText
        guard item.isObject, known, end == nil || end.flatMap({ Int($0) }) != nil else {
            rule.locked.append(form.locked(item, nil, own, id: id, "Port", "The form cannot read this port."))
            return
        }
        let part = form.marks.part("\(id).ports.\(rule.ports.count)", item, key: nil, own)
        let value = PortValue(
            item["port"]?.scalarText,
            endPort: end.flatMap { Int($0) },
            transport: item["protocol"]?.scalarText
        )
        rule.ports.append(.init(part: part, value: value, group: group))
    }

    private mutating func readConditions(
        _ pair: TextPair,
        _ own: TreeEdit.Path,
        _ group: Int,
        _ rule: inout FormRule
    ) {
        for inner in pair.value.pairs where !inner.value.isNull {
            guard ["http", "dns"].contains(inner.key.name), inner.value.isList else {
                rule.locked.append(form.locked(inner, in: own, id: id, unknownIn: "rules"))
                continue
            }
            for (index, item) in inner.value.items.enumerated() {
                let itemPath = own + inner.key.name + index
                if inner.key.name == "http", let value = Self.http(item) {
                    let part = form.marks.part("\(id).http.\(rule.http.count)", item, key: nil, itemPath)
                    rule.http.append(.init(part: part, value: value, group: group))
                } else if inner.key.name == "dns", let value = Self.dns(item) {
                    let part = form.marks.part("\(id).dns.\(rule.dns.count)", item, key: nil, itemPath)
                    rule.dns.append(.init(part: part, value: value, group: group))
                } else {
                    let key = item.pairs.first { !["method", "path"].contains($0.key.name) }?.key.name
                    let words = LockedTitles.words(key ?? inner.key.name, unknownIn: nil)
                    rule.locked.append(form.locked(item, nil, itemPath, id: id, words.title, words.description))
                }
            }
        }
    }

    private static func http(_ item: TextNode) -> HTTPValue? {
        guard item.isObject,
            item.pairs.allSatisfy({ ["method", "path"].contains($0.key.name) && $0.value.string != nil })
        else { return nil }
        return HTTPValue(method: item["method"]?.string, path: item["path"]?.string)
    }

    static func dns(_ item: TextNode) -> DNSValue? {
        guard item.pairs.count == 1, let pair = item.pairs.first, let text = pair.value.string else { return nil }
        switch pair.key.name {
        case "matchName": return DNSValue(text, isPattern: false)
        case "matchPattern": return DNSValue(text, isPattern: true)
        default: return nil
        }
    }

    private mutating func readICMP(_ pair: TextPair, _ rule: inout FormRule) {
        for (group, item) in pair.value.items.enumerated() {
            let own = path + pair.key.name + group
            for inner in item.pairs {
                guard inner.key.name == "fields", inner.value.isList else {
                    rule.locked.append(form.locked(inner, in: own, id: id, unknownIn: "icmps"))
                    continue
                }
                for (index, field) in inner.value.items.enumerated() {
                    let fieldPath = own + "fields" + index
                    guard let type = field["type"]?.scalarText,
                        field.pairs.allSatisfy({ ["family", "type"].contains($0.key.name) })
                    else {
                        rule.locked.append(
                            form.locked(field, nil, fieldPath, id: id, "ICMP type", "The form cannot read this type.")
                        )
                        continue
                    }
                    let part = form.marks.part("\(id).icmp.\(rule.icmp.count)", field, key: nil, fieldPath)
                    let value = ICMPValue(family: field["family"]?.string, type: type)
                    rule.icmp.append(.init(part: part, value: value))
                }
            }
        }
    }
}
