// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// The built program, run as a person would.
struct Program {
    struct Outcome {
        var status: Int32
        var output: String
        var messages: String
    }

    static let path: String = {
        let directory = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        return directory.appendingPathComponent("palisade").path
    }()

    static func process(
        _ arguments: [String],
        _ variables: [String: String] = [:]
    ) -> (Process, output: Pipe, messages: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = [
            "TZ": "UTC", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no",
        ].merging(variables) { _, new in new }
        let (output, messages) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = messages
        process.standardInput = FileHandle.nullDevice
        return (process, output, messages)
    }

    /// - Parameters:
    ///   - variables: besides those that every run has.
    ///   - input: standard input; nothing unless given. What fits a pipe.
    ///   - program: another program than ours.
    static func run(
        _ arguments: [String],
        variables: [String: String] = [:],
        input: String? = nil,
        program: String? = nil
    ) async throws -> Outcome {
        let (process, output, messages) = process(arguments, variables)
        if let program { process.executableURL = URL(fileURLWithPath: program) }
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        }
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        async let out = read(output)
        async let err = read(messages)
        for await _ in ended {}
        return Outcome(status: process.terminationStatus, output: await out, messages: await err)
    }

    /// Runs our program on a terminal of its own; standard output and standard error come out as one.
    static func onTerminal(
        _ arguments: [String],
        variables: [String: String] = [:],
        input: String = ""
    ) async throws -> Outcome {
        let words = [path] + arguments
        let line = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        return try await run(
            ["-qec", line, "/dev/null"],
            variables: ["TERM": "xterm"].merging(variables) { _, new in new },
            input: input,
            program: "/usr/bin/script"
        )
    }

    /// Everything until the end, off the cooperative threads.
    static func read(_ pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
