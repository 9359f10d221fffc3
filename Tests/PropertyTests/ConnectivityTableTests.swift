// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

@Suite struct ConnectivityTableTests {
    @Test func `the table says of every pair what is said of it alone`() {
        for seed in UInt64(0)..<250 {
            let resolved = ResolvedSnapshot(Self.snapshot(seed))
            let parties = Self.parties(of: resolved)
            for policies in [JudgedPolicies.all, .enforced] {
                let table = ConnectivityTable(resolved, parties: parties, by: policies)
                var cursor = table.cursor(from: 0)
                for source in parties.indices {
                    cursor.move(to: source)
                    for destination in parties.indices {
                        let alone = resolved.connections(from: parties[source], to: parties[destination], by: policies)
                        #expect(table.connections(from: source, to: destination) == alone, "seed \(seed)")
                        let number = cursor.number(to: destination)
                        #expect(cursor.answer(number) == alone, "seed \(seed)")
                    }
                }
            }
        }
    }

    @Test func `parties that are alike have equal answers about every other one`() {
        var pairs = 0
        for seed in UInt64(0)..<120 {
            let resolved = ResolvedSnapshot(Self.snapshot(seed))
            let parties = Self.parties(of: resolved)
            let table = ConnectivityTable(resolved, parties: parties)
            for one in parties.indices {
                for other in parties.indices.dropFirst(one + 1) where table.areAlike(one, other) {
                    pairs += 1
                    for third in parties.indices
                    where Self.isOther(parties[third], than: [parties[one], parties[other]]) {
                        #expect(table.connections(from: one, to: third) == table.connections(from: other, to: third))
                        #expect(table.connections(from: third, to: one) == table.connections(from: third, to: other))
                    }
                }
            }
        }
        #expect(pairs > 30)
    }

    /// Whether a party is neither of two, nor a node, about which there are two answers.
    private static func isOther(_ third: Party, than pair: [Party]) -> Bool {
        if case .node = third.kind { return false }
        guard case .endpoint = third.kind else { return !pair.contains(third) }
        return !pair.contains { $0.kind == third.kind }
    }

    /// A random world; every third one a cluster, and half of the others on an engine that knows requests and names.
    private static func snapshot(_ seed: UInt64) -> ClusterSnapshot {
        let world = seed % 3 == 2 ? WorldGenerator.cluster(seed: seed) : WorldGenerator.world(seed: seed)
        let decoded = DecodedWorld(world, random: SeededRandom(seed: seed &+ 1))
        var snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
        guard seed % 2 == 1, !world.isCluster else { return snapshot }
        snapshot.reach = .layer7
        let address = IPAddress(v4: 0xCB00_7132)
        snapshot.nodes = [ClusterNode(name: "n", labels: ["app": "web"], addresses: [address])]
        snapshot.services = [
            ClusterService(namespace: "shop", name: "web", selector: ["app": "web"]),
            ClusterService(namespace: "default", name: "kubernetes", selector: nil, backends: [address]),
        ]
        return snapshot
    }

    private static func parties(of resolved: ResolvedSnapshot) -> [Party] {
        let outside = ["203.0.113.5", "203.0.113.130", "198.51.100.7", "192.0.2.77", "2001:db8::5", "203.0.113.50"]
        let others = outside + ["10.1.0.1", "10.2.9.9", "fd00:1::dead"]
        return resolved.snapshot.endpoints.enumerated().flatMap { index, endpoint in
            endpoint.addresses.map { Party(.endpoint(index), address: $0) }
        }
            + (others.compactMap { IPAddress($0) } + resolved.snapshot.nodes.flatMap(\.addresses))
            .map { resolved.party(at: $0) }
    }
}
