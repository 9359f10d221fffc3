// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats

/// Maps from the bytes of the manifests to the last line of text, and plans between two sets of policies.
enum MapBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] { try map(AnalysisWorld(workloads: 300, policies: 300), divisor, limit: 0.1) }
        for divisor in [100, 10, 1] { try map(AnalysisWorld(workloads: 5_000, policies: 2_000), divisor, limit: 3) }
    }

    private static func map(_ whole: AnalysisWorld, _ divisor: Int, limit: Double) throws {
        let world = whole.scaled(by: divisor)
        let documents = world.documents
        var samples = Samples()
        var (bytes, lines) = (0, 0)
        for _ in 0..<3 {
            (bytes, lines) = (0, 0)
            try samples.run {
                let map = ConnectivityMap(ResolvedSnapshot(WorldReader().read(documents).snapshot))
                try map.write(.txt) { piece in
                    bytes += piece.count
                    lines += piece.count { $0 == 0x0A }
                }
            }
        }
        samples.report(
            "map of \(world.workloads) workloads and \(world.policies) policies, from manifests to text",
            limit: divisor == 1 ? limit : nil,
            more: [("lines", Double(lines)), ("output_mb", Double(bytes) / 1e6)]
        )
    }

    static func runPlan() throws {
        for divisor in [100, 10, 1] {
            let old = AnalysisWorld(workloads: 5_000, policies: 2_000).scaled(by: divisor)
            var (ports, opened) = (old, old)
            ports.changed = 5
            opened.opened = 5
            plan(from: old, to: ports, "that differ in the ports of 5", limit: divisor == 1 ? 1 : nil)
            // Every workload reaches the opened ones now: the time is that of the rows.
            plan(from: old, to: opened, "of which 5 close no namespace any more", limit: nil)
        }
    }

    private static func plan(from old: AnalysisWorld, to new: AnalysisWorld, _ what: String, limit: Double?) {
        let before = old.resolved()
        let after = new.resolved(after: before)
        var samples = Samples()
        var rows = 0
        for _ in 0..<3 {
            rows = samples.run {
                let plan = Plan(old: before, new: after)
                return plan.text(.json).isEmpty ? 0 : plan.connectivity.rows.count
            }
        }
        samples.report(
            "plan between two sets of \(old.policies) policies for \(old.workloads) workloads \(what)",
            limit: limit,
            more: [("rows", Double(rows))]
        )
    }
}
