// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

struct PolicyPipelineTests {
    private static func file(_ path: String, _ text: String) -> PolicyFile {
        PolicyFile(path: path, content: .bytes(Array(text.utf8)))
    }

    private static func pipeline(_ lastGood: [String: String] = [:]) -> PolicyPipeline {
        PolicyPipeline(lastGood: lastGood.mapValues { Array($0.utf8) }) { _ in [] }
    }

    private static func forgotten(_ outcome: PolicyPipeline.Outcome) -> [String] {
        outcome.lastGoodChanges.filter { $0.value == nil }.keys.sorted()
    }

    private static let x = World.isolated("x", "db")
    private static let y = World.isolated("y", "db")
    private static let broken = "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: x}\nspec: 5\n"
    private static let group = """
        apiVersion: cilium.io/v2
        kind: CiliumCIDRGroup
        metadata: {name: g}
        spec: {externalCIDRs: [10.0.0.0/8]}

        """

    @Test func theOrderOfTheFilesDoesNotMatter() {
        let files = (0..<20).map { Self.file("\($0).yaml", World.isolated("p\($0)", "db")) }
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        var reference = Self.pipeline()
        let expected = reference.receive(files).policies
        #expect(expected.policies.count == 20)
        for _ in 0..<10 {
            var pipeline = Self.pipeline()
            #expect(pipeline.receive(files.shuffled(using: &random)).policies == expected, "seed \(seed)")
        }
    }

    @Test func aBrokenFileKeepsItsLastGoodContentUntilItIsMended() {
        var pipeline = Self.pipeline()
        let first = pipeline.receive([Self.file("a.yaml", Self.x)])
        #expect(first.lastGoodChanges == ["a.yaml": Array(Self.x.utf8)])
        for _ in 0..<2 {
            let outcome = pipeline.receive([Self.file("a.yaml", Self.broken)])
            #expect(outcome.policies.policies.map(\.id.name) == ["x"])
            #expect(outcome.policies.stale.map(\.name) == ["x"])
            #expect(outcome.policies.brokenFiles.map(\.keepsLastGood) == [true])
            #expect(outcome.policies.brokenFiles.first?.findings.isEmpty == false)
            #expect(outcome.lastGoodChanges.isEmpty)
        }
        let mended = pipeline.receive([Self.file("a.yaml", Self.y)])
        #expect(mended.policies.policies.map(\.id.name) == ["y"])
        #expect(mended.policies.stale.isEmpty && mended.policies.brokenFiles.isEmpty)
    }

    @Test func theLastGoodContentIsStillInForceAfterARestart() {
        var pipeline = Self.pipeline(["a.yaml": Self.x, "gone.yaml": Self.y])
        let outcome = pipeline.receive([Self.file("a.yaml", Self.broken)])
        #expect(outcome.policies.policies.map(\.id.name) == ["x"])
        #expect(outcome.policies.brokenFiles.map(\.keepsLastGood) == [true])
        #expect(Self.forgotten(outcome) == ["gone.yaml"])
    }

    @Test func aFileThatCannotBeReadKeepsItsLastGoodContent() {
        var pipeline = Self.pipeline()
        _ = pipeline.receive([Self.file("a.yaml", Self.x)])
        let unreadable = PolicyFile(path: "a.yaml", content: .unreadable("cannot be read: permission denied"))
        let outcome = pipeline.receive([unreadable])
        #expect(outcome.policies.policies.map(\.id.name) == ["x"])
        let texts = outcome.policies.brokenFiles.flatMap(\.findings).map(\.description)
        #expect(texts == ["a.yaml:1:1: error: [V101] The file cannot be read: permission denied."])
    }

    @Test func aRemovedFileIsForgottenWithItsLastGoodContent() {
        var pipeline = Self.pipeline()
        _ = pipeline.receive([Self.file("a.yaml", Self.x), Self.file("b.yaml", Self.y)])
        let outcome = pipeline.receive([Self.file("b.yaml", Self.y)])
        #expect(outcome.policies.policies.map(\.id.name) == ["y"])
        #expect(Self.forgotten(outcome) == ["a.yaml"])
        let back = pipeline.receive([Self.file("a.yaml", Self.broken), Self.file("b.yaml", Self.y)])
        #expect(back.policies.policies.map(\.id.name) == ["y"])
        #expect(back.policies.brokenFiles.map(\.keepsLastGood) == [false])
    }

    @Test func oneNameInTwoNewFilesIsAnErrorInTheSecond() throws {
        var pipeline = Self.pipeline()
        let outcome = pipeline.receive([Self.file("b.yaml", Self.x), Self.file("a.yaml", Self.x)])
        #expect(outcome.policies.policies.map(\.location.document) == ["a.yaml"])
        let file = try #require(outcome.policies.brokenFiles.first)
        #expect(file.path == "b.yaml" && !file.keepsLastGood)
        #expect(file.findings.map(\.code) == ["V110"])
        #expect(file.findings.first?.notes.first?.location?.document == "a.yaml")
    }

    @Test func aNewFileCannotPushAsideAPolicyInForce() {
        var pipeline = Self.pipeline()
        let both = Self.file("b.yaml", Self.x + "---\n" + Self.y)
        _ = pipeline.receive([both])
        var restarted = Self.pipeline(["b.yaml": Self.x + "---\n" + Self.y])
        for outcome in [
            pipeline.receive([Self.file("a.yaml", Self.x), both]),
            restarted.receive([Self.file("a.yaml", Self.x), both]),
        ] {
            #expect(outcome.policies.policies.map(\.id.name) == ["x", "y"])
            #expect(Set(outcome.policies.policies.map(\.location.document)) == ["b.yaml"])
            #expect(outcome.policies.brokenFiles.map(\.path) == ["a.yaml"])
        }
    }

    @Test func aPolicyMovesToAnotherFileWhenTheFirstLetsGoOfIt() {
        var pipeline = Self.pipeline()
        _ = pipeline.receive([Self.file("b.yaml", Self.x + "---\n" + Self.y)])
        let moved = pipeline.receive([Self.file("a.yaml", Self.x), Self.file("b.yaml", Self.y)])
        #expect(moved.policies.brokenFiles.isEmpty)
        #expect(moved.policies.policies.map(\.location.document) == ["a.yaml", "b.yaml"])
        // What is left of the last good content stays in force when the rest of it lives elsewhere.
        let broken = pipeline.receive([Self.file("a.yaml", Self.x), Self.file("b.yaml", Self.broken)])
        #expect(broken.policies.policies.map(\.id.name) == ["x", "y"])
    }

    @Test func aGroupOfAddressesIsDefinedOnce() {
        var pipeline = Self.pipeline()
        let outcome = pipeline.receive([Self.file("a.yaml", Self.group), Self.file("b.yaml", Self.group)])
        #expect(outcome.policies.cidrGroups.map(\.name) == ["g"])
        #expect(outcome.policies.brokenFiles.flatMap(\.findings).map(\.code) == ["V110"])
    }

    @Test func whatTheEnvironmentCannotEnforceMakesAPolicyDegraded() {
        let finding = Finding("V140", .error, "No.", at: SourceLocation(document: "a.yaml", line: 1, column: 1))
        var pipeline = PolicyPipeline(lastGood: [:]) { $0.id.name == "x" ? [finding] : [] }
        let outcome = pipeline.receive([Self.file("a.yaml", Self.x + "---\n" + Self.y)])
        #expect(outcome.policies.degraded.map { ($0.key.name, $0.value) }.map(\.0) == ["x"])
        #expect(outcome.policies.brokenFiles.isEmpty)
    }
}
