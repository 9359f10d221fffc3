// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// What lint says about idle rules and policies, against what happens without them.
@Suite struct LintPropertyTests {
    private static let worlds: UInt64 = 300

    @Test(arguments: [EngineReach.layer4, .layer7])
    func `without a policy that lint calls redundant every answer stays`(reach: EngineReach) throws {
        var removed = 0
        for index in 0..<Self.worlds {
            let seed = SeededRandom.runSeed &+ index
            let (world, decoded, questions) = Self.world(seed)
            let snapshot = Self.snapshot(world, decoded.policies, decoded.groups, reach)
            let documents = Self.documents(decoded)
            let findings = PolicyLint(engine: nil, world: snapshot).findings(documents)
            let places = Set(findings.filter { $0.code == "V128" }.map(\.location))
            let before = ResolvedSnapshot(snapshot)
            for policy in decoded.policies where places.contains(policy.location) {
                removed += 1
                var without = snapshot
                without.policies.removeAll { $0.location == policy.location }
                let after = ResolvedSnapshot(without)
                for question in questions {
                    #expect(Self.isSame(before, after, question), "seed \(seed), \(policy.id), \(question)")
                }
            }
        }
        #expect(removed >= 10, "\(removed)")
    }

    @Test(arguments: ["V123", "V161"])
    func `a rule that lint calls idle can go`(code: String) throws {
        var removed = 0
        for index in 0..<Self.worlds {
            let seed = SeededRandom.runSeed &+ index
            let (world, decoded, questions) = Self.world(seed)
            let before = ResolvedSnapshot(Self.snapshot(world, decoded.policies, decoded.groups, .layer7))
            let findings = PolicyLint(engine: nil, world: before.snapshot).findings(Self.documents(decoded))
            for finding in findings where finding.code == code {
                removed += 1
                var policies = decoded.policies
                for policy in policies.indices {
                    for spec in policies[policy].specs.indices {
                        policies[policy].specs[spec].rules.removeAll { $0.location == finding.location }
                    }
                }
                let after = ResolvedSnapshot(Self.snapshot(world, policies, decoded.groups, .layer7))
                for question in questions {
                    #expect(Self.isSame(before, after, question), "seed \(seed), \(finding), \(question)")
                }
            }
        }
        #expect(removed >= 10, "\(removed)")
    }

    private static func world(_ seed: UInt64) -> (RandomWorld, DecodedWorld, [RandomQuestion]) {
        var generator = WorldGenerator(seed: seed)
        let world = generator.world()
        let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 3))
        return (world, decoded, generator.questions(60, about: world))
    }

    private static func documents(_ decoded: DecodedWorld) -> [DecodedDocument] {
        decoded.texts.enumerated().map { index, text in
            PolicyDecoder().decode(SourceDocument(name: "file\(index).yaml", bytes: Array(text.utf8)))
        }
    }

    private static func snapshot(
        _ world: RandomWorld,
        _ policies: [Policy],
        _ groups: [CIDRGroup],
        _ reach: EngineReach
    ) -> ClusterSnapshot {
        var snapshot = world.snapshot(policies: policies, groups: groups)
        snapshot.reach = reach
        return snapshot
    }

    private static func isSame(
        _ before: ResolvedSnapshot,
        _ after: ResolvedSnapshot,
        _ question: RandomQuestion
    ) -> Bool {
        let (one, other) = [before, after].map {
            $0.decision(from: question.source, to: question.destination, question.service)
        }.pair
        // An allow and a deny that rest on the same doubt cancel out; answers do not compare doubts.
        if one.answer == .uncertain, [.dropped, .wouldDrop].contains(other.answer) { return true }
        return one.answer == other.answer && one.isLimited == other.isLimited
            && one.egress?.enforced.isDenied == other.egress?.enforced.isDenied
            && one.ingress?.enforced.isDenied == other.ingress?.enforced.isDenied
    }
}

extension Array {
    fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}
