// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Credentials
import Foundation
import Logging
import NIOSSL
import NetworkPrimitives
import PolicyModel
import PolicyRepository
import ServiceLifecycle
import Storage
import Synchronization
import TestSupport

@testable import ControlPlane
@testable import WebConsole

/// The console on a loopback address, with real accounts, real policy files and an audit log, and with the environments
/// `production` and `staging` that nothing enforces.
final class ConsoleLab: Sendable {
    static let password = "correct horse battery"
    static let origin = RequestOrigin(address: "192.0.2.1", client: "test/1", requestID: "r1")

    let folder: String
    let url: String
    let port: UInt16
    let access: AccessService
    let database: ConsoleDatabase
    let production: HostEnvironment
    let application: ConsoleApplication
    let log: LogRecord
    private let clock: Clock
    private let count = Mutex(0)

    private init(_ parts: Parts) {
        (folder, url, port, log) = (parts.folder, parts.url, parts.port, parts.log)
        (access, database, application) = (parts.access, parts.database, parts.application)
        production = parts.production
        clock = parts.clock
    }

    private struct Parts {
        var folder: String
        var url: String
        var port: UInt16
        var access: AccessService
        var database: ConsoleDatabase
        var production: HostEnvironment
        var application: ConsoleApplication
        var log: LogRecord
        var clock: Clock
    }

    /// The time of accounts and the audit log; it stands still until it is moved.
    private final class Clock: Sendable {
        let now = Mutex(LabWorld.now)
    }

    func pass(_ seconds: Int64) { clock.now.withLock { $0 += seconds * 1_000_000 } }

    /// How the console is reached.
    struct Settings: Sendable {
        var tls: TLSConfiguration?
        var publicURL: PublicURL?
        var trustedProxies: [Prefix] = []
        var provider: SignInProvider?
        var patience = SlowClientGuard.Limits()
        /// Whether there is an administrator `root` already.
        var isSetUp = true
    }

    /// Serves while `body` runs.
    static func serving(
        _ settings: Settings = Settings(),
        _ body: @escaping @Sendable (ConsoleLab) async throws -> Void
    ) async throws {
        await LabGate.shared.enter()
        do {
            try await serve(settings, body)
        } catch {
            await LabGate.shared.leave()
            throw error
        }
        await LabGate.shared.leave()
    }

    private static func serve(
        _ settings: Settings,
        _ body: @escaping @Sendable (ConsoleLab) async throws -> Void
    ) async throws {
        let folder = "/tmp/palisade-web-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = Clock()
        let time: @Sendable () -> Int64 = { clock.now.withLock { $0 } }
        let log = LogRecord()
        let logger = Logger(label: "console") { _ in log }
        let database = try ConsoleDatabase.open(directory: folder) { Digest.sha256($0) }
        let access = try await AccessService.start(
            AccessService.Parts(
                identities: database.identities,
                audit: database.audit,
                passwords: ScryptPasswords(cost: .cheap, running: 2, waiting: 100),
                secrets: RandomSecrets(),
                now: time
            )
        )
        let production = try await environment("production", folder, logger)
        let staging = try await environment("staging", folder, logger)
        let application = ConsoleApplication(
            environments: EnvironmentSet([console(production), console(staging)]),
            access: access,
            version: "9.9.9",
            now: { LabWorld.now },
            accountTime: time,
            provider: settings.provider,
            drafts: DraftDirectory(path: folder + "/drafts") { $0.map { String($0, radix: 16) }.joined() },
            appendAudit: { _ = try await database.audit.append($0) }
        )
        var network = ConsoleServer.Network(
            socket: try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0)),
            tls: settings.tls,
            publicURL: settings.publicURL,
            trustedProxies: settings.trustedProxies
        )
        network.patience = settings.patience
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        let server = try ConsoleServer(
            path: folder + "/palisade.sock",
            network: network,
            application: application,
            logger: logger,
            onReady: { isReady.yield() }
        )
        let lab = ConsoleLab(
            Parts(
                folder: folder,
                url: "\(settings.tls == nil ? "http" : "https")://\(network.socket.address)",
                port: network.socket.address.port,
                access: access,
                database: database,
                production: production,
                application: application,
                log: log,
                clock: clock
            )
        )
        if settings.isSetUp { try await lab.setUp() }
        let services: [any ServiceLifecycle.Service] = production.services + staging.services + [server]
        try await run(services, until: ready, isReady) { try await body(lab) }
        try database.close()
    }

    private static func run(
        _ services: [any ServiceLifecycle.Service],
        until ready: AsyncStream<Void>,
        _ isReady: AsyncStream<Void>.Continuation,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(
                        service: $0,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                logger: Logger(label: "lab") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { isReady.finish() }
                try await group.run()
            }
            for await _ in ready { break }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// A number that no other call of this lab got.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

extension ConsoleLab {
    private static func console(_ environment: HostEnvironment) -> ConsoleEnvironment {
        ConsoleEnvironment(
            name: environment.settings.name,
            kind: .recorded,
            service: environment,
            flows: environment,
            insight: environment,
            editing: environment,
            proposing: environment
        )
    }

    private static func environment(
        _ name: String,
        _ folder: String,
        _ logger: Logger
    ) async throws -> HostEnvironment {
        let place = folder + "/" + name
        try FileManager.default.createDirectory(atPath: place + "/policies", withIntermediateDirectories: true)
        for (file, text) in LabWorld.policies {
            try Data(text.utf8).write(to: URL(filePath: "\(place)/policies/\(file)"))
        }
        let store = MemoryFlowStore()
        try await store.append(LabWorld.flows, losses: [])
        let files = PolicyDirectory(path: place + "/policies")
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: RecordedWorkloads(name: "lab", inventory: LabWorld.inventory),
                policies: files,
                lastGood: LastGoodDirectory(path: place + "/last-good"),
                modes: ModeFile(path: place + "/modes.json"),
                applier: RecordedRules(),
                events: [],
                store: store,
                editing: .init(files: files) { bytes in
                    Digest.sha256(bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                }
            ),
            settings: HostEnvironment.Settings(name: name, kind: .recorded, version: "9.9.9"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: logger,
            now: { LabWorld.now },
            stop: {}
        )
        try await environment.start()
        return environment
    }
}
