// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import HostDatapath
import Logging
import NetworkPrimitives
import PolicyModel
import PolicyRepository
import Storage

/// How long the console's questions take on ten million stored flows of 500 workloads under 5,000 rules.
enum InsightSpeed {
    private static let flowCount = 10_000_000
    private static let runs = 20
    private static let hour: Int64 = 3_600_000_000
    private static let end: Int64 = 20_000 * 24 * hour + 10 * hour + 1_234_567

    static func run() async throws {
        let directory = try TemporaryDirectory()
        let world = BigWorld(namespaces: 50, applications: 10, replicas: 1, policies: 50)
        let settings = FlowStoreSettings(
            recordRetention: .seconds(31 * 86_400),
            countRetention: .seconds(31 * 86_400),
            capacity: 0
        )
        let store = try await SQLiteFlowStore.open(directory: directory.path, settings: settings) { end }.store
        try await fill(store, world)
        let environment = try await environment(world, store, directory.path)
        for (name, length, bound) in [
            ("30 d", 720 * hour, 300.0), ("7 d", 168 * hour, 100), ("3 d", 72 * hour, 100), ("1 d", 24 * hour, 100),
            ("8 h", 8 * hour, 100), ("1 h", hour, 100),
        ] {
            for (question, ask) in questions(environment, TimeRange(from: end - length, to: end)) {
                try await measure("\(question), \(name)", bound, ask)
            }
        }
        try await measure("overview", 100) { _ = try await environment.overview(.all, over: nil) }
        try await measure("coverage", 100) { _ = await environment.coverage(.all) }
        try store.close()
        try directory.remove()
    }

    private static func fill(_ store: SQLiteFlowStore, _ world: BigWorld) async throws {
        let start = Measured.monotonic
        let flows = RecordedFlows(world, TimeRange(from: end - 30 * 24 * hour, to: end), count: flowCount)
        for batch in stride(from: 0, to: flowCount, by: 20_000) {
            try await store.append((batch..<min(batch + 20_000, flowCount)).map(flows.flow), losses: [])
        }
        let filled = Measured.monotonic
        try await store.prune(now: end)
        let usage = try await store.usage()
        Figure(
            benchmark: "ten million flows stored",
            value: Double(flowCount) / (filled - start),
            unit: "flows/s",
            runs: 1,
            more: [("rollups_seconds", Measured.monotonic - filled), ("megabytes", Double(usage.bytes) / 1e6)]
        ).report()
    }

    private static func environment(
        _ world: BigWorld,
        _ store: SQLiteFlowStore,
        _ directory: String
    ) async throws -> HostEnvironment {
        for file in world.files() {
            let path = directory + "/policies/" + file.path
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
        }
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: FixedWorkloads(world.inventory),
                policies: PolicyDirectory(path: directory + "/policies"),
                lastGood: LastGoodDirectory(path: directory + "/last-good"),
                modes: ModeFile(path: directory + "/modes.json"),
                applier: NftProgram(),
                events: [],
                store: store
            ),
            settings: HostEnvironment.Settings(name: "bench", kind: .host, version: "bench"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") },
            now: { end },
            stop: {}
        )
        try await environment.start()
        return environment
    }

    private typealias Question = (name: String, ask: @Sendable () async throws -> Void)

    private static func questions(_ environment: HostEnvironment, _ range: TimeRange) -> [Question] {
        let plain = StatisticsRequest(range: range)
        let filter = FlowFilter([
            FlowFilter.Term(side: .destination, key: .workload, value: .glob(Glob("team-7/*"))),
            FlowFilter.Term(key: .verdict, value: .verdict(.dropped)),
        ])
        let scoped = NamespaceView.only(["team-3", "team-4"])
        let list = FlowRequest(filter: .everything, range: range, quickFilters: [], extras: [.verdicts, .sparklines])
        var filtered = list
        filtered.filter = filter
        var raw = filtered
        raw.grouping = .raw
        raw.extras = []
        return [
            ("totals", { _ = try await environment.totals(plain) }),
            ("rate", { _ = try await environment.rate(plain) }),
            ("rate filtered", { _ = try await environment.rate(StatisticsRequest(range: range, filter: filter)) }),
            ("rate scoped", { _ = try await environment.rate(StatisticsRequest(range: range, view: scoped)) }),
            ("namespaces", { _ = try await environment.namespaces(plain) }),
            ("drops", { _ = try await environment.drops(StatisticsRequest(range: range, limit: 10)) }),
            ("breakdown by policy", { _ = try await environment.breakdown(plain, by: .policy) }),
            ("policy use", { _ = try await environment.policyUse(plain) }),
            ("data quality", { _ = try await environment.dataQuality(plain) }),
            ("map of namespaces", { _ = try await environment.map(TrafficMapRequest(statistics: plain)) }),
            ("flows grouped", { [list] in _ = try await environment.flows(list) }),
            ("flows grouped and filtered", { [filtered] in _ = try await environment.flows(filtered) }),
            ("flows raw and filtered", { [raw] in _ = try await environment.flows(raw) }),
        ]
    }

    private static func measure(_ name: String, _ bound: Double, _ ask: @Sendable () async throws -> Void) async throws
    {
        try await ask()
        var times: [Double] = []
        // What it costs without what others do on the machine meanwhile.
        var costs: [Double] = []
        for _ in 0..<runs {
            let (start, cpu) = (Measured.monotonic, Measured.processCPU)
            try await ask()
            costs.append((Measured.processCPU - cpu) * 1000)
            times.append((Measured.monotonic - start) * 1000)
        }
        let value = times.quantile(0.95)
        Figure(
            benchmark: name,
            value: value,
            unit: "ms (p95)",
            target: "< \(Int(bound))",
            isMet: value < bound,
            runs: runs,
            more: [("median", times.median), ("cpu_p95", costs.quantile(0.95)), ("cpu_median", costs.median)]
        ).report()
    }
}
