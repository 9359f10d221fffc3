// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import TestSupport

/// Makes small worlds in which rules often match: few names, few addresses, all of them in use.
struct WorldGenerator {
    var random: SeededRandom
    static let namespaceNames = ["shop", "data", "ops", "default"]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// The world of a seed.
    static func world(seed: UInt64) -> RandomWorld {
        var generator = WorldGenerator(seed: seed)
        return generator.world()
    }

    mutating func world() -> RandomWorld { world(isCluster: false) }

    mutating func world(isCluster: Bool) -> RandomWorld {
        var world = RandomWorld()
        world.subnets = ["10.1.0.0/24", "10.1.0.128/25", "10.2.0.0/16", "fd00:1::/64", "fd00:2::/64"].compactMap {
            Prefix($0)
        }
        world.hostAddresses = Self.addresses(["10.1.0.1", "192.0.2.1", "fd00:1::1"])
        let names = Array(Self.namespaceNames.shuffled(using: &random).prefix(random.int(1...4)))
        for name in names where random.chance(85) { world.namespaces[name] = namespaceLabels() }
        for index in 0..<random.int(2...8) { world.workloads.append(workload(index, of: world, in: names)) }
        var policies = PolicyGenerator(
            random: random.fork(),
            namespaces: isCluster ? names : Self.namespaceNames,
            isCluster: isCluster
        )
        world.groups = policies.groups()
        world.policies = policies.policies(isCluster ? random.pick([1, 1, 2, 2, 3, 4, 6]) : random.int(1...5))
        modes(of: &world)
        world.isHostTrafficEnforced = random.chance(35)
        if isCluster { makeCluster(&world) }
        return world
    }

    /// Questions about a world, most of them between parties that policies can be about.
    mutating func questions(_ count: Int, about world: RandomWorld) -> [RandomQuestion] {
        let endpoints = world.workloads.flatMap(\.addresses)
        let others =
            world.hostAddresses
            + Self.addresses([
                "10.1.0.200", "10.2.9.9", "fd00:1::dead", "203.0.113.5", "203.0.113.130", "198.51.100.7", "192.0.2.77",
                "2001:db8::5", "2001:db8:1::9", "fd00:9::1", "127.0.0.1",
            ])
        return (0..<count).map { _ in
            let source = random.chance(65) ? random.pick(endpoints) : random.pick(others)
            let pool = (random.chance(65) ? endpoints : others).filter { $0.family == source.family }
            let destination = pool.isEmpty ? source : random.pick(pool)
            return RandomQuestion(source: source, destination: destination, service: service(source.family, world))
        }
    }

    mutating func service(_ family: IPAddress.Family, _ world: RandomWorld) -> Service {
        let named = world.workloads.flatMap(\.ports)
        if !named.isEmpty, random.chance(20) {
            let port = random.pick(named)
            return Service(port.ipProtocol, port: port.port)
        }
        let icmp = family == .v4 ? IPProtocol.icmp : .icmpv6
        switch random.int(0...99) {
        case ..<45: return Service(.tcp, port: port())
        case ..<70: return Service(.udp, port: port())
        case ..<80: return Service(.sctp, port: port())
        case ..<93: return Service(icmp, port: UInt16(random.pick([0, 3, 8, 13, 128, 129, 160])))
        default: return Service(random.pick([.gre, .esp, .vrrp, .igmp, .ipip, IPProtocol(rawValue: 89)]), port: 0)
        }
    }

    private mutating func port() -> UInt16 {
        UInt16(random.pick([1, 53, 79, 80, 81, 443, 5000, 5005, 5010, 5011, 8080, 65535]))
    }

    private mutating func workload(_ index: Int, of world: RandomWorld, in names: [String]) -> RandomWorld.Workload {
        var labels: [String: String] = [:]
        for (key, values) in LabelPool.pods where random.chance(60) { labels[key] = random.pick(values) }
        // What engines derive must not be taken from a workload.
        if random.chance(10) { labels["io.kubernetes.pod.namespace"] = random.pick(Self.namespaceNames) }
        if random.chance(10) { labels["io.cilium.k8s.namespace.labels.team"] = random.pick(["red", "blue"]) }
        if random.chance(5) { labels["io.cilium.k8s.policy.cluster"] = "other" }
        let number = index + 2
        var addresses = Self.addresses([
            random.chance(80) ? "10.1.0.\(number)" : "10.2.0.\(number)",
            random.chance(80) ? "fd00:1::\(number)" : "203.0.113.\(number)",
        ])
        // Somebody else's address: trusted only if no rule can tell the two apart.
        if let other = world.workloads.last, random.chance(6) { addresses.append(other.addresses[0]) }
        var ports: [Oracle.NamedPortText] = []
        for name in ["http", "dns", "metrics"] where random.chance(50) {
            ports.append(.init(name: name, ipProtocol: random.pick([.tcp, .udp, .sctp]), port: port()))
        }
        if random.chance(15) { ports.append(.init(name: "http", ipProtocol: .udp, port: 443)) }
        return RandomWorld.Workload(
            namespace: random.pick(names),
            labels: labels,
            addresses: addresses,
            ports: ports,
            isProtected: !random.chance(4)
        )
    }

    private mutating func namespaceLabels() -> [String: String] {
        var labels: [String: String] = [:]
        for (key, values) in LabelPool.namespaces where random.chance(60) { labels[key] = random.pick(values) }
        // Kubernetes puts this one on, whatever is written.
        if random.chance(10) { labels["kubernetes.io/metadata.name"] = "shop" }
        return labels
    }

    private mutating func modes(of world: inout RandomWorld) {
        world.environmentMode = random.chance(60) ? .blocking : .audit
        for name in Self.namespaceNames where random.chance(20) {
            world.namespaceModes[name] = random.pick([.audit, .blocking])
        }
        for policy in world.policies where random.chance(20) {
            world.policyModes[Oracle.label(of: policy)] = random.pick([.audit, .blocking])
        }
    }

    static func addresses(_ texts: [String]) -> [IPAddress] { texts.compactMap { IPAddress($0) } }
}

/// The labels that workloads and namespaces have and selectors name.
enum LabelPool {
    static let pods: [(String, [String])] = [
        ("app", ["web", "api", "db"]), ("tier", ["front", "back"]), ("team", ["red", "blue"]),
        ("app.kubernetes.io/name", ["web", "db"]), ("host", ["", "yes"]),
    ]
    static let nodes: [(String, [String])] = [("role", ["worker", "edge"]), ("zone", ["a", "b"])]
    static let namespaces: [(String, [String])] = [("team", ["red", "blue"]), ("env", ["prod", "dev"])]
}
