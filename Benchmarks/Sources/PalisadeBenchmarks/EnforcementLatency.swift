// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import HostDatapath
import Logging
import NetworkPrimitives
import NftablesRuleset
import PolicyModel
import PolicyRepository
import ServiceLifecycle
import Storage
import Synchronization

/// From a saved policy file to the kernel that enforces it, with 1,000 policies and 1,000 endpoints.
///
/// The whole environment runs as in the product, on a real directory and the real kernel; only the containers are made up.
enum EnforcementLatency {
    private static let runs = 60

    static func run() async throws {
        let directory = try TemporaryDirectory()
        let world = BigWorld.thousand
        for file in world.files() { try write(file.text, to: directory.path + "/policies/" + file.path) }
        let opening = try await SQLiteFlowStore.open(directory: directory.path) { Measured.microsecondsNow }
        let kernel = WatchedKernel()
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: FixedWorkloads(world.inventory),
                policies: PolicyDirectory(path: directory.path + "/policies"),
                lastGood: LastGoodDirectory(path: directory.path + "/last-good"),
                modes: ModeFile(path: directory.path + "/modes.json"),
                applier: kernel,
                events: [],
                store: opening.store
            ),
            settings: HostEnvironment.Settings(name: "bench", kind: .host, version: "bench"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") },
            now: { Measured.microsecondsNow },
            stop: {}
        )
        let began = Measured.monotonic
        try await environment.start()
        let services = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in environment.services { group.addTask { try await service.run() } }
                try await group.waitForAll()
            }
        }
        await environment.settle()
        let first = Measured.monotonic - began
        // The first reading of the watcher and of the rules' watcher is over when nothing has been applied for a second.
        try await Task.sleep(for: .seconds(2))
        var samples: [Double] = []
        var inKernel: [Double] = []
        let path = directory.path + "/policies/team-7/policy-0.yaml"
        for run in 0..<runs {
            let text = world.policy(0, in: 7, port: 20_000 + run)
            let count = kernel.count
            let start = Measured.monotonic
            try write(text, to: path)
            let done = try await kernel.next(after: count, mentioning: ". \(20_000 + run)")
            samples.append((done.end - start) * 1000)
            inKernel.append((done.end - done.start) * 1000)
            // Editors do not save twenty times a second; what follows a save must not disturb the next run.
            try await Task.sleep(for: .milliseconds(150))
        }
        services.cancel()
        Figure(
            benchmark: "policy file saved to kernel enforcing it, 1,000 policies and 1,000 endpoints",
            value: samples.median,
            unit: "ms",
            target: "< 50 (median)",
            isMet: samples.median < 50,
            runs: runs,
            more: [
                ("p90", samples.quantile(0.9)), ("max", samples.max() ?? 0), ("of_which_nft_median", inKernel.median),
                ("script_bytes", Double(kernel.lastScriptBytes)), ("first_ruleset_ms", first * 1000),
                ("rss_mb", Measured.memory("VmRSS")),
            ]
        ).report()
        try directory.remove()
    }

    /// As editors and deployment tools save: a new file that takes the old one's name.
    private static func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + ".new"))
        guard rename(path + ".new", path) == 0 else { throw Program.Failure(description: "cannot rename \(path)") }
    }
}

/// Containers that do not change.
struct FixedWorkloads: WorkloadSource {
    var name: String { "bench" }
    private let fixed: WorkloadInventory

    init(_ inventory: WorkloadInventory) { fixed = inventory }

    func inventory() async throws -> WorkloadInventory { fixed }

    func watch(changed: @Sendable () -> Void) async throws {
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// The kernel by way of nft, with the times at which it had taken each script.
final class WatchedKernel: RulesetApplier {
    struct Applied: Sendable {
        var start: Double
        var end: Double
        var script: String
    }

    private let program = NftProgram()
    private let applied = Mutex<[Applied]>([])

    var count: Int { applied.withLock { $0.count } }
    var lastScriptBytes: Int { applied.withLock { $0.last?.script.utf8.count ?? 0 } }

    func apply(_ script: String) async throws {
        let start = Measured.monotonic
        try await program.apply(script)
        let end = Measured.monotonic
        applied.withLock { $0.append(Applied(start: start, end: end, script: script)) }
    }

    func installedGeneration() async throws -> UInt32? { try await program.installedGeneration() }

    func watch(changed: @Sendable (ForeignChange) async -> Void) async throws {
        try await program.watch(changed: changed)
    }

    /// The first script after the first `count` that has a text in it; nft returns when the kernel has committed.
    func next(after count: Int, mentioning text: String) async throws -> Applied {
        for _ in 0..<10_000 {
            let found = applied.withLock { $0.dropFirst(count).first { $0.script.contains(text) } }
            if let found { return found }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw Program.Failure(description: "the kernel did not get \(text) within 10 seconds")
    }
}
