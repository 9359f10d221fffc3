// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import Storage

/// What the parts without the kernel cost: reading, resolving, compiling, deciding, storing.
enum EngineSpeed {
    static func run() async throws {
        let world = BigWorld.thousand
        parsing(world)
        let resolved = resolving(world)
        compiling(world, resolved)
        deciding(world, resolved)
    }

    /// The median of the CPU seconds that a piece of work takes.
    private static func cost(runs: Int, _ body: (Int) -> Void) -> Double {
        (0..<runs).map { run in
            let start = Measured.threadCPU
            body(run)
            return Measured.threadCPU - start
        }.median
    }

    private static func parsing(_ world: BigWorld) {
        let documents = world.files().map { SourceDocument(name: $0.path, bytes: Array($0.text.utf8)) }
        let bytes = documents.reduce(0) { $0 + $1.bytes.count }
        let decoder = PolicyDecoder()
        var count = 0
        let seconds = cost(runs: 7) { _ in
            for document in documents { count += decoder.decode(document).policies.count }
        }
        Figure(
            benchmark: "policy files read",
            value: Double(bytes) / seconds / 1e6,
            unit: "MB/s",
            runs: 7,
            more: [("policies_per_second", Double(documents.count) / seconds)]
        ).report()
    }

    private static func resolving(_ world: BigWorld) -> ResolvedSnapshot {
        let snapshot = world.snapshot()
        var resolved = ResolvedSnapshot(snapshot)
        let seconds = cost(runs: 9) { _ in resolved = ResolvedSnapshot(snapshot) }
        Figure(benchmark: "1,000 policies and 1,000 endpoints resolved", value: seconds * 1000, unit: "ms", runs: 9)
            .report()
        return resolved
    }

    private static func compiling(_ world: BigWorld, _ resolved: ResolvedSnapshot) {
        let attachments = world.inventory.attachments
        var compiler = RulesetCompiler()
        var last = compiler.ruleset(for: resolved, attachments: attachments, generation: 1)
        let compile = cost(runs: 9) { run in
            last = compiler.ruleset(for: resolved, attachments: attachments, generation: UInt32(run + 2))
        }
        let next = compiler.ruleset(for: resolved, attachments: attachments, generation: 100)
        var bytes = 0
        let delta = cost(runs: 9) { _ in bytes = next.script(from: last).utf8.count }
        var whole = 0
        let replacing = cost(runs: 5) { _ in whole = next.replacingScript().utf8.count }
        Figure(
            benchmark: "ruleset compiled, 1,000 policies and 1,000 endpoints",
            value: compile * 1000,
            unit: "ms",
            runs: 9,
            more: [
                ("difference_ms", delta * 1000), ("difference_bytes", Double(bytes)), ("whole_ms", replacing * 1000),
                ("whole_bytes", Double(whole)),
            ]
        ).report()
    }

    private static func deciding(_ world: BigWorld, _ resolved: ResolvedSnapshot) {
        let count = world.endpoints.count
        var denied = 0
        let questions = 200_000
        let seconds = cost(runs: 5) { run in
            var state = UInt64(run + 1)
            for _ in 0..<questions {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let decision = resolved.decision(
                    from: BigWorld.address(Int(state >> 40) % count),
                    to: BigWorld.address(Int(state >> 20 & 0xfffff) % count),
                    Service(.tcp, port: UInt16(8080 + (state >> 10) % 20))
                )
                if decision.verdict == .dropped { denied += 1 }
            }
        }
        Figure(
            benchmark: "evaluator decisions, each with its reasons",
            value: Double(questions) / seconds,
            unit: "1/s",
            runs: 5,
            more: [("dropped_share", Double(denied) / Double(questions * 5))]
        ).report()
    }
}
