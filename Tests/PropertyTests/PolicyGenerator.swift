// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import TestSupport

/// Makes valid manifests of every kind, with the shapes that are easily read wrong: missing, null, `[]` and `[{}]`.
struct PolicyGenerator {
    var random: SeededRandom
    let namespaces: [String]
    /// Whether ordered policies, and more about nodes, names and Services, are made too.
    let isCluster: Bool

    init(random: SeededRandom, namespaces: [String], isCluster: Bool = false) {
        self.random = random
        self.namespaces = namespaces
        self.isCluster = isCluster
    }

    /// Policies whose kind, namespace and name differ.
    mutating func policies(_ count: Int) -> [Manifest] {
        var seen: Set<String> = []
        var result: [Manifest] = []
        while result.count < count {
            let policy = policy()
            if seen.insert(Oracle.label(of: policy)).inserted { result.append(policy) }
        }
        return result
    }

    /// Some of the CIDR groups that rules name; rules also name one that never exists.
    mutating func groups() -> [Manifest] {
        var result: [Manifest] = []
        for name in ["partners", "offices"] where random.chance(65) {
            var metadata: Manifest = .object([.init(key: "name", value: .string(name))])
            if random.chance(60) {
                metadata = ["name": .string(name), "labels": ["role": .string(random.pick(["partner", "office"]))]]
            }
            var blocks: [Manifest] = []
            for _ in 0..<random.int(0...3) { blocks.append(.string(random.pick(Self.blocks))) }
            result.append([
                "apiVersion": .string(random.pick(["cilium.io/v2", "cilium.io/v2alpha1"])), "kind": "CiliumCIDRGroup",
                "metadata": metadata, "spec": ["externalCIDRs": .list(blocks)],
            ])
        }
        return result
    }

    private mutating func policy() -> Manifest {
        if isCluster {
            switch random.int(0...99) {
            case ..<28: return tieredPolicy()
            case ..<40: return networkPolicy()
            case ..<75: return ciliumPolicy(kind: "CiliumNetworkPolicy")
            default: return ciliumPolicy(kind: "CiliumClusterwideNetworkPolicy")
            }
        }
        switch random.int(0...9) {
        case ..<4: return networkPolicy()
        case ..<8: return ciliumPolicy(kind: "CiliumNetworkPolicy")
        default: return ciliumPolicy(kind: "CiliumClusterwideNetworkPolicy")
        }
    }

    mutating func metadata(isNamespaced: Bool) -> Manifest {
        var fields: [Manifest.Pair] = [
            .init(key: "name", value: .string(random.pick(["allow", "deny", "p.1", "web"])))
        ]
        if isNamespaced ? random.chance(85) : random.chance(5) {
            fields.append(.init(key: "namespace", value: .string(random.pick(namespaces))))
        }
        maybe("labels", 10, [.null, [:], ["app": "web"]], &fields)
        maybe(
            "annotations",
            35,
            [
                .null, [:], ["note": "x"], ["palisade.dev/mode": "audit"], ["palisade.dev/mode": "audit"],
                ["palisade.dev/mode": "blocking"], ["palisade.dev/mode": "blocking", "note": "y"],
            ],
            &fields
        )
        return .object(fields)
    }

    /// Adds one of the values in so many of a hundred cases.
    mutating func maybe(_ key: String, _ percent: Int, _ values: [Manifest], _ fields: inout [Manifest.Pair]) {
        if random.chance(percent) { fields.append(.init(key: key, value: random.pick(values))) }
    }

    // MARK: Kubernetes

    private mutating func networkPolicy() -> Manifest {
        var fields: [Manifest.Pair] = [
            .init(key: "apiVersion", value: "networking.k8s.io/v1"), .init(key: "kind", value: "NetworkPolicy"),
            .init(key: "metadata", value: metadata(isNamespaced: true)),
        ]
        maybe("status", 5, [.null, [:]], &fields)
        guard !random.chance(3) else {
            maybe("spec", 50, [.null], &fields)
            return .object(fields)
        }
        var spec: [Manifest.Pair] = []
        if random.chance(90) {
            let selector = random.chance(5) ? Manifest.null : selector(.pod)
            spec.append(.init(key: "podSelector", value: selector))
        }
        for (name, peers) in [("ingress", "from"), ("egress", "to")] where random.chance(65) {
            spec.append(.init(key: name, value: section(peers)))
        }
        maybe(
            "policyTypes",
            55,
            [
                .null, [], ["Ingress"], ["Egress"], ["Ingress"], ["Egress"], ["Ingress", "Egress"],
                ["Egress", "Ingress"],
            ],
            &spec
        )
        fields.append(.init(key: "spec", value: .object(spec)))
        return .object(fields)
    }

    private mutating func section(_ peers: String) -> Manifest {
        switch random.int(0...99) {
        case ..<5: return .null
        case ..<13: return []
        case ..<20: return [[:]]
        default:
            var rules: [Manifest] = []
            for _ in 0..<random.int(1...2) { rules.append(rule(peers)) }
            return .list(rules)
        }
    }

    private mutating func rule(_ peers: String) -> Manifest {
        var fields: [Manifest.Pair] = []
        switch random.int(0...99) {
        case ..<15: break
        case ..<20: fields.append(.init(key: peers, value: .null))
        case ..<27: fields.append(.init(key: peers, value: []))
        default:
            var list: [Manifest] = []
            for _ in 0..<random.int(1...2) { list.append(peer()) }
            fields.append(.init(key: peers, value: .list(list)))
        }
        switch random.int(0...99) {
        case ..<35: break
        case ..<40: fields.append(.init(key: "ports", value: .null))
        case ..<45: fields.append(.init(key: "ports", value: []))
        default:
            var list: [Manifest] = []
            for _ in 0..<random.int(1...2) { list.append(port()) }
            fields.append(.init(key: "ports", value: .list(list)))
        }
        return .object(fields.shuffled(using: &random))
    }

    private mutating func peer() -> Manifest {
        var fields: [Manifest.Pair] = []
        switch random.int(0...99) {
        case ..<30: fields.append(.init(key: "podSelector", value: selector(.pod)))
        case ..<50: fields.append(.init(key: "namespaceSelector", value: selector(.namespace)))
        case ..<72:
            fields.append(.init(key: "podSelector", value: selector(.pod)))
            fields.append(.init(key: "namespaceSelector", value: selector(.namespace)))
        default:
            let (block, except) = blockWithExceptions(strictly: true)
            var parts: [Manifest.Pair] = [.init(key: "cidr", value: .string(block))]
            if let except { parts.append(.init(key: "except", value: except)) }
            fields.append(.init(key: "ipBlock", value: .object(parts)))
        }
        for name in ["podSelector", "namespaceSelector", "ipBlock"] where random.chance(4) {
            if !fields.contains(where: { $0.key == name }) { fields.append(.init(key: name, value: .null)) }
        }
        return .object(fields)
    }

    private mutating func port() -> Manifest {
        var fields: [Manifest.Pair] = []
        maybe("protocol", 70, ["TCP", "TCP", "UDP", "UDP", "SCTP", .null], &fields)
        switch random.int(0...99) {
        case ..<15: maybe("port", 50, [.null], &fields)
        case ..<35: maybe("port", 100, ["http", "dns", "metrics", "absent"], &fields)
        case ..<70: maybe("port", 100, [80, 443, 53, 8080, 65535, 1], &fields)
        default:
            maybe("port", 100, [1, 79, 80, 5000], &fields)
            maybe("endPort", 80, [80, 81, 5000, 5010, 65535].filter { ($0.number ?? 0) >= 5000 } + [.null], &fields)
        }
        return .object(fields)
    }
}
