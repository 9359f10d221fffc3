// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The engine against a naive reading of the same manifests.
@Suite struct OracleTests {
    private static let worldsPerPart = 700
    private static let questionsPerWorld = 40

    @Test(arguments: 0..<4)
    func `the engine agrees with a naive reading of the manifests`(part: UInt64) throws {
        var asked = 0
        var outcomes: [String: Int] = [:]
        for index in 0..<UInt64(Self.worldsPerPart) {
            // Each world has a seed of its own; the first of the run is the run's seed.
            let seed = SeededRandom.runSeed &+ index &* 4 &+ part
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 1))
            try #require(decoded.problems.isEmpty, "seed \(seed): \(decoded.problems)\n\(decoded.texts)")
            let engine = EngineAnswer(
                ResolvedSnapshot(world.snapshot(policies: decoded.policies, groups: decoded.groups))
            )
            let oracle = Oracle(world: world)
            for question in generator.questions(Self.questionsPerWorld, about: world) {
                asked += 1
                let expected = oracle.answer(question)
                outcomes[expected.verdict.rawValue, default: 0] += 1
                for side in [expected.egress, expected.ingress] {
                    outcomes[side?.complete.outcome ?? "nobody", default: 0] += 1
                }
                guard expected != engine.answer(question) else { continue }
                let mismatch = Mismatch(seed: seed, world: world, question: question, differs: Self.comparison)
                try #require(Bool(false), "\(mismatch.description)")
            }
        }
        // Four parts make the 100,000 questions of a run.
        #expect(asked >= 25_000)
        // A generator that never gets to some outcome would hide mistakes there.
        for outcome in Self.everyOutcome {
            #expect(outcomes[outcome, default: 0] >= 100, "\(outcome) is too rare: \(outcomes)")
        }
    }

    private static let everyOutcome = [
        "ALLOWED", "DROPPED", "WOULD_DROP", "nobody", "notIsolated", "allowedByRule", "hostTraffic", "defaultDeny",
        "deniedByRule", "unknownEndpoint",
    ]

    private static let comparison: Mismatch.Comparison = { world, question in
        let decoded = DecodedWorld(world, random: SeededRandom(seed: 1))
        guard decoded.problems.isEmpty else { return nil }
        let snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
        let expected = Oracle(world: world).answer(question)
        let found = EngineAnswer(ResolvedSnapshot(snapshot)).answer(question)
        return expected == found ? nil : ("\(expected)", "\(found)")
    }
}
