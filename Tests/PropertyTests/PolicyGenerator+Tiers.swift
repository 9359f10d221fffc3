// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport

extension PolicyGenerator {
    mutating func tieredPolicy() -> Manifest {
        let kind = random.pick([
            "AdminNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy",
            "ClusterNetworkPolicy", "ClusterNetworkPolicy",
        ])
        let isCluster = kind == "ClusterNetworkPolicy"
        let isBaseline = kind == "BaselineAdminNetworkPolicy"
        var spec: [Manifest.Pair] = [.init(key: "subject", value: pods(isSubject: true, isCluster: isCluster))]
        if isCluster { spec.append(.init(key: "tier", value: .string(random.pick(["Admin", "Baseline"])))) }
        if !isBaseline { spec.append(.init(key: "priority", value: random.pick([0, 10, 10, 20, 1000]))) }
        for section in ["ingress", "egress"] where random.chance(75) {
            var rules: [Manifest] = []
            for _ in 0..<random.int(random.chance(5) ? 0...0 : 1...4) {
                rules.append(tieredRule(section, isCluster: isCluster, isBaseline: isBaseline))
            }
            spec.append(.init(key: section, value: .list(rules)))
        }
        let name = isBaseline ? "default" : random.pick(["allow", "deny", "web"])
        let annotations: Manifest = random.pick([
            ["palisade.dev/mode": "audit"], ["palisade.dev/mode": "blocking"], [:],
        ])
        let metadata: Manifest =
            random.chance(80) ? ["name": .string(name)] : ["name": .string(name), "annotations": annotations]
        return .object(
            [
                .init(
                    key: "apiVersion",
                    value: .string("policy.networking.k8s.io/" + (isCluster ? "v1alpha2" : "v1alpha1"))
                ),
                .init(key: "kind", value: .string(kind)), .init(key: "metadata", value: metadata),
                .init(key: "spec", value: .object(spec.shuffled(using: &random))),
            ].shuffled(using: &random)
        )
    }

    /// Pods by the labels of their namespaces, or by both.
    private mutating func pods(isSubject: Bool, isCluster: Bool) -> Manifest {
        if random.chance(isSubject ? 60 : 45) { return ["namespaces": random.chance(40) ? [:] : selector(.namespace)] }
        var fields: [Manifest.Pair] = [.init(key: "podSelector", value: selector(.pod))]
        if !isCluster || random.chance(60) {
            fields.append(.init(key: "namespaceSelector", value: random.chance(50) ? [:] : selector(.namespace)))
        }
        return ["pods": .object(fields)]
    }

    private mutating func tieredRule(_ section: String, isCluster: Bool, isBaseline: Bool) -> Manifest {
        let action = random.pick(isBaseline ? ["Allow", "Deny"] : ["Allow", "Deny", "Pass"])
        var peers: [Manifest] = []
        var hasOthers = false
        for _ in 0..<random.int(1...2) {
            guard section == "egress", random.chance(60) else {
                peers.append(pods(isSubject: false, isCluster: isCluster))
                continue
            }
            hasOthers = true
            switch random.int(0...99) {
            case ..<45: peers.append(["nodes": random.chance(25) ? [:] : selector(.node)])
            case 75... where action == "Allow" && !isBaseline:
                let names: [Manifest] = ["example.com", "*.example.com", "api.example.com"]
                peers.append(["domainNames": .list(Array(names.shuffled(using: &random).prefix(random.int(1...2))))])
            default:
                let blocks = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "203.0.113.0/24", "192.0.2.0/24", "2001:db8::/32"]
                let some = blocks.shuffled(using: &random).prefix(random.int(1...2))
                peers.append(["networks": .list(some.map { .string($0) })])
            }
        }
        var fields: [Manifest.Pair] = [
            .init(key: "action", value: .string(isCluster && action == "Allow" ? "Accept" : action)),
            .init(key: section == "egress" ? "to" : "from", value: .list(peers)),
        ]
        maybe("name", 15, ["first", ""], &fields)
        if random.chance(45) {
            var ports: [Manifest] = []
            for _ in 0..<random.int(1...2) {
                ports.append(isCluster ? trafficProtocol(!hasOthers) : tieredPort(!hasOthers))
            }
            fields.append(.init(key: isCluster ? "protocols" : "ports", value: .list(ports)))
        }
        return .object(fields.shuffled(using: &random))
    }

    private mutating func tieredPort(_ hasNames: Bool) -> Manifest {
        let word = Manifest.string(random.pick(["TCP", "TCP", "UDP", "SCTP"]))
        switch random.int(hasNames ? 0...2 : 1...2) {
        case 0: return ["namedPort": .string(random.pick(["http", "dns", "metrics"]))]
        case 1: return ["portNumber": ["protocol": word, "port": random.pick([80, 443, 53, 8080])]]
        default:
            return [
                "portRange": ["protocol": word, "start": random.pick([1, 79, 80]), "end": random.pick([80, 5010])]
            ]
        }
    }

    private mutating func trafficProtocol(_ hasNames: Bool) -> Manifest {
        if hasNames, random.chance(25) {
            return ["destinationNamedPort": .string(random.pick(["http", "dns", "metrics"]))]
        }
        let port: Manifest =
            random.chance(50)
            ? ["number": random.pick([80, 443, 53, 8080])]
            : ["range": ["start": random.pick([1, 53, 79]), "end": random.pick([80, 443, 5010])]]
        return .object([.init(key: random.pick(["tcp", "tcp", "udp", "sctp"]), value: ["destinationPort": port])])
    }
}
