// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// What must hold between the readings of one text for different engines and versions.
@Suite struct SemanticsPropertyTests {
    private static let worlds: UInt64 = 150
    private static var seeds: [UInt64] { (0..<worlds).map { SeededRandom.runSeed &+ $0 } }
    private static let versions = [16, 18, 19, 20].map { CiliumVersion(1, $0) }

    private static func documents(seed: UInt64) -> [SourceDocument] {
        let world = WorldGenerator.world(seed: seed)
        var random = SeededRandom(seed: seed ^ 21)
        return world.policies.enumerated().map { index, manifest in
            var writer = ManifestText(random: random.fork())
            return SourceDocument(name: "\(index).yaml", bytes: Array(writer.yaml(manifest).utf8))
        }
    }

    @Test func `Kubernetes and Cilium read a policy alike exactly where no difference is reported`() throws {
        var (alike, different) = (0, 0)
        for seed in Self.seeds {
            for settings in [CiliumSettings(version: Self.versions[0]), CiliumSettings(cidrMatchMode: [.nodes])] {
                for document in Self.documents(seed: seed) {
                    let findings = SemanticsComparison(.init(cilium: settings)).findings(in: [document])
                    let readings = [PolicySemantics.kubernetes, .cilium].map { semantics in
                        let options = PolicyDecoder.Options(semantics: semantics, cilium: settings)
                        return DecodedWorld.placeless(PolicyDecoder(options).decode(document).policies)
                    }
                    try #require(findings.isEmpty == (readings[0] == readings[1]), "seed \(seed), \(document.name)")
                    if findings.isEmpty { alike += 1 } else { different += 1 }
                }
            }
        }
        #expect(alike > 100 && different > 50, "\(alike) alike, \(different) different")
    }

    /// Without its environment's version a policy means what the latest one reads; a version that reads otherwise says so.
    @Test func `versions answer alike wherever none reports anything`() throws {
        var (alike, reported) = (0, 0)
        for seed in Self.seeds {
            var generator = WorldGenerator(seed: seed)
            let world = generator.world()
            let questions = generator.questions(80, about: world)
            for document in Self.documents(seed: seed) {
                let readings = Self.versions.map { version in
                    PolicyDecoder(.init(cilium: .init(version: version))).decode(document)
                }
                let codes = Set(readings.flatMap(\.findings).map(\.code))
                guard codes.isDisjoint(with: ["V171", "V172"]) else {
                    reported += 1
                    continue
                }
                alike += 1
                let answers = readings.map { reading in
                    let snapshot = world.snapshot(policies: reading.policies, groups: [])
                    let engine = EngineAnswer(ResolvedSnapshot(snapshot))
                    return questions.map { engine.answer($0) }
                }
                try #require(Set(answers).count == 1, "seed \(seed), \(document.name)")
            }
        }
        #expect(alike > 50 && reported > 10, "\(alike) alike, \(reported) reported")
    }
}
