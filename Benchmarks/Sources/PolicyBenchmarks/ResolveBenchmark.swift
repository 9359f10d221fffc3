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

    /// One policy or one pod's labels change, and what that touches is resolved again.
    static func runChange() throws {
        for divisor in [100, 10, 1] {
            let shape = ScaleWorld.wide.scaled(by: divisor)
            var world = ResolvedSnapshot(shape.snapshot())
            // The first change builds what the others find things by.
            let start = Measured.monotonic
            world.apply(.policy(shape.policy(0, 0, port: 9000)))
            let first = Measured.monotonic - start
            let count = shape.namespaces
            let policies = (0..<201).map { run in
                let policy = shape.policy(run * 7919 % count, run % shape.policies, port: 9000 + UInt16(run))
                return time { world.apply(.policy(policy)) }
            }
            let labels = (0..<201).map { run in
                var endpoint = world.snapshot.endpoints[run * 7919 % world.snapshot.endpoints.count]
                endpoint.labels["app"] = "app-\(run % 4)"
                endpoint.labels["version"] = "\(run)"
                return time { world.apply(.endpoint(endpoint)) }
            }
            let isWhole = divisor == 1
            for (what, samples) in [("one policy", policies), ("one pod's labels", labels)] {
                Figure(
                    benchmark: "\(what) of \(world.snapshot.policies.count) policies x "
                        + "\(world.snapshot.endpoints.count) pods changed and resolved again",
                    value: samples.median * 1000,
                    unit: "ms",
                    target: isWhole ? "< 2 (median)" : nil,
                    isMet: isWhole ? samples.median < 0.002 : nil,
                    runs: samples.count,
                    more: [("p99_ms", samples.quantile(0.99) * 1000), ("first_change_ms", first * 1000)]
                ).report()
            }
        }
    }

    private static func time(_ body: () -> Void) -> Double {
        let start = Measured.monotonic
        body()
        return Measured.monotonic - start
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
