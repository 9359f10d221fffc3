// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import HostDatapath
import Logging
import Netlink
import NetworkPrimitives
import NftablesRuleset
import PolicyAnalysis
import PolicyModel
import PolicyRepository
import ServiceLifecycle
import Storage
import Synchronization
import TestSupport

/// A quiet sandbox in a network namespace of its own, with directories for an environment that can start again and again.
final class EnvironmentLab: Sendable {
    let room: TestNamespace
    let namespace: NetworkNamespace
    let sandbox: SandboxWorld
    let workloads: LabWorkloads
    private let directory: String

    init(_ purpose: String) async throws {
        room = try TestNamespace(purpose)
        namespace = NetworkNamespace(path: room.path)
        var plan = SandboxPlan.standard
        plan.prefix = String((0..<3).compactMap { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() })
        sandbox = try await SandboxWorld.build(plan, in: namespace, isQuiet: true)
        workloads = LabWorkloads(Sandbox(sandbox))
        directory = NSTemporaryDirectory() + "palisade-\(purpose)-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: "\(directory)/policies", withIntermediateDirectories: true)
    }

    /// Saves a policy file as editors do; `nil` deletes it.
    func save(_ text: String?, as name: String) throws {
        let file = URL(fileURLWithPath: "\(directory)/policies/\(name)")
        guard let text else { return try FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    /// Starts an environment and waits until the kernel enforces its first world.
    func start(_ mode: Mode? = nil, skipsBroken: Bool = false) async throws -> RunningEnvironment {
        let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000_000) }
        let opening = try await SQLiteFlowStore.open(directory: directory, now: now)
        let modeFile = ModeFile(path: "\(directory)/modes.json")
        var modes = try await modeFile.load() ?? ModeSettings()
        if let mode { modes.environment = mode }
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: workloads,
                policies: PolicyDirectory(path: "\(directory)/policies"),
                lastGood: LastGoodDirectory(path: "\(directory)/last-good"),
                modes: modeFile,
                applier: NftProgram(namespace: namespace),
                events: [
                    PacketLog(group: KernelMarks.logGroup, namespace: namespace),
                    ConnectionEvents(namespace: namespace),
                ],
                store: opening.store
            ),
            settings: HostEnvironment.Settings(
                name: "lab",
                kind: .host,
                version: "test",
                skipsBroken: skipsBroken,
                storeMessages: opening.sentences
            ),
            initialModes: modes,
            capabilities: { EnforcementEngine.host.unenforceable(in: $0).map(\.finding) },
            logger: Logger(label: "lab") { _ in SwiftLogNoOpLogHandler() },
            now: now,
            stop: {}
        )
        let running = RunningEnvironment(environment, opening.store)
        do {
            try await environment.start()
        } catch {
            try opening.store.close()
            throw error
        }
        running.begin()
        try await eventually("the first rules are in force") { await environment.status(.all).enforcement.inSync }
        return running
    }

    /// Probes between hosts of the sandbox, in both families.
    func passes(_ source: String, _ destination: String, _ service: NetworkPrimitives.Service) async -> [Bool] {
        let probes = IPAddress.Family.allCases.compactMap {
            sandbox.probe(from: source, to: destination, service, $0)
        }
        return await Prober.run(probes, milliseconds: 300).map(\.passed)
    }

    func close() async throws {
        try await sandbox.remove()
        try FileManager.default.removeItem(atPath: directory)
    }
}

/// An environment at work.
final class RunningEnvironment: Sendable {
    let environment: HostEnvironment
    let store: SQLiteFlowStore
    private let work = Mutex<Task<Void, Never>?>(nil)

    init(_ environment: HostEnvironment, _ store: SQLiteFlowStore) {
        self.environment = environment
        self.store = store
    }

    fileprivate func begin() {
        let services = environment.services
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                for service in services {
                    group.addTask {
                        // Ends by cancellation only.
                        try? await service.run()
                    }
                }
            }
        }
        work.withLock { $0 = task }
    }

    /// Waits until the kernel enforces a world that `condition` accepts.
    func reaches(_ what: String, _ condition: @escaping @Sendable (StatusReport) -> Bool) async throws {
        let environment = environment
        try await eventually(what) {
            let status = await environment.status(.all)
            return status.enforcement.inSync && condition(status)
        }
    }

    /// Ends the process's work as a crash would, but for the store, which is closed.
    func stop() async throws {
        let task = work.withLock { $0 }
        task?.cancel()
        await task?.value
        try store.close()
    }

    /// Every flow so far.
    func flows() async throws -> [Flow] {
        let range = TimeRange(from: 0, to: Int64.max / 2)
        return try await store.flows(FlowQuery(range: range, limit: 100_000)).flows
    }
}

/// The sandbox's inventory, from which containers can be hidden.
final class LabWorkloads: WorkloadSource {
    private struct State {
        var hidden: Set<String> = []
        var listeners: [AsyncStream<Void>.Continuation] = []
    }

    let name = "lab"
    private let sandbox: Sandbox
    private let state = Mutex(State())

    init(_ sandbox: Sandbox) { self.sandbox = sandbox }

    /// Leaves the containers of these names out from now on.
    func hide(_ names: Set<String>) {
        let listeners = state.withLock { state in
            state.hidden = names
            return state.listeners
        }
        for listener in listeners { listener.yield() }
    }

    func inventory() async throws -> WorkloadInventory {
        var inventory = try await sandbox.inventory()
        let hidden = state.withLock { $0.hidden }
        let ids = Set(inventory.endpoints.filter { hidden.contains($0.name) }.map(\.id))
        inventory.endpoints.removeAll { ids.contains($0.id) }
        inventory.attachments.removeAll { ids.contains($0.endpointID) }
        return inventory
    }

    func watch(changed: @Sendable () -> Void) async throws {
        let (news, writer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listeners.append(writer) }
        for await _ in news { changed() }
    }
}
