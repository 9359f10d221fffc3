// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

extension CiliumOracle {
    /// Whether the service is among the item's ports; `nil` when the item says nothing about ports.
    func portsAnswer(_ item: Manifest) -> Bool? {
        // C 1.6: `toPorts: []` is as if absent; a list whose items have no ports matches nothing.
        let portLists = item.field("toPorts")?.items ?? []
        let icmps = item.field("icmps")?.items ?? []
        if portLists.isEmpty, icmps.isEmpty { return nil }
        for icmp in icmps {
            for field in icmp.field("fields")?.items ?? [] where isMessage(field) { return true }
        }
        for list in portLists where !hasCondition(list) {
            for port in list.field("ports")?.items ?? [] where isPort(port) { return true }
        }
        return false
    }

    /// H: what a host cannot check; C 1.6: empty `rules`, `http` and `dns` ask for nothing.
    private func hasCondition(_ list: Manifest) -> Bool {
        for name in ["serverNames", "terminatingTLS", "originatingTLS", "listener"] where list.field(name) != nil {
            return true
        }
        guard let rules = list.field("rules") else { return false }
        if rules.field("l7proto") != nil { return true }
        return ["http", "dns", "kafka", "l7"].contains { !(rules.field($0)?.items ?? []).isEmpty }
    }

    /// C 1.8.
    private func isPort(_ item: Manifest) -> Bool {
        let numbers: [String: UInt8] = [
            "TCP": 6, "UDP": 17, "SCTP": 132, "IGMP": 2, "IPIP": 4, "IPV6": 41, "GRE": 47, "ESP": 50, "AH": 51,
            "VRRP": 112,
        ]
        let word = item.field("protocol")?.text ?? "ANY"
        // ANY and no protocol stand for TCP, UDP and SCTP only.
        let wanted: [UInt8] = word == "ANY" ? [6, 17, 132] : [numbers[word] ?? 255]
        guard wanted.contains(service.ipProtocol.rawValue) else { return false }
        // Port 0 is every port; extended protocols have no other.
        guard let text = item.field("port")?.text, text != "0" else { return true }
        if let first = Int(text) {
            var last = first
            // endPort is inclusive; 0 is Go's way of saying that there is none.
            if let end = item.field("endPort")?.number, end > 0 { last = end }
            return first <= Int(service.port) && Int(service.port) <= last
        }
        // Named: the subject's ports on ingress, the peer's on egress; names are lower-cased; endPort is ignored.
        let owner = subject.direction == .ingress ? subject.ports : peer.ports
        return owner.contains {
            $0.name == text.lowercased() && $0.ipProtocol == service.ipProtocol && $0.port == service.port
        }
    }

    /// C 1.8: ICMP by family (IPv4 if not given) and type; RFC 792 and RFC 4443 name the types.
    private func isMessage(_ field: Manifest) -> Bool {
        let isIPv4 = (field.field("family")?.text ?? "IPv4") == "IPv4"
        guard service.ipProtocol.rawValue == (isIPv4 ? 1 : 58) else { return false }
        let names =
            isIPv4
            ? ["EchoReply": 0, "EchoRequest": 8, "Echo": 8, "Timestamp": 13]
            : ["TimeExceeded": 3, "EchoRequest": 128, "EchoReply": 129, "ExtendedEchoRequest": 160]
        let type = field.field("type")
        return (type?.number ?? names[type?.text ?? ""] ?? Int(type?.text ?? "")) == Int(service.port)
    }
}
