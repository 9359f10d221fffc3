// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation

/// Recorded traffic judged again, and turned into policies.
enum TrafficBenchmark {
    static func run() throws {
        for divisor in [100, 10, 1] {
            let old = AnalysisWorld(workloads: 5_000, policies: 2_000)
            var new = old
            new.opened = 5
            let before = old.resolved()
            let after = new.resolved(after: before)
            let counts = counts(old, connections: 100_000 / divisor, flows: 100)
            var (reading, judging, whole) = (Samples(), Samples(), Samples())
            var replay = ImpactReplay(RecordedTraffic(), old: before, new: after)
            var bytes = 0
            for _ in 0..<5 {
                whole.run {
                    let traffic = reading.run { RecordedTraffic(counts) }
                    replay = judging.run { ImpactReplay(traffic, old: before, new: after) }
                    bytes = replay.text(.json).utf8.count
                }
            }
            let flows = replay.totals.values.reduce(0) { $0 + $1.flows }
            let outcomes = ImpactReplay.Outcome.allCases.map {
                ($0.rawValue, Double(replay.totals[$0]?.connections ?? 0))
            }
            whole.report(
                "impact of \(flows) flows (\(counts.count) distinct connections) when 5 of 2000 policies open a namespace, to text",
                limit: divisor == 1 ? 0.5 : nil,
                more: [
                    ("reading_s", reading.seconds.median), ("judging_s", judging.seconds.median),
                    ("output_mb", Double(bytes) / 1e6),
                ] + outcomes
            )
        }
    }

    static func runSuggest() throws {
        for divisor in [100, 10, 1] {
            var world = AnalysisWorld(workloads: 5_000 / divisor, policies: 2_000 / divisor)
            suggest(world, connections: 100_000 / divisor, "in namespaces of \(world.perNamespace)")
            world.perNamespace = world.workloads
            suggest(world, connections: 100_000 / divisor, "in one namespace")
        }
    }

    private static func suggest(_ world: AnalysisWorld, connections: Int, _ place: String) {
        let resolved = world.resolved()
        let traffic = RecordedTraffic(counts(world, connections: connections, flows: 100))
        var samples = Samples()
        var documents = 0
        for _ in 0..<3 { documents = samples.run { PolicySuggestion(traffic, world: resolved).documents.count } }
        samples.report(
            "suggested policies from \(connections) distinct connections of \(world.workloads) workloads \(place)",
            limit: nil,
            more: [("documents", Double(documents))]
        )
    }

    /// What a store has: one key for each kind of connection, a quarter of them to addresses outside, half of the others
    /// within a namespace.
    static func counts(
        _ world: AnalysisWorld,
        connections: Int,
        flows: UInt64
    ) -> [(key: FlowKey, value: FlowCount)] {
        var random = SplitMix(state: 11)
        func workload(_ number: Int) -> FlowKey.Party {
            FlowKey.Party(
                kind: .endpoint,
                namespace: "ns-\(number / world.perNamespace)",
                workload: "app-\(number)",
                address: nil
            )
        }
        func outside() -> FlowKey.Party {
            let bits = random.below(2) == 0 ? 0xCB00_7100 + random.below(256) : 0x0800_0000 + random.below(1 << 20)
            return .init(kind: .world, namespace: nil, workload: nil, address: IPAddress(v4: UInt32(bits)))
        }
        var keys: Set<FlowKey> = []
        var result: [(key: FlowKey, value: FlowCount)] = []
        while result.count < connections {
            let isOutside = random.below(4) == 0
            let source = random.below(world.workloads)
            let isNear = random.below(2) == 0
            let first = source / world.perNamespace * world.perNamespace
            let near = min(world.workloads - 1, first + random.below(world.perNamespace))
            let destination = isNear ? near : random.below(world.workloads)
            let key = FlowKey(
                source: workload(source),
                destination: isOutside ? outside() : workload(destination),
                ipProtocol: .tcp,
                port: isOutside ? 443 : [80, 5432, 8080, 9092][random.below(4)],
                verdict: .allowed,
                direction: .ingress,
                decision: .init(reason: .notIsolated)
            )
            guard keys.insert(key).inserted else { continue }
            let time = Int64(1_795_269_600_000_000) + Int64(random.below(86_400_000)) * 1000
            result.append((key, FlowCount(flows: flows, firstSeen: time, lastSeen: time + 3_600_000_000)))
        }
        return result
    }
}
