// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Resolving big clusters from nothing.
enum ResolveBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] {
            let isWhole = divisor == 1
            measure(
                ScaleWorld.wide.scaled(by: divisor).snapshot(),
                "resolve",
                target: isWhole ? (seconds: 1.0, megabytes: 400) : nil
            )
        }
    }

    static func runDense() throws {
        for count in [100, 1_000, 10_000] {
            let isWhole = count == 10_000
            measure(
                ScaleWorld.dense(count),
                "resolve, every policy selects every pod:",
                target: isWhole ? (seconds: 0.5, megabytes: 200) : nil
            )
        }
    }

    private static func measure(
        _ snapshot: ClusterSnapshot,
        _ name: String,
        target: (seconds: Double, megabytes: Double)?
    ) {
        let runs = 3
        let before = Measured.memory("VmRSS")
        var identities = 0
        var after = 0.0
        let seconds = (0..<runs).map { _ in
            let start = Measured.monotonic
            let resolved = ResolvedSnapshot(snapshot)
            let seconds = Measured.monotonic - start
            identities = resolved.identities.count
            after = Measured.memory("VmRSS")
            return seconds
        }.median
        Figure(
            benchmark: "\(name) \(snapshot.policies.count) policies x \(snapshot.endpoints.count) pods",
            value: seconds,
            unit: "s",
            target: target.map { "< \($0.seconds) s, < \(Int($0.megabytes)) MB" },
            isMet: target.map { seconds < $0.seconds && after < $0.megabytes },
            runs: runs,
            more: [("input_mb", before), ("with_result_mb", after), ("identities", Double(identities))]
        ).report()
    }
}
