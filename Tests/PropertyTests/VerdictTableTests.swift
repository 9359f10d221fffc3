// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The table of verdicts says what decisions say.
struct VerdictTableTests {
    @Test(arguments: [EngineReach.layer4, .layer7, nil])
    func theTableAgreesWithDecisions(_ reach: EngineReach?) throws {
        var seen: [Decision.Answer: Int] = [:]
        for seed in 0..<400 as Range<UInt64> {
            var generator = WorldGenerator(seed: 130_000 + seed)
            // Without a reach: clusters with every kind of policy.
            var random = generator.world(isCluster: reach == nil)
            // Most of them enforced everywhere, as files are.
            if seed % 4 != 0 {
                (random.environmentMode, random.namespaceModes, random.policyModes) = (.blocking, [:], [:])
            }
            let decoded = DecodedWorld(random, random: SeededRandom(seed: 1))
            var snapshot = random.snapshot(policies: decoded.policies, groups: decoded.groups)
            if let reach { snapshot.reach = reach }
            let world = ResolvedSnapshot(snapshot)
            let table = VerdictTable(world)
            let services = generator.questions(6, about: random).map(\.service)
            for source in snapshot.endpoints.indices {
                for destination in snapshot.endpoints.indices {
                    for service in services {
                        let from = Party(.endpoint(source), address: snapshot.endpoints[source].addresses[0])
                        let to = Party(.endpoint(destination), address: snapshot.endpoints[destination].addresses[0])
                        let decision = world.decision(for: Connection(source: from, destination: to, service: service))
                        let verdict = table.verdict(from: source, to: destination, service)
                        seen[verdict.answer, default: 0] += 1
                        let expected = VerdictTable.Verdict(answer: decision.answer, isLimited: decision.isLimited)
                        try #require(
                            verdict == expected,
                            "seed \(seed): \(source) -> \(destination) \(service): \(decision)"
                        )
                    }
                }
            }
        }
        #expect(seen[.allowed, default: 0] > 5_000 && seen[.dropped, default: 0] > 5_000, "\(seen)")
    }
}
