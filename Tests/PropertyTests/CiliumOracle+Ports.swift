// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

extension CiliumOracle {
    /// Whether the service is among the item's ports; `nil` when the item says nothing about ports.
    func portsAnswer(_ item: Manifest) -> Oracle.Truth? {
        // C 1.6: `toPorts: []` is as if absent; a list whose items have no ports matches nothing.
        let portLists = item.field("toPorts")?.items ?? []
        let icmps = item.field("icmps")?.items ?? []
        if portLists.isEmpty, icmps.isEmpty { return nil }
        for icmp in icmps {
            for field in icmp.field("fields")?.items ?? [] where isMessage(field) { return .yes }
        }
        // C 1.11: a list without L7 lifts the limits of the others.
        return Oracle.Truth.any(
            portLists.map { list in
                (list.field("ports")?.items ?? []).contains(where: isPort) ? conditionAnswer(list) : .no
            }
        )
    }

    /// C 1.6: empty `rules`, `http` and `dns` ask for nothing; H: what a host cannot check allows nothing.
    private func conditionAnswer(_ list: Manifest) -> Oracle.Truth {
        var answers: [Oracle.Truth] = []
        for name in ["serverNames", "terminatingTLS", "originatingTLS", "listener"] where list.field(name) != nil {
            answers.append(.limited)
        }
        let rules = list.field("rules")
        if let http = rules?.field("http")?.items, !http.isEmpty {
            answers.append(
                question.request.http.map { request in
                    Oracle.Truth.any(http.map { httpAnswer($0, request) })
                } ?? .limited
            )
        }
        if let dns = rules?.field("dns")?.items, !dns.isEmpty {
            answers.append(
                question.request.dnsQuery.map { query in
                    dns.contains { isName(query, $0) } ? .yes : .no
                } ?? .limited
            )
        }
        if answers.isEmpty { return .yes }
        if !isChecked || answers.contains(.no) { return .no }
        return answers.contains(.limited) ? .limited : .yes
    }

    /// C 1.11: every field that is given must match whole; the expressions of the generator, spelled out.
    private func httpAnswer(_ pattern: Manifest, _ request: RequestFacts.HTTP) -> Oracle.Truth {
        let meaning: [String: Set<String>] = [
            "GET": ["GET"], "GET|HEAD": ["GET", "HEAD"], "/v[0-9]+/.*": ["/v1/", "/v22/items"],
            "/items?": ["/item", "/items"], "a": ["a"], "[a-z]+\\.example": ["shop.example"],
        ]
        var truth = Oracle.Truth.yes
        for (name, value) in [("method", request.method), ("path", request.path)] {
            guard let written = pattern.field(name)?.text else { continue }
            if meaning[written]?.contains(value) != true { return .no }
        }
        if let written = pattern.field("host")?.text {
            guard let host = request.host else { return .limited }
            if meaning[written]?.contains(host) != true { truth = .no }
        }
        return truth
    }

    /// C 1.10: without case and the dot at the end; `*` inside one label, alone everything, `**.` one label or more.
    func isName(_ name: String, _ item: Manifest) -> Bool {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        if let wanted = item.field("matchName")?.text { return wanted.lowercased() == name }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch item.field("matchPattern")?.text {
        case "*": return true
        case "*.example.com": return labels.count == 3 && labels.suffix(2) == ["example", "com"]
        case "**.example.com": return labels.count >= 3 && labels.suffix(2) == ["example", "com"]
        case "a*.example.com":
            return labels.count == 3 && labels[0].hasPrefix("a") && labels.suffix(2) == ["example", "com"]
        default: return false
        }
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
