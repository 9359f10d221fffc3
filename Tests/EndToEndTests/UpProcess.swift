// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Synchronization

/// `palisade up` as a child, in a network namespace that outlives it.
final class UpProcess: Sendable {
    private let process: Mutex<Process>
    private let log: String
    private let ended: AsyncStream<Void>
    let identifier: Int32

    /// - Parameter launcher: what the program is started by: `nsenter --net=…`.
    init(_ launcher: [String], _ arguments: [String], log: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = launcher + [Program.path, "up", "--listen", "none"] + arguments
        process.environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no",
        ]
        try Data().write(to: URL(fileURLWithPath: log))
        let output = FileHandle(forWritingAtPath: log)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let (ended, ending) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ending.finish() }
        try process.run()
        self.log = log
        self.ended = ended
        identifier = process.processIdentifier
        self.process = Mutex(process)
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    /// What it said.
    var messages: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Sends a signal and waits for the end.
    func end(_ signal: Int32) async {
        kill(identifier, signal)
        for await _ in ended {}
    }

    /// Waits for the end; the exit status.
    func status() async -> Int32 {
        for await _ in ended {}
        return process.withLock { $0.terminationStatus }
    }
}

/// A process that should be running has ended.
struct ProcessEnded: Error {
    var messages: String
}
