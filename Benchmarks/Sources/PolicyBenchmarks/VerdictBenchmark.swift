// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Verdicts between random pairs of pods, on one thread.
enum VerdictBenchmark {
    private static let questions = 5_000_000

    static func run() throws {
        for divisor in [100, 10, 1] {
            let world = ResolvedSnapshot(ScaleWorld.wide.scaled(by: divisor).snapshot())
            let start = Measured.monotonic
            let table = VerdictTable(world)
            let built = Measured.monotonic - start
            let count = UInt64(world.snapshot.endpoints.count)
            var dropped = 0
            let rates = (0..<5).map { run in
                var state = UInt64(run + 1)
                let start = Measured.threadCPU
                for _ in 0..<questions {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let source = Int((state >> 33) % count)
                    let destination = Int((state >> 13 & 0xfff_ffff) % count)
                    let service = Service(.tcp, port: 8080 + UInt16(state >> 5 & 3))
                    if table.verdict(from: source, to: destination, service).answer == .dropped { dropped += 1 }
                }
                return Double(questions) / (Measured.threadCPU - start)
            }
            Figure(
                benchmark: "verdicts between random pairs of \(count) pods, one thread",
                value: rates.median / 1e6,
                unit: "million/s",
                target: divisor == 1 ? ">= 10" : nil,
                isMet: divisor == 1 ? rates.median >= 10e6 : nil,
                runs: 5,
                more: [
                    ("table_built_s", built), ("dropped_share", Double(dropped) / Double(5 * questions)),
                    ("rss_mb", Measured.memory("VmRSS")),
                ]
            ).report()
        }
    }
}
