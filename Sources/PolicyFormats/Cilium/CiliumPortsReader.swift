// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads `toPorts` and `icmps` of one item of a Cilium section.
struct CiliumPortsReader {
    let section: CiliumSection
    let scope: CiliumScope

    /// Ports that share their conditions.
    struct Group {
        var matches: [PortMatch]
        var conditions: [Condition]
    }

    /// A port entry with what the checks of conditions need.
    struct Entry {
        var match: PortMatch
        var field: Field
        /// `nil` for ANY.
        var ipProtocol: IPProtocol?
        var isRange = false
        /// Whether the port is 0, which means all.
        var isEveryPort = false
    }

    private static let maximumEntries = 40
    /// Ports come first; the others are conditions.
    private static let fields = ["ports", "rules", "serverNames", "terminatingTLS", "originatingTLS", "listener"]
    private static let protocolsOf120: [IPProtocol] = [.gre, .ipip, .ipv6, .esp, .ah]
    private static let protocols: [(name: String, value: IPProtocol)] = [
        ("TCP", .tcp), ("UDP", .udp), ("SCTP", .sctp), ("VRRP", .vrrp), ("IGMP", .igmp), ("GRE", .gre), ("IPIP", .ipip),
        ("IPV6", .ipv6), ("ESP", .esp), ("AH", .ah),
    ]

    /// The port groups, at least one; `nil` when the item says nothing about ports.
    ///
    /// An empty list says nothing. A list whose items have no ports says "no ports", and the rule then matches nothing.
    func groups(_ reader: ObjectReader) -> [Group]? {
        let portItems = reader["toPorts"]?.list() ?? []
        let icmpItems = reader["icmps"]?.list() ?? []
        if !portItems.isEmpty, !icmpItems.isEmpty {
            reader.field.report(.exclusive("\(reader.field.path)", ["toPorts", "icmps"]))
        }
        if !icmpItems.isEmpty {
            return [Group(matches: icmpItems.flatMap(CiliumICMPReader.matches), conditions: [])]
        }
        guard !portItems.isEmpty else { return nil }
        var plain: [PortMatch] = []
        var groups: [Group] = []
        for item in portItems {
            guard let (entries, conditions) = portRule(item) else { continue }
            if conditions.isEmpty {
                plain += entries.map(\.match)
            } else {
                groups.append(Group(matches: entries.map(\.match), conditions: conditions))
            }
        }
        return plain.isEmpty && !groups.isEmpty ? groups : [Group(matches: plain, conditions: [])] + groups
    }

    private func portRule(_ field: Field) -> (entries: [Entry], conditions: [Condition])? {
        guard let reader = field.object(Self.fields) else { return nil }
        let items = reader["ports"]?.list() ?? []
        if items.count > Self.maximumEntries {
            reader["ports"]?.report(.invalid("\(field.path).ports has \(items.count) items, and the limit is 40."))
        }
        let entries = items.compactMap { entry($0) }
        guard section.action == .allow else {
            for name in Self.fields.dropFirst() {
                guard let key = reader.key(name) else { continue }
                let remark: PolicyRemark =
                    name == "rules" ? .conditionInDeny : .unknownField(name, in: "\(field.path)", near: nil)
                key.report(remark)
            }
            return (entries, [])
        }
        let conditions = CiliumConditionsReader(section: section, scope: scope).conditions(reader, entries: entries)
        return (entries, conditions)
    }

    private func entry(_ field: Field) -> Entry? {
        guard let reader = field.object(["port", "endPort", "protocol"]) else { return nil }
        guard let protocols = protocols(reader["protocol"]) else { return nil }
        let single = protocols.count == 1 ? protocols[0] : nil
        let isExtended = single.map { !$0.hasPorts } ?? false
        let portField = reader["port"]
        guard let text = portField.map({ $0.string() }) ?? (isExtended ? "0" : "") else { return nil }
        if text.isEmpty, !isExtended {
            if let portField {
                portField.report(.unknownPort(text))
            } else {
                field.report(.missing("\(field.path)", "a \"port\""))
            }
            return nil
        }
        if isExtended {
            if text != "0", !text.isEmpty {
                (portField ?? field).report(.invalid("\(single.map { "\($0)" } ?? "") has no ports; use port \"0\"."))
            }
            return Entry(match: .numbered(protocols, .all), field: field, ipProtocol: single, isEveryPort: true)
        }
        if let number = Self.number(text) {
            return numbered(number, protocols, reader["endPort"], in: portField ?? field, single)
        }
        guard NameSyntax.isPortName(text, allowsUpperCase: true) else {
            (portField ?? field).report(.unknownPort(text))
            return nil
        }
        // An end to a named port is ignored by Cilium; its type is still checked.
        _ = reader["endPort"]?.integer()
        return Entry(match: .named(protocols, text.lowercased()), field: field, ipProtocol: single)
    }

    private func numbered(
        _ first: UInt16,
        _ protocols: [IPProtocol],
        _ endField: Field?,
        in field: Field,
        _ single: IPProtocol?
    ) -> Entry? {
        var last = first
        if let endField {
            guard let end = endField.integer() else { return nil }
            guard let port = UInt16(exactly: end) else {
                endField.report(.unknownPort("\(end)"))
                return nil
            }
            guard port == 0 || first > 0 else {
                endField.report(.invalid("Port 0 means every port, so endPort has no meaning here."))
                return nil
            }
            guard port == 0 || port >= first else {
                endField.report(.reversedRange(from: Int(first), to: Int(port)), fix: endField.swapping(with: field))
                return nil
            }
            if port > 0 { last = port }
        }
        let range = first == 0 ? PortRange.all : PortRange(first, last)
        return Entry(
            match: .numbered(protocols, range),
            field: field,
            ipProtocol: single,
            isRange: last > first,
            isEveryPort: first == 0
        )
    }

    /// A decimal port without leading zeros, which would be octal to some readers.
    static func number(_ text: String) -> UInt16? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0") else {
            return nil
        }
        return UInt16(text)
    }

    /// The protocols of an entry; ANY and nothing mean those with ports.
    private func protocols(_ field: Field?) -> [IPProtocol]? {
        guard let field else { return IPProtocol.withPorts }
        guard let word = field.string() else { return nil }
        if word == "ANY" { return IPProtocol.withPorts }
        if let found = Self.protocols.first(where: { $0.name == word }) {
            let (since, version) = (CiliumVersion(1, 20), scope.settings.version)
            if Self.protocolsOf120.contains(found.value), version < since {
                field.report(.notBefore(since, "Protocol \(word)", has: version))
            }
            return [found.value]
        }
        let allowed = ["ANY"] + Self.protocols.map(\.name)
        field.report(
            .notAllowed(word, for: "\(field.path)", allowed: allowed, near: nearest(to: word, among: allowed))
        )
        return nil
    }
}
