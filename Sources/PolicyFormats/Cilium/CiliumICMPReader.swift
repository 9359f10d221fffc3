// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// Reads `icmps` of Cilium policies (RFC 792, RFC 4443, IANA "ICMP Parameters").
enum CiliumICMPReader {
    private static let typesIPv4: [String: UInt8] = [
        "EchoReply": 0, "DestinationUnreachable": 3, "Redirect": 5, "Echo": 8, "EchoRequest": 8,
        "RouterAdvertisement": 9, "RouterSelection": 10, "TimeExceeded": 11, "ParameterProblem": 12, "Timestamp": 13,
        "TimestampReply": 14, "Photuris": 40, "ExtendedEchoRequest": 42, "ExtendedEchoReply": 43,
    ]
    private static let typesIPv6: [String: UInt8] = [
        "DestinationUnreachable": 1, "PacketTooBig": 2, "TimeExceeded": 3, "ParameterProblem": 4, "EchoRequest": 128,
        "EchoReply": 129, "MulticastListenerQuery": 130, "MulticastListenerReport": 131, "MulticastListenerDone": 132,
        "RouterSolicitation": 133, "RouterAdvertisement": 134, "NeighborSolicitation": 135,
        "NeighborAdvertisement": 136, "RedirectMessage": 137, "RouterRenumbering": 138,
        "ICMPNodeInformationQuery": 139, "ICMPNodeInformationResponse": 140,
        "InverseNeighborDiscoverySolicitation": 141, "InverseNeighborDiscoveryAdvertisement": 142,
        "HomeAgentAddressDiscoveryRequest": 144, "HomeAgentAddressDiscoveryReply": 145,
        "MobilePrefixSolicitation": 146, "MobilePrefixAdvertisement": 147, "DuplicateAddressRequestCodeSuffix": 157,
        "DuplicateAddressConfirmationCodeSuffix": 158, "ExtendedEchoRequest": 160, "ExtendedEchoReply": 161,
    ]

    /// The messages of one item.
    static func matches(_ field: Field) -> [PortMatch] {
        guard let reader = field.object(["fields"]), let list = reader["fields"], let items = list.list() else {
            return []
        }
        if items.count > 40 { list.report(.invalid("\(list.path) has \(items.count) items, and the limit is 40.")) }
        return items.compactMap(match)
    }

    private static func match(_ field: Field) -> PortMatch? {
        guard let reader = field.object(["family", "type"]) else { return nil }
        var family = "IPv4"
        if let familyField = reader["family"] {
            guard let word = familyField.string() else { return nil }
            guard word == "IPv4" || word == "IPv6" else {
                let near = nearest(to: word, among: ["IPv4", "IPv6"])
                familyField.report(
                    .notAllowed(word, for: "\(familyField.path)", allowed: ["IPv4", "IPv6"], near: near)
                )
                return nil
            }
            family = word
        }
        guard let typeField = reader["type"] else {
            field.report(.missing("\(field.path)", "a \"type\""))
            return nil
        }
        return type(typeField, family: family).map { .icmp(family == "IPv4" ? .icmp : .icmpv6, type: $0) }
    }

    private static func type(_ field: Field, family: String) -> UInt8? {
        let names = family == "IPv4" ? typesIPv4 : typesIPv6
        var text = ""
        if case .scalar(let scalar) = field.node.content {
            switch scalar.value {
            case .integer(let number): text = "\(number)"
            case .string(let string): text = string
            default: break
            }
        }
        if let type = names[text] { return type }
        if let number = CiliumPortsReader.number(text), let type = UInt8(exactly: number) { return type }
        let hint = nearest(to: text, among: names.keys.sorted()).map { " Did you mean \"\($0)\"?" } ?? ""
        field.report(
            .invalid("\"\(shown(text))\" is not a type of ICMP for \(family): use 0 to 255 or a type's name.\(hint)")
        )
        return nil
    }
}
