// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import TestSupport

extension PolicyGenerator {
    mutating func ciliumPolicy(kind: String) -> Manifest {
        let isNamespaced = kind == "CiliumNetworkPolicy"
        var fields: [Manifest.Pair] = [
            .init(key: "apiVersion", value: "cilium.io/v2"), .init(key: "kind", value: .string(kind)),
            .init(key: "metadata", value: metadata(isNamespaced: isNamespaced)),
        ]
        let isSingle = random.chance(80)
        if isSingle {
            fields.append(.init(key: "spec", value: spec(isNamespaced: isNamespaced)))
            maybe("specs", 6, [.null, []], &fields)
        } else {
            maybe("spec", 20, [.null], &fields)
        }
        if !isSingle || random.chance(8) {
            var list: [Manifest] = []
            for _ in 0..<random.int(1...2) { list.append(spec(isNamespaced: isNamespaced)) }
            fields.removeAll { $0.key == "specs" }
            fields.append(.init(key: "specs", value: .list(list)))
        }
        return .object(fields.shuffled(using: &random))
    }

    private mutating func spec(isNamespaced: Bool) -> Manifest {
        var fields: [Manifest.Pair] = []
        let isHostPolicy = !isNamespaced && random.chance(isCluster ? 55 : 8)
        let subject = isHostPolicy ? "nodeSelector" : "endpointSelector"
        let style: SelectorStyle = isCluster && isHostPolicy ? .node : .ciliumSubject
        fields.append(.init(key: subject, value: random.chance(isCluster ? 60 : 25) ? [:] : selector(style)))
        maybe(isHostPolicy ? "endpointSelector" : "nodeSelector", 4, [.null], &fields)
        let sections = ["ingress", "ingressDeny", "egress", "egressDeny"]
        var hasItems = false
        for name in sections {
            switch random.int(0...99) {
            case ..<52: break
            case ..<55: fields.append(.init(key: name, value: .null))
            case ..<61: fields.append(.init(key: name, value: []))
            default:
                fields.append(.init(key: name, value: ciliumItems(name, isHostPolicy: isHostPolicy)))
                hasItems = true
            }
        }
        if !hasItems {
            let name = random.pick(sections)
            fields.removeAll { $0.key == name }
            fields.append(.init(key: name, value: ciliumItems(name, isHostPolicy: isHostPolicy)))
        }
        maybe(
            "enableDefaultDeny",
            30,
            [
                .null, [:], ["ingress": false], ["egress": false], ["ingress": true], ["egress": true],
                ["ingress": false, "egress": false], ["ingress": false, "egress": true], ["ingress": .null],
            ],
            &fields
        )
        maybe("description", 10, ["Some text: with \"marks\"", "", .null], &fields)
        maybe("labels", 8, [.null, [], [["key": "a", "value": "b", "source": "unspec"]], [["key": "a"]]], &fields)
        maybe("log", 8, [.null, [:], ["value": "shown"]], &fields)
        return .object(fields.shuffled(using: &random))
    }

    private mutating func ciliumItems(_ section: String, isHostPolicy: Bool) -> Manifest {
        var list: [Manifest] = []
        for _ in 0..<random.int(1...2) { list.append(ciliumItem(section, isHostPolicy: isHostPolicy)) }
        return .list(list)
    }

    private mutating func ciliumItem(_ section: String, isHostPolicy: Bool) -> Manifest {
        guard !random.chance(isCluster ? 2 : 6) else { return [:] }
        let prefix = section.hasPrefix("ingress") ? "from" : "to"
        let isDeny = section.hasSuffix("Deny")
        var names = ["Endpoints", "CIDR", "CIDRSet", "Entities", "Nodes", "Groups"]
        if prefix == "to" { names.append("Services") }
        if prefix == "to", !isDeny { names.append("FQDNs") }
        var fields: [Manifest.Pair] = []
        if random.chance(80) {
            var weighted = names
            if isCluster {
                weighted += ["Nodes", "Entities", "Entities", "Endpoints", "Endpoints"]
                if prefix == "to" {
                    weighted += ["Services", "Services", "Services", "Services", isDeny ? "Groups" : "FQDNs", "Groups"]
                }
            } else {
                weighted += [
                    "Endpoints", "Endpoints", "Endpoints", "Endpoints", "Entities", "Entities", "CIDRSet", "CIDR",
                ]
            }
            let name = random.pick(weighted)
            fields.append(.init(key: prefix + name, value: ciliumPeers(name)))
        }
        for name in names + ["Requires"] where random.chance(3) {
            guard !fields.contains(where: { $0.key == prefix + name }) else { continue }
            fields.append(.init(key: prefix + name, value: random.chance(65) ? .null : []))
        }
        switch random.int(0...99) {
        case ..<35: break
        case ..<40: fields.append(.init(key: "toPorts", value: random.chance(50) ? .null : []))
        case ..<86: fields.append(.init(key: "toPorts", value: toPorts(section, isHostPolicy: isHostPolicy)))
        case ..<88: fields.append(.init(key: "icmps", value: random.chance(50) ? .null : []))
        default: fields.append(.init(key: "icmps", value: icmps()))
        }
        if !isDeny {
            maybe(
                "authentication",
                7,
                [.null, ["mode": "disabled"], ["mode": "required"], ["mode": "test-always-fail"]],
                &fields
            )
        }
        return .object(fields.shuffled(using: &random))
    }

    private mutating func ciliumPeers(_ name: String) -> Manifest {
        guard !random.chance(isCluster ? 3 : 9) else { return [] }
        var list: [Manifest] = []
        for _ in 0..<random.int(1...2) {
            switch name {
            case "Endpoints": list.append(random.chance(isCluster ? 50 : 15) ? [:] : selector(.cilium))
            case "CIDR": list.append(.string(random.pick(Self.blocks)))
            case "CIDRSet": list.append(blockItem())
            case "Entities":
                list.append(
                    random.pick(
                        [
                            "all", "world", "host", "cluster", "cluster-mesh", "remote-node", "kube-apiserver", "init",
                            "ingress", "health", "unmanaged", "none", "world", "host", "cluster", "all",
                        ]
                            + (isCluster
                                ? [
                                    "remote-node", "kube-apiserver", "kube-apiserver", "kube-apiserver", "all", "all",
                                    "cluster", "world",
                                ] : [])
                    )
                )
            case "Nodes": list.append(selector(.node))
            case "Groups": list.append(["aws": ["securityGroupsIds": ["sg-1"]]])
            case "Services":
                list.append(
                    random.pick(
                        [
                            ["k8sService": ["serviceName": "web", "namespace": "shop"]],
                            ["k8sServiceSelector": ["selector": ["matchLabels": ["app": "web"]]]],
                        ] + (isCluster ? Self.services : [])
                    )
                )
            default: list.append(random.pick(Self.names))
            }
        }
        return .list(list)
    }

    /// DNS names and patterns.
    static let names: [Manifest] = [
        ["matchName": "example.com"], ["matchPattern": "*.example.com"], ["matchPattern": "**.example.com"],
        ["matchName": "API.example.com"], ["matchPattern": "*"], ["matchPattern": "a*.example.com"],
    ]

    private static let services: [Manifest] = [
        ["k8sService": ["serviceName": "db", "namespace": "data"]], ["k8sService": ["serviceName": "web"]],
        ["k8sService": ["serviceName": "external", "namespace": ""]], ["k8sService": ["serviceName": "absent"]],
        ["k8sService": ["serviceName": "kubernetes", "namespace": "default"]],
        ["k8sServiceSelector": ["selector": ["matchLabels": ["app": "db"]], "namespace": "data"]],
        [
            "k8sServiceSelector": ["selector": ["matchLabels": ["any:app": "external"]]],
            "k8sService": ["serviceName": "absent"],
        ],
    ]

    private mutating func blockItem() -> Manifest {
        if random.chance(55) {
            let (block, except) = blockWithExceptions(strictly: false)
            var fields: [Manifest.Pair] = [.init(key: "cidr", value: .string(block))]
            if let except { fields.append(.init(key: "except", value: except)) }
            maybe("cidrGroupRef", 5, [.null], &fields)
            return .object(fields)
        }
        var fields: [Manifest.Pair] = []
        if random.chance(60) {
            maybe("cidrGroupRef", 100, ["partners", "offices", "absent"], &fields)
        } else {
            fields.append(.init(key: "cidrGroupSelector", value: selector(.group)))
        }
        maybe(
            "except",
            40,
            [.null, [], [.string(random.pick(Self.blocks))], ["203.0.113.5/32", "2001:db8::/48"]],
            &fields
        )
        return .object(fields)
    }
}
