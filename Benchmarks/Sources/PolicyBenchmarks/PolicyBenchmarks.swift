// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Runs the benchmarks of the core that are named on the command line, each figure one JSON line on standard output.
@main
struct PolicyBenchmarks {
    private static let all: [(name: String, run: @Sendable () async throws -> Void)] =
        [
            ("resolve", ResolveBenchmark.run), ("resolve-dense", ResolveBenchmark.runDense),
            ("resolve-change", ResolveBenchmark.runChange), ("verdicts", VerdictBenchmark.run),
            ("map", MapBenchmark.run), ("map-process", ProcessBenchmark.run), ("plan", MapBenchmark.runPlan),
            ("impact", TrafficBenchmark.run),
            ("suggest", TrafficBenchmark.runSuggest), ("parse", ReadingBenchmark.run),
            ("lint", ReadingBenchmark.runLint),
            ("questions", QuestionsBenchmark.run),
        ] + stored

    /// What needs more than the core.
    private static var stored: [(name: String, run: @Sendable () async throws -> Void)] {
        #if canImport(Storage)
            [("impact-store", StoreBenchmark.run)]
        #else
            []
        #endif
    }

    static func main() async {
        let names = Array(CommandLine.arguments.dropFirst())
        guard !names.isEmpty, names.allSatisfy({ name in all.contains { $0.name == name } }) else {
            fail("usage: PolicyBenchmarks \(all.map(\.name).joined(separator: " | "))")
        }
        for (name, run) in all where names.contains(name) {
            do {
                try await run()
            } catch {
                fail("\(name): \(error)")
            }
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
