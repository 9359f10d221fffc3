// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The outcomes that a replay has at once are those that its rows have with all their reasons.
struct ImpactReplayPropertyTests {
    @Test(arguments: [EngineReach.layer4, .layer7], [JudgedPolicies.all, .enforced])
    func outcomesAreThoseOfTheReasons(_ reach: EngineReach, _ policies: JudgedPolicies) throws {
        var seen: [ImpactReplay.Outcome: Int] = [:]
        for seed in 0..<120 as Range<UInt64> {
            var generator = WorldGenerator(seed: 210_000 + seed)
            let random = generator.world()
            let (old, new) = Self.worlds(random, reach, seed)
            let edges = Self.edges(of: old.snapshot) + Self.edges(of: new.snapshot)
            let traffic = Self.traffic(about: random, edges, &generator)
            let replay = ImpactReplay(traffic, old: old, new: new, policies: policies)
            for outcome in ImpactReplay.Outcome.allCases {
                let rows = replay.rows(outcome)
                let other = rows.first { $0.outcome != outcome }
                try #require(other == nil, "seed \(seed): said \(outcome), but: \(String(describing: other))")
                let total = try #require(replay.totals[outcome])
                #expect(total.connections == rows.count)
                #expect(total.flows == rows.reduce(0) { $0 + $1.count.flows })
                seen[outcome, default: 0] += rows.count
            }
            #expect(replay.rows.map(\.connection).sorted() == traffic.counts.keys.sorted())
        }
        for outcome in ImpactReplay.Outcome.allCases { #expect(seen[outcome, default: 0] > 200, "\(outcome): \(seen)") }
    }

    /// A world, and the same one with some of its policies replaced by another one's, sometimes with a pod less.
    private static func worlds(
        _ random: RandomWorld,
        _ reach: EngineReach,
        _ seed: UInt64
    ) -> (ResolvedSnapshot, ResolvedSnapshot) {
        var choice = SeededRandom(seed: seed)
        let decoded = DecodedWorld(random, random: choice.fork())
        let other = DecodedWorld(WorldGenerator.world(seed: 220_000 + seed), random: choice.fork())
        var snapshot = random.snapshot(policies: decoded.policies, groups: decoded.groups)
        snapshot.reach = reach
        var later = snapshot
        later.policies = snapshot.policies.filter { _ in choice.chance(60) }
        let names = Set(later.policies.map(\.id))
        later.policies += other.policies.filter { !names.contains($0.id) && choice.chance(50) }
        later.cidrGroups += other.groups.filter { group in !snapshot.cidrGroups.contains { $0.name == group.name } }
        if choice.chance(20) { later.endpoints.removeFirst() }
        let old = ResolvedSnapshot(snapshot)
        return (old, ResolvedSnapshot(later, after: old))
    }

    /// The first and last addresses of the blocks that rules name, and their neighbours.
    private static func edges(of snapshot: ClusterSnapshot) -> [IPAddress] {
        let rules = snapshot.policies.flatMap(\.specs).flatMap(\.rules)
        let blocks = rules.flatMap { rule -> [Prefix] in
            guard case .anyOf(let peers) = rule.peers else { return [] }
            return peers.flatMap { peer -> [Prefix] in
                guard case .cidr(let block) = peer else { return [] }
                return [block.prefix] + block.except
            }
        }
        return (blocks + snapshot.cidrGroups.flatMap(\.prefixes)).flatMap { block in
            [
                block.base, block.last, IPAddress(family: block.family, bits: block.last.bits &+ 1),
                IPAddress(family: block.family, bits: block.base.bits &- 1),
            ]
        }
    }

    /// Connections between pods, by their names or their workloads' only, and with addresses outside; some with requests.
    private static func traffic(
        about world: RandomWorld,
        _ edges: [IPAddress],
        _ generator: inout WorldGenerator
    ) -> RecordedTraffic {
        var traffic = RecordedTraffic()
        for question in generator.questions(80, about: world) {
            var connection = RecordedConnection(
                source: party(at: question.source, in: world, &generator.random),
                destination: party(at: question.destination, in: world, &generator.random),
                ipProtocol: question.service.ipProtocol,
                port: question.service.port,
                verdict: generator.random.pick([.allowed, .dropped, .wouldDrop])
            )
            if generator.random.chance(5) { connection.http = .init(method: "GET", path: "/api") }
            if generator.random.chance(5) { connection.dnsQuery = "api.example.com" }
            if generator.random.chance(10), connection.destination.isOutside {
                connection.destination.dnsNames = ["api.example.com"]
            }
            // At the ends of blocks neighbours are told apart.
            if let edge = edges.randomElement(using: &generator.random) {
                if connection.destination.isOutside { connection.destination.address = edge }
                if connection.source.isOutside { connection.source.address = edge }
            }
            traffic.add(connection, .init(flows: UInt64(generator.random.int(1...9))))
        }
        return traffic
    }

    private static func party(
        at address: IPAddress,
        in world: RandomWorld,
        _ random: inout SeededRandom
    ) -> RecordedConnection.Party {
        guard let index = world.workloads.firstIndex(where: { $0.addresses.contains(address) }) else {
            return random.chance(10)
                ? .init(address: address, labels: [random.pick(["reserved:host", "reserved:remote-node"])])
                : .init(address: address)
        }
        let name = "w\(index)"
        let namespace = world.workloads[index].namespace
        return random.chance(50)
            ? .init(namespace: namespace, workload: name) : .init(namespace: namespace, workload: name, pod: name)
    }
}
