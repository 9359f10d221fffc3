// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// What 1,000 open Flows pages cost while 2,000 connections start every second, and how late people see them.
///
/// Half of the clients read at once; the other half stop reading for 8 of every 16 seconds with a small socket buffer.
enum LiveClients {
    private static let clients = 1_000
    private static let seconds = 40.0
    private static let warmUp = 5.0

    static func run() async throws {
        try allowManyFiles()
        try await measure("no filter") { _ in "" }
        try await measure("one namespace each") { "&q=ns:team-\($0 % ConsoleData.world.namespaces)" }
    }

    /// For this process and the server that it starts: a socket each for every client.
    private static func allowManyFiles() throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limit)
        limit.rlim_cur = min(max(limit.rlim_cur, 4_096), limit.rlim_max)
        guard limit.rlim_cur >= clients + 200, setrlimit(resource, &limit) == 0 else {
            throw Program.Failure(description: "\(limit.rlim_cur) open files are too few for \(clients) clients")
        }
    }

    private static func measure(_ name: String, _ query: (Int) -> String) async throws {
        let directory = try TemporaryDirectory()
        let session = try await ConsoleData(path: directory.path, flows: 0, isKept: true).session()
        let port = try ServerProcess.freePort()
        let arguments = ["live-server", directory.path, "\(port)"]
        let server = ServerProcess(process: try Program.start(CommandLine.arguments[0], arguments), port: port)
        defer { server.stop() }
        try await server.answers()
        var readers = LiveReaders()
        for client in 0..<clients {
            let path = "/e/live/flows/live?from=live\(query(client))"
            try readers.add(path, port: port, session: session, isSlow: client % 2 == 1)
        }
        try readers.read(until: Measured.monotonic + warmUp)
        readers.forget()
        let cpu = server.cpu
        let start = Measured.monotonic
        try readers.read(until: start + seconds)
        let share = (server.cpu - cpu) / (Measured.monotonic - start) * 100
        report(name, readers, server, share)
        readers.close()
        try directory.remove()
    }

    private static func report(_ name: String, _ readers: LiveReaders, _ server: ServerProcess, _ cpu: Double) {
        let peak = server.peakMegabytes
        let quick = readers.clients.filter { !$0.isSlow }
        let slow = readers.clients.filter(\.isSlow)
        Figure(
            benchmark: "1,000 live clients, \(name), peak memory of the server",
            value: peak,
            unit: "MB",
            target: "< 300",
            isMet: peak < 300,
            runs: 1,
            more: [("cpu_percent", cpu), ("resident_mb", server.residentMegabytes)]
        ).report()
        for (kind, some) in [("that read", quick), ("that stop reading", slow)] {
            let lags = some.flatMap(\.lags)
            let all = seconds * Double(some.count)
            let open = some.count { !$0.isClosed }
            Figure(
                benchmark: "lag of live clients \(kind), \(name)",
                value: lags.quantile(0.95),
                unit: "s (p95)",
                runs: some.count,
                more: [
                    ("p50", lags.median), ("max", lags.max() ?? 0), ("open", Double(open)),
                    ("rows_per_client_second", Double(some.reduce(0) { $0 + $1.rows }) / all),
                    ("told_lost_per_client_second", Double(some.reduce(0) { $0 + $1.lost }) / all),
                    ("clients_told_of_losses", Double(some.count { $0.lost > 0 })),
                ]
            ).report()
        }
    }
}
