// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The engine against a naive reading of the same manifests.
@Suite struct OracleTests {
    /// `PALISADE_NIGHTLY=1` asks a million questions, else it is a hundred thousand.
    private static let worldsPerPart = ProcessInfo.processInfo.environment["PALISADE_NIGHTLY"] == "1" ? 7_000 : 700
    private static let questionsPerWorld = 40

    /// Four parts make the questions of a run; two worlds in seven are hosts, the others clusters with every kind.
    @Test(arguments: 0..<4)
    func `the engine agrees with a naive reading of the manifests`(part: UInt64) throws {
        var asked = 0
        var skipped = 0
        var seen: [String: Int] = [:]
        for index in 0..<UInt64(Self.worldsPerPart) {
            // Each world has a seed of its own; the first of the run is the run's seed.
            let seed = SeededRandom.runSeed &+ index &* 4 &+ part
            let isCluster = seed % 7 > 1
            var generator = WorldGenerator(seed: seed)
            let world = generator.world(isCluster: isCluster)
            let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 1))
            try #require(decoded.problems.isEmpty, "seed \(seed): \(decoded.problems)\n\(decoded.texts)")
            let engine = EngineAnswer(
                ResolvedSnapshot(world.snapshot(policies: decoded.policies, groups: decoded.groups))
            )
            let oracle = Oracle(world: world)
            for kind in Set(decoded.policies.map(\.id.kind)) { seen[kind.rawValue, default: 0] += 1 }
            let questions =
                isCluster
                ? Self.telling(generator.clusterQuestions(3 * Self.questionsPerWorld, about: world), engine, seen)
                : generator.questions(Self.questionsPerWorld, about: world)
            for question in questions {
                guard let expected = oracle.answer(question) else {
                    skipped += 1
                    continue
                }
                asked += 1
                Self.count(expected, &seen)
                let decision = engine.decision(question)
                for doubt in decision.uncertainties { seen[doubt.rawValue, default: 0] += 1 }
                guard expected != engine.answer(question) else { continue }
                let mismatch = Mismatch(seed: seed, world: world, question: question, differs: Self.comparison)
                try #require(Bool(false), "\(mismatch.description)")
            }
        }
        #expect(asked >= 25_000 && skipped * 100 < asked, "\(asked) asked, \(skipped) left out")
        // A generator that never gets to some outcome would hide mistakes there.
        for outcome in Self.everyOutcome {
            #expect(seen[outcome, default: 0] >= 100, "\(outcome) is too rare: \(seen)")
        }
        for rare in ["limited"] + PolicyKind.allCases.map(\.rawValue) + Uncertainty.allCases.map(\.rawValue) {
            #expect(seen[rare, default: 0] >= 10, "\(rare) is too rare: \(seen)")
        }
    }

    /// Of many questions some, so that up to half of them have an answer that is seldom: uncertain, or by request.
    ///
    /// Those come first whose reason was `seen` least.
    private static func telling(
        _ questions: [RandomQuestion],
        _ engine: EngineAnswer,
        _ seen: [String: Int]
    ) -> [RandomQuestion] {
        var seldom: [(question: RandomQuestion, rank: Int)] = []
        var others: [RandomQuestion] = []
        for question in questions {
            let decision = engine.decision(question)
            guard decision.answer == .uncertain || decision.isLimited else {
                others.append(question)
                continue
            }
            let reasons = decision.uncertainties.map(\.rawValue) + (decision.isLimited ? ["limited"] : [])
            seldom.append((question, reasons.map { seen[$0, default: 0] }.min() ?? .max))
        }
        let chosen = seldom.sorted { $0.rank < $1.rank }.prefix(questionsPerWorld / 2).map(\.question)
        return chosen + others.prefix(questionsPerWorld - chosen.count)
    }

    private static func count(_ answer: Oracle.Answer, _ seen: inout [String: Int]) {
        seen[answer.answer, default: 0] += 1
        if answer.isLimited { seen["limited", default: 0] += 1 }
        for side in [answer.egress, answer.ingress] {
            seen[side?.complete.outcome ?? "nobody", default: 0] += 1
            if side?.complete.passes.isEmpty == false { seen["passed", default: 0] += 1 }
        }
    }

    private static let everyOutcome = [
        "ALLOWED", "DROPPED", "WOULD_DROP", "UNCERTAIN", "passed", "nobody", "notIsolated", "allowedByRule",
        "hostTraffic", "defaultDeny", "deniedByRule", "unknownEndpoint",
    ]

    private static let comparison: Mismatch.Comparison = { world, question in
        let decoded = DecodedWorld(world, random: SeededRandom(seed: 1))
        guard decoded.problems.isEmpty, let expected = Oracle(world: world).answer(question) else { return nil }
        let snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
        let found = EngineAnswer(ResolvedSnapshot(snapshot)).answer(question)
        return expected == found ? nil : ("\(expected)", "\(found)")
    }
}
