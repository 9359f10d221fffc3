// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Resolving big clusters from nothing.
enum ResolveBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] {
            let world = ScaleWorld.wide.scaled(by: divisor)
            let snapshot = world.snapshot()
            let before = Measured.memory("VmRSS")
            let start = Measured.monotonic
            let resolved = ResolvedSnapshot(snapshot)
            let seconds = Measured.monotonic - start
            Figure(
                benchmark: "resolve \(snapshot.policies.count) policies x \(snapshot.endpoints.count) pods",
                value: seconds,
                unit: "s",
                runs: 1,
                more: [
                    ("input_mb", before), ("rss_mb", Measured.memory("VmRSS")), ("peak_mb", Measured.memory("VmHWM")),
                    ("identities", Double(resolved.identities.count)),
                ]
            ).report()
        }
    }
}
