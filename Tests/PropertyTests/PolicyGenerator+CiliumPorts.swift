// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import TestSupport

extension PolicyGenerator {
    mutating func toPorts(_ section: String, isHostPolicy: Bool) -> Manifest {
        var list: [Manifest] = []
        for _ in 0..<random.int(1...2) {
            list.append(
                section.hasSuffix("Deny") || isHostPolicy || random.chance(isCluster ? 35 : 80)
                    ? plainPorts() : portsWithCondition(isEgress: section == "egress")
            )
        }
        return .list(list)
    }

    private mutating func plainPorts() -> Manifest {
        switch random.int(0...99) {
        case ..<6: return [:]
        case ..<10: return ["ports": []]
        case ..<12: return ["ports": .null]
        default:
            var list: [Manifest] = []
            for _ in 0..<random.int(1...3) { list.append(ciliumPort()) }
            return ["ports": .list(list)]
        }
    }

    private mutating func ciliumPort() -> Manifest {
        var fields: [Manifest.Pair] = []
        if random.chance(8) {
            maybe("protocol", 100, ["VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"], &fields)
            maybe("port", 60, ["0", .null], &fields)
            return .object(fields)
        }
        maybe("protocol", 75, ["TCP", "TCP", "UDP", "SCTP", "ANY", .null], &fields)
        switch random.int(0...99) {
        case ..<12: maybe("port", 100, ["0"], &fields)
        case ..<35:
            maybe("port", 100, ["http", "dns", "metrics", "absent", "HTTP"], &fields)
            maybe("endPort", 8, [9000, .null], &fields)
        case ..<70: maybe("port", 100, ["80", "443", "53", "8080", "65535", "1"], &fields)
        default:
            maybe("port", 100, ["1", "79", "80", "5000"], &fields)
            maybe("endPort", 85, [5000, 5010, 65535, 0, .null], &fields)
        }
        return .object(fields.shuffled(using: &random))
    }

    /// Ports with something that a host cannot check, or with the empty form of it, which asks for nothing.
    private mutating func portsWithCondition(isEgress: Bool) -> Manifest {
        let tcp: Manifest = [
            "port": .string(random.pick(isCluster ? ["80", "443"] : ["80", "443", "8080", "http"])), "protocol": "TCP",
        ]
        let dns: Manifest = ["port": "53", "protocol": .string(random.pick(["TCP", "UDP", "ANY"]))]
        let secret: Manifest = ["secret": ["name": "tls", "namespace": "shop"]]
        var shapes: [Manifest] = [
            ["ports": [tcp], "rules": [:]], ["ports": [tcp], "rules": ["http": []]], ["ports": [tcp], "rules": .null],
            ["ports": [tcp], "rules": ["http": [[:]]]],
            ["ports": [tcp], "rules": ["http": [["method": "GET", "path": "/v[0-9]+/.*"]]]],
            ["ports": [tcp], "serverNames": ["example.com"]], ["ports": [tcp], "terminatingTLS": secret],
            ["ports": [tcp], "rules": ["http": [["method": "GET|HEAD"], ["path": "/items?", "host": "a"]]]],
            ["ports": [tcp], "rules": ["http": [["method": "GET", "host": "[a-z]+\\.example"]]]],
            ["ports": [tcp], "originatingTLS": secret], ["rules": ["http": [["host": "a"]]]],
        ]
        if isEgress {
            shapes += [
                ["ports": [dns], "rules": ["dns": [["matchPattern": "*"]]]],
                ["ports": [dns], "rules": ["dns": [random.pick(Self.names)]]],
                ["ports": [dns], "rules": ["dns": [random.pick(Self.names), random.pick(Self.names)]]],
                ["ports": [dns], "rules": ["dns": []]],
                [
                    "ports": [tcp],
                    "listener": ["envoyConfig": ["kind": "CiliumEnvoyConfig", "name": "e"], "name": "l"],
                ],
            ]
        }
        return random.pick(shapes)
    }

    mutating func icmps() -> Manifest {
        var list: [Manifest] = []
        for _ in 0..<random.int(1...2) {
            switch random.int(0...99) {
            case ..<6: list.append([:])
            case ..<10: list.append(["fields": []])
            default:
                var fields: [Manifest] = []
                for _ in 0..<random.int(1...2) { fields.append(icmpField()) }
                list.append(["fields": .list(fields)])
            }
        }
        return .list(list)
    }

    private mutating func icmpField() -> Manifest {
        if random.chance(55) {
            var fields: [Manifest.Pair] = []
            maybe("type", 100, [8, 0, 3, "EchoRequest", "Echo", "EchoReply", "Timestamp", "8", 13], &fields)
            maybe("family", 60, ["IPv4", .null], &fields)
            return .object(fields)
        }
        return [
            "family": "IPv6",
            "type": random.pick([128, 129, 3, "EchoRequest", "EchoReply", "TimeExceeded", "160", "ExtendedEchoRequest"]
            ),
        ]
    }
}
