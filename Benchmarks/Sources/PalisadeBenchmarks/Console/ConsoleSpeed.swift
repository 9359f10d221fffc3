// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Synchronization

/// How long the pages of the console take while 50 people use it, over 10 million stored flows of 500 workloads under 5,000
/// rules, in the real program.
///
/// Everybody opens a random page every five seconds on average, and then every two: without any time to think the figure
/// would be the number of the machine's cores.
enum ConsoleSpeed {
    private static let users = 50
    private static let seconds = 60.0
    private static let meanPauses = [5.0, 2.0]
    private static let bound = 300.0

    private struct Sample {
        var page: String
        var seconds: Double
        var serverSeconds: Double?
    }

    static func run() async throws {
        let data = try await ConsoleData.prepared()
        let session = try await data.session()
        let server = try await ServerProcess.start(data)
        defer { server.stop() }
        let pages = try pages(server, session)
        try reportSizes(pages, server, session)
        for meanPause in meanPauses { try reportLoad(meanPause, pages, server, session) }
        try reportRecords(server, session)
        try data.remove()
    }

    private static func reportLoad(
        _ meanPause: Double,
        _ pages: [ConsolePageKind],
        _ server: ServerProcess,
        _ session: String
    ) throws {
        let cpu = server.cpu
        let start = Measured.monotonic
        let samples = try load(meanPause, pages, server, session)
        let share = (server.cpu - cpu) / (Measured.monotonic - start) * 100
        for page in pages { report(page, meanPause, samples.filter { $0.page == page.name }) }
        Figure(
            benchmark: "console, all pages, 50 users, a page every \(Int(meanPause)) s",
            value: Double(samples.count) / seconds,
            unit: "pages/s",
            runs: samples.count,
            more: [
                ("server_cpu_percent", share), ("server_peak_mb", server.peakMegabytes),
                ("p95_ms", samples.map { $0.seconds * 1000 }.quantile(0.95)),
            ]
        ).report()
    }

    private static func pages(_ server: ServerProcess, _ session: String) throws -> [ConsolePageKind] {
        let client = try HTTPClient(port: server.port, session: session)
        let answer = try client.get("/e/\(ConsoleData.environment)/flows?from=now-1d")
        let flows = String(decoding: answer.body, as: UTF8.self)
        let key = flows.range(of: "data-key=\"").map { flows[$0.upperBound...].prefix { $0 != "\"" } }
        guard let key else { throw Program.Failure(description: "the flows page has no rows") }
        let wanted = ProcessInfo.processInfo.environment["PALISADE_BENCH_PAGES"] ?? ""
        return ConsolePageKind.all(row: String(key)).filter { wanted.isEmpty || $0.name.contains(wanted) }
    }

    /// One round of all pages, which also warms up what the server remembers.
    private static func reportSizes(_ pages: [ConsolePageKind], _ server: ServerProcess, _ session: String) throws {
        let client = try HTTPClient(port: server.port, session: session)
        var random = SystemRandomNumberGenerator()
        for page in pages {
            let path = page.path(&random)
            let cpu = server.cpu
            let answer = try client.get(path)
            guard answer.status == 200 else {
                throw Program.Failure(description: "\(path) is answered with \(answer.status)")
            }
            let compressed = Double(try Compressed.size(of: answer.body)) / 1024
            Figure(
                benchmark: "\(page.name), compressed",
                value: compressed,
                unit: "KB",
                target: "< 150",
                isMet: compressed < 150,
                runs: 1,
                more: [
                    ("plain_kb", Double(answer.body.count) / 1024), ("first_ms", answer.seconds * 1000),
                    ("first_cpu_ms", (server.cpu - cpu) * 1000),
                ]
            ).report()
        }
        let scripts = try ["shell", "chart", "editor", "live", "map"].map { name in
            try client.get("/assets/\(name).js").body
        }
        let size = Double(scripts.reduce(0) { $0 + $1.count }) / 1024
        Figure(
            benchmark: "own JavaScript, not compressed",
            value: size,
            unit: "KB",
            target: "< 60",
            isMet: size < 60,
            runs: 1,
            more: [("compressed_kb", Double(try Compressed.size(of: scripts.flatMap { $0 })) / 1024)]
        ).report()
    }

    /// A thread for each user: they wait most of the time.
    private static func load(
        _ meanPause: Double,
        _ pages: [ConsolePageKind],
        _ server: ServerProcess,
        _ session: String
    ) throws -> [Sample] {
        let samples = Mutex<[Sample]>([])
        let failures = Mutex<[String]>([])
        let port = server.port
        let end = Measured.monotonic + seconds
        let threads = (0..<users).map { _ in
            Thread {
                do {
                    let own = try use(meanPause, pages, port, session, until: end)
                    samples.withLock { $0 += own }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        threads.forEach { $0.start() }
        while threads.contains(where: { !$0.isFinished }) { Program.pause(seconds: 0.2) }
        if let failure = failures.withLock({ $0.first }) { throw Program.Failure(description: failure) }
        return samples.withLock { $0 }
    }

    private static func use(
        _ meanPause: Double,
        _ pages: [ConsolePageKind],
        _ port: UInt16,
        _ session: String,
        until end: Double
    ) throws -> [Sample] {
        var random = SystemRandomNumberGenerator()
        var samples: [Sample] = []
        let client = try HTTPClient(port: port, session: session)
        while true {
            // Exponential, as of many people who know nothing of each other; cut where the server stops waiting.
            let pause = min(-log(Double.random(in: 0.001..<1, using: &random)) * meanPause, 15)
            guard Measured.monotonic + pause < end, let page = pages.randomElement(using: &random) else {
                return samples
            }
            Program.pause(seconds: pause)
            let answer = try client.get(page.path(&random))
            guard answer.status == 200 else {
                throw Program.Failure(description: "\(page.name) is answered with \(answer.status)")
            }
            samples.append(Sample(page: page.name, seconds: answer.seconds, serverSeconds: answer.serverSeconds))
        }
    }

    /// What only records can answer, each for one person alone: nobody has that many records looked through by 50 people.
    private static func reportRecords(_ server: ServerProcess, _ session: String) throws {
        let client = try HTTPClient(port: server.port, session: session)
        // What only records can tell: an address, a container, a source port, and what is left without an address.
        let questions = [
            ("one address", "ip:10.64.1."), ("one container", "pod:app-1-"), ("source ports", "from.port:100"),
            ("all but one address", "-ip:10.64.1."),
        ]
        for (name, filter) in questions {
            let times = try (1...9).map { number in
                let path = "/e/\(ConsoleData.environment)/flows?from=now-8h&q=\(filter)\(number)"
                return try client.get(path).seconds * 1000
            }
            Figure(
                benchmark: "flows of \(name), 8 h, alone",
                value: times.median,
                unit: "ms (median)",
                target: "< \(Int(bound))",
                isMet: times.median < bound,
                runs: times.count,
                more: [("max", times.max() ?? 0)]
            ).report()
        }
    }

    private static func report(_ page: ConsolePageKind, _ meanPause: Double, _ samples: [Sample]) {
        let times = samples.map { $0.seconds * 1000 }
        let own = samples.compactMap { $0.serverSeconds }.map { $0 * 1000 }
        let isTaken = own.count == times.count && !own.isEmpty
        let value = (isTaken ? own : times).quantile(0.95)
        Figure(
            benchmark: "\(page.name), a page every \(Int(meanPause)) s",
            value: value,
            unit: "ms (p95 of the server's time)",
            target: "< \(Int(bound))",
            isMet: value < bound,
            runs: samples.count,
            more: [
                ("p50", (isTaken ? own : times).median), ("max", (isTaken ? own : times).max() ?? 0),
                ("client_p50", times.median), ("client_p95", times.quantile(0.95)), ("client_max", times.max() ?? 0),
            ]
        ).report()
    }
}

/// Sizes after gzip at its usual level.
enum Compressed {
    static func size(of bytes: [UInt8]) throws -> Int {
        let directory = try TemporaryDirectory()
        defer { try? directory.remove() }  // What remains in the temporary directory is small and harmless.
        let file = directory.path + "/page"
        try Data(bytes).write(to: URL(filePath: file))
        let size = try Program.run("/bin/sh", ["-c", "gzip -c \(file) | wc -c"])
        return Int(size.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }
}
