// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport

extension WorldGenerator {
    /// A world with policies of every kind, nodes, Services, and an engine that checks all or little of it.
    static func cluster(seed: UInt64) -> RandomWorld {
        var generator = WorldGenerator(seed: seed)
        return generator.world(isCluster: true)
    }

    mutating func makeCluster(_ world: inout RandomWorld) {
        world.isCluster = true
        world.reach = random.chance(82) ? .layer7 : .layer4
        world.semantics = random.pick([.kubernetes, .cilium])
        for mode in CIDRMatchMode.allCases where random.chance(25) { world.cidrModes.insert(mode) }
        // Doubts are rarely seen where nothing is enforced.
        if random.chance(60) {
            (world.environmentMode, world.namespaceModes, world.policyModes) = (.blocking, [:], [:])
        }
        for index in world.workloads.indices {
            if random.chance(70) { world.workloads[index].account = random.pick(["default", "robot"]) }
            if random.chance(40) { world.workloads[index].labels["pod-template-hash"] = "a1" }
        }
        if random.chance(30) { forgetAddresses(&world) }
        for number in 0..<random.pick([0, 1, 2, 2, 3]) {
            var labels: [String: String] = [:]
            for (key, values) in LabelPool.nodes where random.chance(75) { labels[key] = random.pick(values) }
            let addresses = Self.addresses(["192.0.2.\(11 + number)", "fd00:9::\(11 + number)"])
            world.nodes.append(.init(labels: labels, addresses: addresses))
        }
        world.services = services(world)
    }

    /// Some workloads have addresses that nobody knows.
    private mutating func forgetAddresses(_ world: inout RandomWorld) {
        world.unknownBlock = Prefix("198.18.0.0/15")
        if random.chance(25) { world.unknownReading = .outsideBlocks }
        for index in world.workloads.indices where random.chance(60) {
            world.workloads[index].addresses = Self.addresses(["198.18.0.\(index + 1)"])
        }
    }

    private mutating func services(_ world: RandomWorld) -> [RandomWorld.Service] {
        var all: [RandomWorld.Service] = [
            .init(namespace: "shop", name: "web", labels: ["app": "web"], selector: ["app": "web"]),
            .init(namespace: "data", name: "db", labels: ["app": "db"], selector: ["app": random.pick(["db", "api"])]),
            .init(namespace: "ops", name: "web", labels: ["app": "web", "tier": "front"], selector: ["tier": "front"]),
            .init(namespace: "ops", name: "external", labels: ["app": "external"]),
        ]
        if random.chance(50) { all[3].backends = Self.addresses(["203.0.113.5"]) }
        if random.chance(50) { all[0].backends = Self.addresses(["10.1.0.2"]) }
        var api = RandomWorld.Service(namespace: "default", name: "kubernetes", labels: ["component": "apiserver"])
        api.backends = Self.addresses([random.pick(["192.0.2.11", "198.51.100.7", "192.0.2.1"])])
        if random.chance(30) { api.backends = [] }
        all.append(api)
        return all.filter { _ in random.chance(45) }
    }

    /// Questions about a cluster: also about nodes, names that stand for someone, requests, and DNS names.
    mutating func clusterQuestions(_ count: Int, about world: RandomWorld) -> [RandomQuestion] {
        let nodes = world.nodes.flatMap(\.addresses)
        return questions(count, about: world).map { question in
            var question = question
            question.source = known(question.source, about: world)
            question.destination = known(question.destination, about: world)
            if random.chance(60) { question.service = webService() }
            if !nodes.isEmpty, random.chance(14) {
                let address = random.pick(nodes.filter { $0.family == question.source.family })
                if random.chance(60) { question.destination = address } else { question.source = address }
            }
            if random.chance(10) {
                let name = random.pick([Entity.host, .remoteNode, .kubeAPIServer, .health, .ingress, .`init`])
                let address = IPAddress(v4: 0xC000_0201)
                if random.chance(50) {
                    (question.destinationName, question.destination) = (name, address)
                } else {
                    (question.sourceName, question.source) = (name, address)
                }
            }
            if random.chance(25) { question.request = request() }
            return question
        }
    }

    /// Mostly somebody else in place of an address that nobody has, about which little can be said.
    private mutating func known(_ address: IPAddress, about world: RandomWorld) -> IPAddress {
        let isKnown = !world.subnets.contains { $0.contains(address) } || world.hostAddresses.contains(address)
        guard !isKnown, !random.chance(8) else { return address }
        let claimed = world.workloads.filter(\.isProtected).flatMap(\.addresses)
        guard claimed.count(where: { $0 == address }) != 1 else { return address }
        return Self.addresses([address.family == .v4 ? "203.0.113.5" : "2001:db8::5"]).first ?? address
    }

    /// What rules about requests are about.
    private mutating func webService() -> Service {
        random.chance(75)
            ? Service(.tcp, port: random.pick([80, 80, 443, 8080])) : Service(random.pick([.udp, .tcp]), port: 53)
    }

    private mutating func request() -> RequestFacts {
        var request = RequestFacts()
        let names = ["example.com", "api.example.com", "a.b.example.com", "Other.test.", "ab.example.com"]
        if random.chance(60) { request.dnsName = random.pick(names) }
        if random.chance(40) { request.dnsQuery = random.pick(names) }
        if random.chance(50) {
            request.http = .init(
                method: random.pick(["GET", "HEAD", "POST"]),
                path: random.pick(["/v1/", "/v22/items", "/item", "/items", "/v/x", "/"]),
                host: random.pick([nil, "a", "shop.example", "other"])
            )
        }
        return request
    }
}
