// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// What must not matter to answers: order, layout and the language of the text.
@Suite struct ReadingPropertyTests {
    private static let worlds: UInt64 = 150

    @Test func `YAML and JSON give equal policies`() throws {
        for seed in Self.seeds {
            var random = SeededRandom(seed: seed ^ 2)
            let world = WorldGenerator.world(seed: seed)
            for manifest in world.policies + world.groups {
                var writer = ManifestText(random: random.fork())
                let yaml = Self.decode(writer.yaml(manifest))
                let json = Self.decode(writer.json(manifest))
                #expect(yaml.findings.map(\.code) == json.findings.map(\.code), "seed \(seed)")
                let isEqual = DecodedWorld.placeless(yaml.policies) == DecodedWorld.placeless(json.policies)
                try #require(isEqual, "seed \(seed): \(writer.json(manifest))")
                try #require(yaml.cidrGroups.map(\.prefixes) == json.cidrGroups.map(\.prefixes), "seed \(seed)")
                try #require(yaml.cidrGroups.map(\.labels) == json.cidrGroups.map(\.labels), "seed \(seed)")
                #expect(yaml.policies.count + yaml.cidrGroups.count == 1, "seed \(seed)")
            }
        }
    }

    @Test func `the order of keys does not matter`() throws {
        for seed in Self.seeds {
            var random = SeededRandom(seed: seed ^ 3)
            for manifest in WorldGenerator.world(seed: seed).policies {
                var writer = ManifestText(random: random.fork())
                let one = Self.decode(writer.yaml(manifest))
                let other = Self.decode(writer.yaml(manifest.shufflingKeys(using: &random)))
                let isEqual = DecodedWorld.placeless(one.policies) == DecodedWorld.placeless(other.policies)
                try #require(isEqual, "seed \(seed): \(writer.json(manifest))")
            }
        }
    }

    @Test func `several files mean the same as one`() throws {
        for seed in Self.seeds {
            let world = WorldGenerator.world(seed: seed)
            var random = SeededRandom(seed: seed ^ 4)
            let one = Self.decode(DecodedWorld.text(of: world.groups + world.policies, using: &random))
            let split = DecodedWorld(world, random: random)
            let isEqual = DecodedWorld.placeless(one.policies) == DecodedWorld.placeless(split.policies)
            try #require(isEqual, "seed \(seed)")
            try #require(one.cidrGroups.map(\.name) == split.groups.map(\.name), "seed \(seed)")
        }
    }

    @Test func `the order of policies and endpoints does not matter`() throws {
        for seed in Self.seeds {
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 5))
            var random = SeededRandom(seed: seed ^ 6)
            let snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
            var shuffled = snapshot
            shuffled.policies.shuffle(using: &random)
            shuffled.cidrGroups.shuffle(using: &random)
            shuffled.endpoints.shuffle(using: &random)
            shuffled.endpointSubnets.shuffle(using: &random)
            let (one, other) = (EngineAnswer(ResolvedSnapshot(snapshot)), EngineAnswer(ResolvedSnapshot(shuffled)))
            for question in generator.questions(30, about: world) {
                try #require(one.answer(question) == other.answer(question), "seed \(seed): \(question)")
            }
        }
    }

    @Test func `a second policy that says the same changes no verdict`() throws {
        for seed in Self.seeds {
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let decoded = DecodedWorld(world, random: SeededRandom(seed: seed ^ 7))
            let snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
            var doubled = snapshot
            for policy in snapshot.policies {
                var copy = policy
                copy.id.name += "-again"
                doubled.modes.policies[copy.id] = snapshot.modes.policies[policy.id]
                doubled.policies.append(copy)
            }
            let (one, other) = (EngineAnswer(ResolvedSnapshot(snapshot)), EngineAnswer(ResolvedSnapshot(doubled)))
            for question in generator.questions(30, about: world) {
                try #require(
                    one.answer(question).verdict == other.answer(question).verdict,
                    "seed \(seed): \(question)"
                )
            }
        }
    }

    private static var seeds: [UInt64] { (0..<worlds).map { SeededRandom.runSeed &+ $0 } }

    private static func decode(_ text: String) -> DecodedDocument {
        PolicyDecoder().decode(SourceDocument(name: "text", bytes: Array(text.utf8)))
    }
}
