// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

#if canImport(Storage)
    import FlowModel
    import Foundation
    import NetworkPrimitives
    import PolicyAnalysis
    import PolicyEvaluation
    import Storage

    /// What a change would do to the traffic of a day, read from the flow store on disk.
    enum StoreBenchmark {
        private static let day: Int64 = 1_795_269_600_000_000
        private static let minute: Int64 = 60_000_000

        static func run() async throws {
            let kept = ProcessInfo.processInfo.environment["PALISADE_BENCH_DATA"]
            let root = kept ?? NSTemporaryDirectory() + "palisade-store-\(UInt32.random(in: 0...(.max)))"
            // A store that stays behind is no harm.
            defer { if kept == nil { try? FileManager.default.removeItem(atPath: root) } }
            for divisor in [100, 10, 1] {
                let directory = "\(root)/store-\(100_000 / divisor)"
                // One that was filled before is measured again.
                if !FileManager.default.fileExists(atPath: directory + "/filled") {
                    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                    try await fill(directory, connections: 100_000 / divisor)
                    try Data().write(to: URL(filePath: directory + "/filled"))
                }
                try await measure(directory, isWhole: divisor == 1)
            }
        }

        /// A hundred flows of every connection: ten in each of ten minutes of the day.
        private static func fill(_ directory: String, connections: Int) async throws {
            let world = AnalysisWorld(workloads: 5_000, policies: 2_000)
            let settings = FlowStoreSettings(capacity: 0)
            let store = try await SQLiteFlowStore.open(directory: directory, settings: settings) { day }.store
            let keys = TrafficBenchmark.counts(world, connections: connections, flows: 1).map(\.key)
            for turn in 0..<10 {
                // Connections come in the same order every time, 700 in a minute.
                for (part, start) in stride(from: 0, to: keys.count, by: 700).enumerated() {
                    let time = day + (Int64(turn) * 144 + Int64(part)) * minute
                    let flows = keys[start..<min(keys.count, start + 700)].flatMap { key in
                        (0..<10).map { flow(key, at: time + Int64($0) * 1_000_000) }
                    }
                    try await store.append(flows, losses: [])
                }
            }
            // As a running store does every minute.
            try await store.prune(now: day + 1500 * minute)
            try store.close()
        }

        private static func flow(_ key: FlowKey, at time: Int64) -> Flow {
            func party(_ party: FlowKey.Party) -> Flow.Party {
                Flow.Party(
                    kind: party.kind,
                    address: party.address ?? IPAddress(v4: 0x0A00_0001),
                    namespace: party.namespace,
                    workload: party.workload
                )
            }
            return Flow(
                time: time,
                verdict: key.verdict,
                direction: key.direction,
                source: party(key.source),
                destination: party(key.destination),
                ipProtocol: key.ipProtocol,
                sourcePort: 40_000,
                destinationPort: key.port,
                bytes: 60,
                packets: 1,
                decision: key.decision,
                revision: 1
            )
        }

        private static func measure(_ directory: String, isWhole: Bool) async throws {
            let old = AnalysisWorld(workloads: 5_000, policies: 2_000)
            var new = old
            new.opened = 5
            let before = old.resolved()
            let after = new.resolved(after: before)
            let store = try await SQLiteFlowStore.open(directory: directory) { day }.store
            let query = FlowQuery(range: TimeRange(from: day, to: day + 1440 * minute), window: .whole)
            var (whole, reading): ([Double], [Double]) = ([], [])
            var replay = ImpactReplay(RecordedTraffic(), old: before, new: after)
            var cpu: [Double] = []
            for _ in 0..<5 {
                let (start, cpuStart) = (Measured.monotonic, Measured.processCPU)
                // As the editor does: the worlds are made ready while the traffic is read.
                async let worlds = ReplayWorlds(old: before, new: after)
                let empty = RecordedTraffic(minimumCapacity: try await store.kinds())
                let traffic = try await store.fold(query, into: empty) { traffic, _, key, count in
                    traffic.add(key, count)
                }
                reading.append(Measured.monotonic - start)
                replay = ImpactReplay(traffic, in: await worlds)
                _ = replay.text(.json).utf8.count
                whole.append(Measured.monotonic - start)
                cpu.append(Measured.processCPU - cpuStart)
            }
            try store.close()
            let flows = replay.totals.values.reduce(0) { $0 + $1.flows }
            let connections = replay.totals.values.reduce(0) { $0 + $1.connections }
            Figure(
                benchmark:
                    "impact of \(flows) flows (\(connections) distinct connections) from the flow store, to text",
                value: whole.median,
                unit: "s",
                target: isWhole ? "< 0.5" : nil,
                isMet: isWhole ? whole.median < 0.5 : nil,
                runs: whole.count,
                more: [
                    ("reading_s", reading.median), ("cpu_s", cpu.median), ("fastest", whole.min() ?? 0),
                    ("peak_mb", Measured.memory("VmHWM")),
                ]
            ).report()
        }
    }
#endif
