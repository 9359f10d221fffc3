// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport

extension PolicyGenerator {
    /// Whose labels a selector is about, and in which language.
    enum SelectorStyle {
        case pod, namespace, cilium, ciliumSubject, group, node
    }

    static let blocks = [
        "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.1.0.0/24", "10.1.0.2/31", "10.1.0.4/32", "203.0.113.0/24",
        "203.0.113.128/25", "203.0.113.5/32", "2001:db8::/32", "2001:db8::/48", "192.0.2.0/24", "192.0.2.1/32",
        "198.51.100.7/32", "fd00::/8", "fd00:1::/64", "10.1.0.1/24", "128.0.0.0/1", "8000::/1",
    ]

    /// An address block, and exceptions inside it where it has some (also `null` and `[]`).
    mutating func blockWithExceptions(strictly: Bool) -> (block: String, except: Manifest?) {
        let text = random.pick(Self.blocks)
        guard let block = Prefix(text), random.chance(45) else { return (text, nil) }
        guard random.chance(85) else { return (text, random.chance(50) ? .null : []) }
        let inside = Self.blocks.filter { candidate in
            guard let prefix = Prefix(candidate) else { return false }
            return block.contains(prefix) && (!strictly || prefix != block)
        }
        guard !inside.isEmpty else { return (text, nil) }
        var list: [Manifest] = []
        for _ in 0..<random.int(1...2) { list.append(.string(random.pick(inside))) }
        return (text, .list(list))
    }

    /// A label selector: `{}`, labels, expressions or both, with null and empty parts.
    mutating func selector(_ style: SelectorStyle) -> Manifest {
        guard !random.chance(18) else { return [:] }
        if style == .ciliumSubject, random.chance(10) { return trickySubject() }
        var fields: [Manifest.Pair] = []
        if random.chance(65) {
            var labels: [Manifest.Pair] = []
            for _ in 0..<random.int(1...2) where random.chance(85) {
                let (key, values) = term(style)
                guard !labels.contains(where: { $0.key == key }) else { continue }
                labels.append(.init(key: key, value: .string(random.pick(values))))
            }
            fields.append(.init(key: "matchLabels", value: random.chance(4) ? .null : .object(labels)))
        }
        if random.chance(40) {
            var list: [Manifest] = []
            for _ in 0..<random.int(1...2) where random.chance(85) { list.append(expression(style)) }
            fields.append(.init(key: "matchExpressions", value: random.chance(4) ? .null : .list(list)))
        }
        return .object(fields.shuffled(using: &random))
    }

    /// Subjects with a rule of their own: another namespace, and endpoints without labels.
    private mutating func trickySubject() -> Manifest {
        let namespace = Manifest.string(random.pick(namespaces))
        let key = "k8s:io.kubernetes.pod.namespace"
        return random.pick([
            [
                "matchLabels": ["k8s:io.kubernetes.pod.namespace": namespace],
                "matchExpressions": [["key": .string(key), "operator": "In", "values": [namespace]]],
            ],
            [
                "matchLabels": ["k8s:io.kubernetes.pod.namespace": namespace],
                "matchExpressions": [["key": .string(key), "operator": "NotIn", "values": [namespace]]],
            ],
            ["matchExpressions": [["key": "reserved:init", "operator": "DoesNotExist"]]],
            ["matchExpressions": [["key": "reserved:init", "operator": "NotIn", "values": ["x"]]]],
        ])
    }

    private mutating func expression(_ style: SelectorStyle) -> Manifest {
        let (key, values) = term(style)
        let word = random.pick(["In", "NotIn", "Exists", "DoesNotExist"])
        var fields: [Manifest.Pair] = [
            .init(key: "key", value: .string(key)), .init(key: "operator", value: .string(word)),
        ]
        if word == "In" || word == "NotIn" {
            var list: [Manifest] = []
            for _ in 0..<random.int(1...2) { list.append(.string(random.pick(values))) }
            fields.append(.init(key: "values", value: .list(list)))
        } else {
            maybe("values", 20, [.null, []], &fields)
        }
        return .object(fields.shuffled(using: &random))
    }

    /// A key with values that it may have.
    private mutating func term(_ style: SelectorStyle) -> (String, [String]) {
        switch style {
        case .pod: return random.chance(90) ? random.pick(LabelPool.pods) : ("missing", ["x", ""])
        case .namespace:
            if random.chance(25) { return ("kubernetes.io/metadata.name", namespaces) }
            return random.chance(90) ? random.pick(LabelPool.namespaces) : ("missing", ["x"])
        case .node: return random.chance(92) ? random.pick(LabelPool.nodes) : ("missing", ["x"])
        case .group: return (random.pick(["role", "role", "any:role"]), ["partner", "office"])
        case .cilium, .ciliumSubject: return ciliumTerm(style)
        }
    }

    private mutating func ciliumTerm(_ style: SelectorStyle) -> (String, [String]) {
        let prefix = random.pick(["", "", "", "k8s:", "k8s:", "any:", "other:"])
        if isCluster, random.chance(8) {
            if random.chance(50) { return (prefix + "io.cilium.k8s.policy.serviceaccount", ["default", "robot"]) }
            return (prefix + "pod-template-hash", ["a1"])
        }
        switch random.int(0...99) {
        case ..<60:
            let (key, values) = random.pick(LabelPool.pods)
            return (prefix + key, values)
        case ..<76:
            let source = random.pick(["", "k8s:", "k8s:", "any:"])
            return (source + "io.kubernetes.pod.namespace", namespaces)
        case ..<85:
            let (key, values) = random.pick(LabelPool.namespaces)
            return (prefix + "io.cilium.k8s.namespace.labels." + key, values)
        case ..<89:
            return (prefix + "io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", namespaces)
        case ..<93: return (prefix + "io.cilium.k8s.policy.cluster", ["default", "other"])
        default:
            let names = ["host", "world", "world-ipv4", "world-ipv6", "init", "health", "remote-node"]
            return ("reserved:" + random.pick(names), [""])
        }
    }
}
