// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Credentials
import FlowModel
import Foundation
import Logging
import ServiceLifecycle
import Storage
import TestSupport
import WebConsole

/// A server on a socket in a directory of its own.
struct RunningServer {
    let directory: String
    let environment: FakeEnvironment

    /// Serves while `body` runs.
    static func serving<Result: Sendable>(
        _ environment: FakeEnvironment = FakeEnvironment(),
        flows: [Flow] = [],
        losses: [FlowLoss] = [],
        live: [LiveFlows] = [],
        _ body: @escaping @Sendable (RunningServer) async throws -> Result
    ) async throws -> Result {
        let directory = "/tmp/palisade-e2e-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = MemoryFlowStore()
        try await store.append(flows, losses: losses)
        let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let server = try await FakeConsole.server(
            directory + "/palisade.sock",
            directory,
            environment,
            FlowQueries(environment: "this-host", store: store, live: live),
            logger
        ) { continuation.yield() }
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
                return nil
            }
            var isReady = false
            for await _ in ready {
                isReady = true
                break
            }
            guard isReady else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let result = try await body(RunningServer(directory: directory, environment: environment))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}

/// A server that is started where another one may already answer.
enum SecondServer {
    static func run(on path: String) async throws {
        let accounts = path + ".accounts"
        try FileManager.default.createDirectory(atPath: accounts, withIntermediateDirectories: true)
        let flows = FlowQueries(environment: "second", store: MemoryFlowStore())
        let server = try await FakeConsole.server(path, accounts, FakeEnvironment(), flows, Logger(label: "second"))
        try await server.run()
    }
}

/// The console's server with one environment that is made up, and real accounts.
enum FakeConsole {
    /// - Parameter directory: of the accounts.
    static func server(
        _ path: String,
        _ directory: String,
        _ environment: FakeEnvironment,
        _ flows: FlowQueries,
        _ logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) async throws -> ConsoleServer {
        let database = try ConsoleDatabase.open(directory: directory) { Digest.sha256($0) }
        let access = try await AccessService.start(
            AccessService.Parts(
                identities: database.identities,
                audit: database.audit,
                passwords: ScryptPasswords(cost: .cheap),
                secrets: RandomSecrets(),
                now: now
            )
        )
        let console = ConsoleEnvironment(
            name: "this-host",
            kind: .host,
            service: environment,
            flows: flows,
            insight: environment,
            editing: environment,
            proposing: environment
        )
        return try ConsoleServer(
            path: path,
            application: ConsoleApplication(
                environments: EnvironmentSet([console]),
                access: access,
                version: "9.9.9",
                now: now,
                accountTime: now,
                drafts: DraftDirectory(path: directory + "/drafts") { bytes in
                    bytes.map { String($0, radix: 16) }.joined()
                },
                appendAudit: { _ = try await database.audit.append($0) }
            ),
            logger: logger,
            onReady: onReady
        )
    }

    @Sendable
    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}
