// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyEvaluation

/// Questions as lines of JSON, each another one, to lines of JSON.
enum QuestionsBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] {
            let world = AnalysisWorld(workloads: 5_000, policies: 2_000).scaled(by: divisor)
            let resolved = world.resolved()
            let lines = lines(world, count: 200_000 / divisor)
            var output = 0
            let rates = (0..<3).map { _ in
                var questions = PolicyQuestions(resolved)
                let start = Measured.threadCPU
                for line in lines { output += line.withUnsafeBufferPointer { questions.answer($0).utf8.count + 1 } }
                return Double(lines.count) / (Measured.threadCPU - start)
            }
            Figure(
                benchmark:
                    "questions answered from JSON to JSON, \(world.workloads) workloads, \(world.policies) policies",
                value: rates.median,
                unit: "lines/s",
                target: divisor == 1 ? ">= 100000" : nil,
                isMet: divisor == 1 ? rates.median >= 100_000 : nil,
                runs: rates.count,
                more: [("lines", Double(lines.count)), ("output_mb", Double(output) / Double(rates.count) / 1e6)]
            ).report()
        }
    }

    /// Random pairs of workloads and some addresses outside; nearly all of the lines differ.
    private static func lines(_ world: AnalysisWorld, count: Int) -> [[UInt8]] {
        var random = SplitMix(state: 7)
        return (0..<count).map { _ in
            let (from, to) = (random.below(world.workloads), random.below(world.workloads))
            let port = [80, 443, 5432, 8080, 9092][random.below(5)]
            func name(_ workload: Int) -> String {
                "ns-\(workload / world.perNamespace)/app-\(workload)"
            }
            let target = random.below(5) == 0 ? "203.0.113.\(random.below(256))" : name(to)
            return Array(
                #"{"from": "\#(name(from))", "to": "\#(target)", "protocol": "TCP", "port": \#(port)}"#.utf8
            )
        }
    }
}
