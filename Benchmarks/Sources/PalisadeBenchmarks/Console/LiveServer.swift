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
import ServiceLifecycle
import Storage
import UnixSignals
import WebConsole

/// The child process of `LiveClients`: the console over an environment whose kernel is made up.
///
/// In it 2,000 connections start every second. Pipeline, store, broadcast and server are the product's.
enum LiveServer {
    static let rate = 2_000

    /// - Parameter arguments: the data directory and a port.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 2, let port = UInt16(arguments[1]) else {
            throw Program.Failure(description: "usage: live-server DIRECTORY PORT")
        }
        try FileManager.default.createDirectory(
            atPath: arguments[0] + "/policies",
            withIntermediateDirectories: true
        )
        let directory = arguments[0]
        let store = try await SQLiteFlowStore.open(directory: directory) { Measured.microsecondsNow }.store
        let environment = try await environment(store, directory)
        let server = try await server(environment, directory, ListenAddress(host: "127.0.0.1", port: port))
        let group = ServiceGroup(
            services: environment.services + [server],
            gracefulShutdownSignals: [.sigterm],
            logger: Logger(label: "live") { _ in SwiftLogNoOpLogHandler() }
        )
        try await group.run()
    }

    private static func environment(_ store: SQLiteFlowStore, _ directory: String) async throws -> HostEnvironment {
        let world = ConsoleData.world
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: FixedWorkloads(world.inventory),
                policies: PolicyDirectory(path: directory + "/policies"),
                lastGood: LastGoodDirectory(path: directory + "/last-good"),
                modes: ModeFile(path: directory + "/modes.json"),
                applier: RecordedRules(),
                events: [MadeUpEvents(endpoints: world.endpoints.count)],
                store: store
            ),
            settings: HostEnvironment.Settings(name: "live", kind: .host, version: "bench"),
            initialModes: ModeSettings(environment: .audit),
            capabilities: { _ in [] },
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") },
            now: { Measured.microsecondsNow },
            stop: {}
        )
        try await environment.start()
        return environment
    }

    private static func server(
        _ environment: HostEnvironment,
        _ directory: String,
        _ address: ListenAddress
    ) async throws -> ConsoleServer {
        let database = try ConsoleDatabase.open(directory: directory) { Digest.sha256($0) }
        let access = try await AccessService.start(
            AccessService.Parts(
                identities: database.identities,
                audit: database.audit,
                passwords: ScryptPasswords(),
                secrets: RandomSecrets(),
                now: { Measured.microsecondsNow }
            )
        )
        let console = ConsoleEnvironment(
            name: "live",
            kind: .host,
            service: environment,
            flows: environment,
            insight: environment,
            editing: environment,
            proposing: environment
        )
        return try ConsoleServer(
            path: directory + "/palisade.sock",
            network: ConsoleServer.Network(socket: ListeningSocket(address)),
            application: ConsoleApplication(
                environments: EnvironmentSet([console]),
                access: access,
                version: "bench",
                now: { Measured.microsecondsNow },
                accountTime: { Measured.microsecondsNow },
                drafts: DraftDirectory(path: directory + "/drafts") { bytes in
                    Digest.sha256(bytes).map { String($0, radix: 16) }.joined()
                },
                appendAudit: { _ = try await database.audit.append($0) }
            ),
            logger: Logger(label: "bench") { _ in StreamLogHandler.standardError(label: "bench") }
        )
    }
}

/// A kernel that reports ever the same number of new connections.
private struct MadeUpEvents: KernelEventSource {
    let endpoints: Int
    private static let pause = 0.02

    init(endpoints: Int) { self.endpoints = endpoints }

    func run(_ deliver: @Sendable ([KernelEvent]) async -> Void) async throws {
        let start = Measured.monotonic
        var sent = 0
        while !Task.isCancelled {
            let due = Int((Measured.monotonic - start) * Double(LiveServer.rate))
            if due > sent { await deliver((sent..<due).map(event)) }
            sent = max(sent, due)
            try await Task.sleep(for: .seconds(Self.pause))
        }
    }

    private func event(_ index: Int) -> KernelEvent {
        .packet(
            LoggedPacket(
                time: Measured.microsecondsNow,
                prefix: "p0000001A-",
                tuple: FlowTuple(
                    source: BigWorld.address(index * 31 % endpoints),
                    destination: BigWorld.address((index * 31 + 1 + index % 10 * 37) % endpoints),
                    ipProtocol: .tcp,
                    sourcePort: UInt16(truncatingIfNeeded: 32_768 + index % 30_000),
                    destinationPort: 8080 + UInt16(index % 2)
                ),
                length: 60,
                inputInterface: 1,
                outputInterface: 2
            )
        )
    }
}
