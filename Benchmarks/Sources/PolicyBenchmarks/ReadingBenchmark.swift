// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel

/// Policies read from YAML with places for findings, and looked through by lint.
enum ReadingBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] {
            let documents = AnalysisWorld(workloads: 20_000, policies: 20_000).scaled(by: divisor).policyDocuments
            let bytes = documents.reduce(0) { $0 + $1.bytes.count }
            let decoder = PolicyDecoder()
            var read = 0
            let rates = (0..<5).map { _ in
                let start = Measured.threadCPU
                read = documents.reduce(0) { $0 + decoder.decode($1).policies.count }
                return Double(bytes) / (Measured.threadCPU - start) / 1e6
            }
            guard read == documents.count else { throw Mistake(text: "\(read) of \(documents.count) policies read") }
            Figure(
                benchmark: "policy YAML read and validated, \(documents.count) files",
                value: rates.median,
                unit: "MB/s",
                target: divisor == 1 ? ">= 20" : nil,
                isMet: divisor == 1 ? rates.median >= 20 : nil,
                runs: rates.count,
                more: [("input_mb", Double(bytes) / 1e6)]
            ).report()
        }
    }

    static func runLint() throws {
        for divisor in [100, 10, 1] {
            let world = AnalysisWorld(workloads: 1_000, policies: 1_000).scaled(by: divisor)
            let decoded = WorldReader().read(world.documents)
            let lint = PolicyLint(world: decoded.snapshot)
            var samples = Samples()
            var findings = 0
            for _ in 0..<3 { findings = samples.run { lint.findings(decoded.documents).count } }
            samples.report(
                "lint of \(world.policies) policies in a world of \(world.workloads) workloads",
                limit: nil,
                more: [("findings", Double(findings))]
            )
        }
    }

    /// A benchmark that did not do what it measures.
    struct Mistake: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }
}
