// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// The cases on disk.
enum ConformanceCases {
    static let all: [ConformanceCase] = {
        do { return try read() } catch { fatalError("the cases cannot be read: \(error)") }
    }()

    private static func read() throws -> [ConformanceCase] {
        let root = Bundle.module.bundleURL.appendingPathComponent("Cases")
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        let files = (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
        return try files.sorted { $0.path < $1.path }.map { file in
            let name = file.pathComponents.suffix(2).joined(separator: "/").dropLast(".yaml".count)
            return try ConformanceCase(name: String(name), text: String(contentsOf: file, encoding: .utf8))
        }
    }
}

@Suite struct ConformanceTests {
    @Test func `there are at least two hundred cases, each with a name of its own`() {
        #expect(ConformanceCases.all.count >= 200)
        #expect(Set(ConformanceCases.all.map(\.name)).count == ConformanceCases.all.count)
    }

    @Test(arguments: ConformanceCases.all)
    func `the engine answers as the documents say`(_ conformanceCase: ConformanceCase) {
        let world = CaseWorld([conformanceCase.manifests], of: conformanceCase)
        let differences = world.differences(from: conformanceCase)
        #expect(differences.isEmpty, "\(conformanceCase.about)")
    }

    @Test(arguments: CaseExpander.Way.allCases)
    func `answers do not depend on how the manifests are written`(_ way: CaseExpander.Way) {
        var random = SeededRandom()
        for conformanceCase in ConformanceCases.all where conformanceCase.rejected == nil {
            let files = CaseExpander.files(conformanceCase.manifests, way, &random)
            let world = CaseWorld(files, of: conformanceCase)
            let differences = world.differences(from: conformanceCase)
            #expect(differences.isEmpty, "\(conformanceCase.name), \(way.rawValue), seed \(random.seed)")
        }
    }

    @Test func `a policy test made from a world holds in it`() {
        let accepted = ConformanceCases.all.filter { $0.rejected == nil }
        for conformanceCase in accepted.enumerated().filter({ $0.offset.isMultiple(of: 24) }).map(\.element) {
            let world = ResolvedSnapshot(CaseWorld([conformanceCase.manifests], of: conformanceCase).snapshot)
            let text = ExpectationTemplate.text(world)
            let read = ExpectationReader().read(SourceDocument(name: "test.yaml", bytes: Array(text.utf8)))
            let run = PolicyTestRun(read.expectations, in: world)
            #expect(read.findings.isEmpty && run.isPassed, "\(conformanceCase.name): \(run.text)")
        }
    }

    @Test func `the published table is up to date`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/conformance.md")
        let table = ConformanceTable(ConformanceCases.all).text
        if ProcessInfo.processInfo.environment["PALISADE_RECORD"] == "1" {
            try table.write(to: file, atomically: true, encoding: .utf8)
        }
        let published = try String(contentsOf: file, encoding: .utf8)
        #expect(published == table, "run this test with PALISADE_RECORD=1")
    }
}
