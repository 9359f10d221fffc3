// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// What `palisade server` costs when nobody looks at it any more, over the same data as `ConsoleSpeed`.
enum ConsoleIdle {
    private static let seconds = 20.0

    static func run() async throws {
        let data = try await ConsoleData.prepared()
        let session = try await data.session()
        let server = try await ServerProcess.start(data)
        defer { server.stop() }
        let fresh = server.residentMegabytes
        let client = try HTTPClient(port: server.port, session: session)
        var random = SystemRandomNumberGenerator()
        for page in ConsolePageKind.all(row: "none").prefix(20) { _ = try client.get(page.path(&random)) }
        let used = server.residentMegabytes
        // What was read is given back when nobody has asked for a minute, which is looked at twice a minute.
        try await Task.sleep(for: .seconds(95))
        let (start, cpu) = (Measured.monotonic, server.cpu)
        try await Task.sleep(for: .seconds(seconds))
        let share = (server.cpu - cpu) / (Measured.monotonic - start) * 100
        let resident = server.residentMegabytes
        Figure(
            benchmark: "palisade server, idle after 20 pages, memory",
            value: resident,
            unit: "MB",
            target: "< 100",
            isMet: resident < 100,
            runs: 1,
            more: [("at_start", fresh), ("after_pages", used), ("peak", server.peakMegabytes)]
        ).report()
        Figure(
            benchmark: "palisade server, idle, CPU",
            value: share,
            unit: "% of a core",
            target: "< 1",
            isMet: share < 1,
            runs: 1,
            more: [("seconds", seconds)]
        ).report()
        try data.remove()
    }
}
