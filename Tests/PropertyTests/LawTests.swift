// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// Laws that hold whatever the policies say, in worlds with every kind of them.
@Suite struct LawTests {
    private static let worlds: UInt64 = 400

    @Test func `one more allow rule takes no connection away`() throws {
        var gained = 0
        for seed in 0..<Self.worlds {
            var random = SeededRandom(seed: seed ^ 0xA110)
            let before = Self.snapshot(seed)
            guard let after = Self.withAllowRule(before, &random) else { continue }
            let (old, new) = (ResolvedSnapshot(before), ResolvedSnapshot(after))
            let parties = Self.parties(of: old)
            for source in parties {
                for destination in parties {
                    let (one, other) = (
                        old.connections(from: source, to: destination), new.connections(from: source, to: destination)
                    )
                    gained += one == other ? 0 : 1
                    let isKept =
                        other.passable.isSuperset(of: one.passable)
                        && other.passable.union(other.uncertain).isSuperset(of: one.passable.union(one.uncertain))
                    try #require(isKept, "seed \(seed): \(source) -> \(destination), \(one), \(other)")
                }
            }
        }
        #expect(gained > 100, "\(gained)")
    }

    @Test func `nothing differs from itself, and the way back is the way there turned around`() throws {
        var rows = 0
        for seed in 0..<Self.worlds {
            var random = SeededRandom(seed: seed ^ 0xD1FF)
            let before = Self.snapshot(seed)
            var after = Self.withAllowRule(before, &random) ?? before
            if after.policies.count > 1, random.chance(50) { after.policies.removeLast() }
            let (old, new) = (ResolvedSnapshot(before), ResolvedSnapshot(after))
            #expect(ConnectivityDiff(old: old, new: old).rows.isEmpty, "seed \(seed)")
            let there = ConnectivityDiff(old: old, new: new).rows.map { Self.key($0, $0.before, $0.after) }
            let back = ConnectivityDiff(old: new, new: old).rows.map { Self.key($0, $0.after, $0.before) }
            try #require(Set(there) == Set(back) && there.count == back.count, "seed \(seed)")
            rows += there.count
        }
        #expect(rows > 100, "\(rows)")
    }

    private static func key(
        _ row: ConnectivityDiff.Row,
        _ one: PairConnections,
        _ other: PairConnections
    ) -> [AnyHashable] {
        [row.source, row.destination, one, other]
    }

    private static func snapshot(_ seed: UInt64) -> ClusterSnapshot {
        let world = WorldGenerator.cluster(seed: 210_000 + seed)
        let decoded = DecodedWorld(world, random: SeededRandom(seed: 1))
        return world.snapshot(policies: decoded.policies, groups: decoded.groups)
    }

    /// The world with an allow rule of one policy in another one too, at any place, where that changes no isolation.
    private static func withAllowRule(
        _ snapshot: ClusterSnapshot,
        _ random: inout SeededRandom
    ) -> ClusterSnapshot? {
        let allows = snapshot.policies.flatMap(\.specs).flatMap(\.rules).filter { $0.action == .allow }
        guard let rule = allows.randomElement(using: &random) else { return nil }
        var snapshot = snapshot
        guard let policy = snapshot.policies.indices.randomElement(using: &random) else { return nil }
        let spec = random.int(0...snapshot.policies[policy].specs.count - 1)
        let place = random.int(0...snapshot.policies[policy].specs[spec].rules.count)
        snapshot.policies[policy].specs[spec].rules.insert(rule, at: place)
        return snapshot
    }

    private static func parties(of resolved: ResolvedSnapshot) -> [Party] {
        let others = ["203.0.113.5", "198.51.100.7", "2001:db8::5", "10.1.0.1", "10.2.9.9", "192.0.2.11", "192.0.2.12"]
        return resolved.snapshot.endpoints.enumerated().flatMap { index, endpoint in
            endpoint.addresses.prefix(1).map { Party(.endpoint(index), address: $0) }
        } + others.compactMap { IPAddress($0) }.map { resolved.party(at: $0) }
    }
}
