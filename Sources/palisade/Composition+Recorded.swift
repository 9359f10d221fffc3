// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Foundation
import Logging
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import PolicyRepository
import Storage
import Synchronization

extension Composition {
    /// An environment that is running, with the store that has to be closed after it.
    struct Running: Sendable {
        var name: String
        var environment: HostEnvironment
        var store: SQLiteFlowStore
    }

    /// Makes the environment of a folder; nothing of it reaches a kernel.
    static func recorded(
        _ folder: RecordedFolder,
        _ logger: Logger,
        _ now: @escaping @Sendable () -> Int64
    ) async throws -> Running {
        let world = try folder.snapshot()
        let modes = ModeFile(path: folder.modes)
        let settings = try await modes.load() ?? ModeSettings()
        let opening = try await SQLiteFlowStore.open(directory: folder.path, settings: recordedStore, now: now)
        let policies = PolicyDirectory(path: folder.policies)
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: RecordedWorkloads(name: "manifests in \(folder.name)/world", world: world),
                policies: policies,
                lastGood: LastGoodDirectory(path: folder.lastGood),
                modes: modes,
                applier: RecordedRules(),
                events: [],
                store: opening.store,
                editing: .init(files: policies, digest: hexadecimalDigest)
            ),
            settings: HostEnvironment.Settings(
                name: folder.name,
                kind: .recorded,
                version: ProgramVersion.current,
                skipsBroken: true,
                storeMessages: opening.sentences
            ),
            initialModes: settings,
            capabilities: { EnforcementEngine.host.unenforceable(in: $0).map(\.finding) },
            logger: logger,
            now: now,
            stop: {}
        )
        try await environment.start()
        return Running(name: folder.name, environment: environment, store: opening.store)
    }

    /// What was recorded stays for as long as the original's longest statistics.
    private static let recordedStore = FlowStoreSettings(
        recordRetention: .seconds(4 * 86_400),
        countRetention: .seconds(30 * 86_400),
        capacity: 4 << 30
    )

    /// Writes the environments of the demonstration with their flows.
    /// - Returns: how many flows.
    static func writeDemo(_ data: String) async throws -> Int {
        for demo in DemoEnvironment.all {
            let path = data + "/environments/" + demo.name
            guard !FileManager.default.fileExists(atPath: path) else {
                throw CommandFailure(.conflict, "\(path) is there already. Name another directory with --data.")
            }
        }
        let claimed = try ClaimedDirectory(data)
        var count = 0
        for demo in DemoEnvironment.all {
            let folder = RecordedFolder(path: claimed.path + "/environments/" + demo.name)
            try folder.write(demo)
            try await ModeFile(path: folder.modes).store(ModeSettings(environment: demo.mode))
            let traffic = try DemoTraffic(demo, in: resolved(folder, demo))
            // What is before the first opening of a store is a time of which it knows nothing.
            let time = Atomic(DemoEnvironment.keptSince)
            let opening = try await SQLiteFlowStore.open(
                directory: folder.path,
                settings: recordedStore,
                now: { time.load(ordering: .relaxed) }
            )
            time.store(DemoEnvironment.now, ordering: .relaxed)
            for start in stride(from: 0, to: traffic.flows.count, by: 10_000) {
                let batch = traffic.flows[start..<min(start + 10_000, traffic.flows.count)]
                try await opening.store.append(Array(batch), losses: start == 0 ? traffic.losses : [])
            }
            try opening.store.close()
            count += traffic.flows.count
        }
        return count
    }

    private static func resolved(_ folder: RecordedFolder, _ demo: DemoEnvironment) throws -> ResolvedSnapshot {
        var snapshot = try folder.snapshot()
        let documents = demo.policies.sorted { $0.key < $1.key }.map { name, text in
            PolicyDecoder().decode(SourceDocument(name: name, bytes: Array(text.utf8)))
        }
        snapshot.policies = documents.flatMap(\.policies)
        snapshot.modes.environment = demo.mode
        snapshot.revision = 1
        return ResolvedSnapshot(snapshot)
    }
}
