// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// A resolved snapshot that takes changes over answers like one that is resolved from nothing.
struct SnapshotChangeTests {
    @Test func changesAddUpToTheSameAnswers() throws {
        var changes = 0
        for seed in 0..<150 as Range<UInt64> {
            var generator = WorldGenerator(seed: 170_000 + seed)
            let isCluster = seed % 2 == 1
            let random = generator.world(isCluster: isCluster)
            var later = WorldGenerator(seed: 180_000 + seed)
            let other = later.world(isCluster: isCluster)
            var world = Self.resolved(random)
            for change in Self.changes(world.snapshot, Self.resolved(other).snapshot, seed) {
                world.apply(change)
                changes += 1
                let fresh = ResolvedSnapshot(world.snapshot)
                let questions =
                    isCluster
                    ? generator.clusterQuestions(12, about: random) : generator.questions(12, about: random)
                for question in questions {
                    let expected = EngineAnswer(fresh).decision(question)
                    let found = EngineAnswer(world).decision(question)
                    try #require(found == expected, "seed \(seed) after \(change): \(question)")
                }
            }
            #expect(world.snapshot.policies.count == Set(world.snapshot.policies.map(\.id)).count)
        }
        #expect(changes > 1_000)
    }

    /// Policies and labels of another world, taken over one by one, and some policies taken away.
    private static func changes(_ now: ClusterSnapshot, _ later: ClusterSnapshot, _ seed: UInt64) -> [SnapshotChange] {
        var random = SeededRandom(seed: seed)
        var changes: [SnapshotChange] = later.policies.map { .policy($0) }
        changes += now.policies.map { policy in
            var changed = policy
            changed.specs = later.policies.randomElement(using: &random)?.specs ?? []
            return .policy(changed)
        }
        changes += zip(now.endpoints, later.endpoints).map { endpoint, other in
            var changed = endpoint
            (changed.labels, changed.namespace, changed.namedPorts) = (other.labels, other.namespace, other.namedPorts)
            return .endpoint(changed)
        }
        changes += (now.policies + later.policies).prefix(4).map { .policyRemoved($0.id) }
        changes += later.endpoints.prefix(2).map { endpoint in
            var added = endpoint
            added.id += "-new"
            return .endpoint(added)
        }
        return changes.shuffled(using: &random)
    }

    private static func resolved(_ random: RandomWorld) -> ResolvedSnapshot {
        let decoded = DecodedWorld(random, random: SeededRandom(seed: 1))
        var snapshot = random.snapshot(policies: decoded.policies, groups: decoded.groups)
        // One policy of a name, as everywhere after decoding.
        var names: Set<PolicyID> = []
        snapshot.policies = snapshot.policies.filter { names.insert($0.id).inserted }
        return ResolvedSnapshot(snapshot)
    }
}
