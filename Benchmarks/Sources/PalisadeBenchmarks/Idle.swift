// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import Foundation
import HostDatapath
import Logging
import Netlink
import NetworkPrimitives
import NftablesRuleset
import PolicyModel
import PolicyRepository
import ServiceLifecycle
import Storage

/// What the environment costs when nothing happens: 100 containers, 50 policies, the kernel watched.
///
/// The parts are those of `palisade up` but for the HTTP server; the containers are network namespaces.
enum Idle {
    private static let seconds = 30.0

    static func run() async throws {
        let directory = try TemporaryDirectory()
        let sandbox = try await SandboxWorld.build(plan, isQuiet: true)
        let files = BigWorld(namespaces: 10, applications: 10, replicas: 1, policies: 5).files()
        for file in files {
            let path = directory.path + "/policies/" + file.path
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
        }
        let store = try await SQLiteFlowStore.open(directory: directory.path) { Measured.microsecondsNow }.store
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: Sandbox(sandbox),
                policies: PolicyDirectory(path: directory.path + "/policies"),
                lastGood: LastGoodDirectory(path: directory.path + "/last-good"),
                modes: ModeFile(path: directory.path + "/modes.json"),
                applier: NftProgram(),
                events: [PacketLog(group: KernelMarks.logGroup), ConnectionEvents()],
                store: store
            ),
            settings: HostEnvironment.Settings(name: "bench", kind: .host, version: "bench"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") },
            now: { Measured.microsecondsNow },
            stop: {}
        )
        try await environment.start()
        let services = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in environment.services { group.addTask { try await service.run() } }
                try await group.waitForAll()
            }
        }
        await environment.settle()
        try await Task.sleep(for: .seconds(5))
        let (start, cpu) = (Measured.monotonic, Measured.processCPU)
        try await Task.sleep(for: .seconds(seconds))
        let share = (Measured.processCPU - cpu) / (Measured.monotonic - start) * 100
        Figure(
            benchmark: "CPU while idle, 100 containers",
            value: share,
            unit: "% of a core",
            target: "< 1",
            isMet: share < 1,
            runs: 1,
            more: [("seconds", seconds), ("policies", Double(files.count))]
        ).report()
        let resident = Measured.memory("VmRSS")
        Figure(
            benchmark: "memory while idle, 100 containers",
            value: resident,
            unit: "MB",
            target: "< 80",
            isMet: resident < 80,
            runs: 1,
            more: [("peak_mb", Measured.memory("VmHWM"))]
        ).report()
        services.cancel()
        try await sandbox.remove()
        try directory.remove()
    }

    private static var plan: SandboxPlan {
        let v6Network: UInt128 = 0xfd88 << 112
        let hosts = (0..<100).map { (index: Int) -> SandboxPlan.Host in
            let labels = ["app": "app-\(index % 10)", "tier": index % 2 == 0 ? "front" : "back"]
            return SandboxPlan.Host(
                "h\(index)",
                namespace: "team-\(index / 10)",
                labels: labels,
                v4: IPAddress(v4: 0x0a58_000a + UInt32(index)),
                v6: IPAddress(family: .v6, bits: v6Network + UInt128(10 + index)),
                tcpPorts: [8080]
            )
        }
        return SandboxPlan(
            v4Subnet: Prefix(IPAddress(v4: 0x0a58_0000), length: 24),
            v6Subnet: Prefix(IPAddress(family: .v6, bits: v6Network), length: 64),
            hosts: hosts,
            conversations: []
        )
    }
}
