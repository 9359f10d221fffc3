// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Converted policies against the originals, asked in the worlds they were made for.
@Suite struct ConversionPropertyTests {
    private static let worlds: UInt64 = 200

    @Test(arguments: PolicyConversion.Target.allCases)
    func `a converted policy answers every question as the original`(target: PolicyConversion.Target) throws {
        var converted = 0
        var refused = 0
        for index in 0..<Self.worlds {
            let seed = SeededRandom.runSeed &+ index
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let questions = generator.questions(40, about: world)
            var random = SeededRandom(seed: seed ^ 7)
            let options = PolicyDecoder.Options(semantics: .cilium)
            for manifest in world.policies {
                var document = SourceDocument(
                    name: "policy.yaml",
                    bytes: Array(DecodedWorld.text(of: [manifest], using: &random).utf8)
                )
                guard var policy = PolicyDecoder(options).decode(document).policies.first else { continue }
                if target == .kubernetes, policy.id.kind == .networkPolicy {
                    // Few random policies of Cilium can be said in Kubernetes' words; those that came from there can.
                    let there = PolicyConversion(policy, from: document, to: .cilium, options: options)
                    guard let text = there.text else { continue }
                    document.bytes = Array(text.utf8)
                    policy = try #require(PolicyDecoder(options).decode(document).policies.first)
                }
                let conversion = PolicyConversion(policy, from: document, to: target, options: options)
                guard let text = conversion.text else {
                    refused += 1
                    #expect(!conversion.findings.isEmpty, "seed \(seed)")
                    continue
                }
                converted += 1
                let decoded = PolicyDecoder(options).decode(SourceDocument(name: "new.yaml", bytes: Array(text.utf8)))
                let new = try #require(decoded.policies.first, "seed \(seed): \(decoded.findings)\n\(text)")
                for reach in [EngineReach.layer4, .layer7] {
                    let (before, after) = (Self.engine(world, policy, reach), Self.engine(world, new, reach))
                    for question in questions {
                        let one = before.decision(from: question.source, to: question.destination, question.service)
                        let other = after.decision(from: question.source, to: question.destination, question.service)
                        #expect(one.answer == other.answer, "seed \(seed), \(question)\n\(text)")
                    }
                }
            }
        }
        #expect(converted >= 100 && refused >= 100, "\(converted) converted, \(refused) refused")
    }

    private static func engine(_ world: RandomWorld, _ policy: Policy, _ reach: EngineReach) -> ResolvedSnapshot {
        var snapshot = world.snapshot(policies: [policy], groups: [])
        snapshot.reach = reach
        snapshot.modes = ModeSettings(environment: .blocking)
        return ResolvedSnapshot(snapshot)
    }
}
