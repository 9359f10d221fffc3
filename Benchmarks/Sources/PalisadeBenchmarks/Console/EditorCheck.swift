// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Credentials
import FlowModel
import Foundation
import Logging
import NetworkPrimitives
import PolicyModel
import PolicyRepository
import Storage

/// How long the editor's check of a draft takes, with its impact on 10,000 distinct recorded connections, in the world of
/// `ConsoleSpeed`.
enum EditorCheck {
    private static let connections = 10_000
    private static let runs = 20
    private static let end: Int64 = 20_000 * 86_400_000_000
    private static let day: Int64 = 86_400_000_000

    static func run() async throws {
        let directory = try TemporaryDirectory()
        let store = try await filledStore(directory.path)
        let environment = try await environment(store, directory.path)
        let world = ConsoleData.world
        var (times, costs): ([Double], [Double]) = ([], [])
        var checked: DraftCheck?
        for run in 0...runs {
            let draft = DraftRequest(
                path: "team-\(run)/policy-0.yaml",
                text: world.policy(0, in: run, port: 9000 + run),
                window: day
            )
            let (start, cpu) = (Measured.monotonic, Measured.processCPU)
            checked = try await environment.check(draft)
            // The first one fills what is remembered.
            guard run > 0 else { continue }
            times.append((Measured.monotonic - start) * 1000)
            costs.append((Measured.processCPU - cpu) * 1000)
        }
        let value = times.quantile(0.95)
        Figure(
            benchmark: "editor's check",
            value: value,
            unit: "ms (p95)",
            target: "< 300",
            isMet: value < 300,
            runs: runs,
            more: [
                ("median", times.median), ("max", times.max() ?? 0), ("cpu_p95", costs.quantile(0.95)),
                ("cpu_median", costs.median), ("distinct", Double(checked?.impact?.distinct ?? 0)),
                ("changed_rows", Double(checked?.impact?.rows.count ?? 0)), ("peak_mb", Measured.memory("VmHWM")),
            ]
        ).report()
        try store.close()
        try directory.remove()
    }

    /// Every connection seen at ten times of the day.
    private static func filledStore(_ directory: String) async throws -> SQLiteFlowStore {
        let store = try await SQLiteFlowStore.open(directory: directory) { end }.store
        let endpoints = ConsoleData.world.endpoints.map { endpoint in
            Flow.Party(
                kind: .endpoint,
                address: endpoint.addresses[0],
                namespace: endpoint.namespace,
                workload: endpoint.workload.name,
                name: endpoint.name,
                labels: endpoint.labels.map { "\($0.key)=\($0.value)" }.sorted()
            )
        }
        for turn in 0..<10 {
            let time = end - day + Int64(turn) * (day / 10)
            let flows = (0..<connections).map { index in
                let source = index % endpoints.count
                return Flow(
                    time: time + Int64(index),
                    verdict: .allowed,
                    direction: .ingress,
                    source: endpoints[source],
                    destination: endpoints[(source + 1 + index / endpoints.count * 7) % endpoints.count],
                    ipProtocol: .tcp,
                    sourcePort: 40_000,
                    destinationPort: 8080 + UInt16(index % 4),
                    bytes: 600,
                    packets: 6,
                    decision: Flow.Decision(policy: "made-up/policy", rule: "inbound/1", reason: .allowedByRule),
                    revision: 1
                )
            }
            try await store.append(flows, losses: [])
        }
        try await store.prune(now: end)
        return store
    }

    private static func environment(_ store: SQLiteFlowStore, _ directory: String) async throws -> HostEnvironment {
        let world = ConsoleData.world
        for file in world.files() {
            let target = URL(filePath: directory + "/policies/" + file.path)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: target)
        }
        let policies = PolicyDirectory(path: directory + "/policies")
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: FixedWorkloads(world.inventory),
                policies: policies,
                lastGood: LastGoodDirectory(path: directory + "/last-good"),
                modes: ModeFile(path: directory + "/modes.json"),
                applier: RecordedRules(),
                events: [],
                store: store,
                editing: .init(files: policies) { bytes in
                    Digest.sha256(bytes).map { String($0, radix: 16) }.joined()
                }
            ),
            settings: HostEnvironment.Settings(name: "bench", kind: .recorded, version: "bench"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") },
            now: { end },
            stop: {}
        )
        try await environment.start()
        return environment
    }
}
