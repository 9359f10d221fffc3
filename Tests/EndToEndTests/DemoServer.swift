// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Testing

/// `palisade server --demo` on a free port, with a data directory of its own and an administrator `root`.
final class DemoServer: Sendable {
    static let password = "correct horse battery"

    let directory: String
    let url: String

    private init(_ directory: String, _ url: String) {
        (self.directory, self.url) = (directory, url)
    }

    /// Serves while `body` runs.
    static func serving(_ body: @Sendable (DemoServer) async throws -> Void) async throws {
        let directory = "/tmp/palisade-demo-\(UInt32.random(in: 0...(.max)))"
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let demo = try await Program.run(["demo-data", "--data", directory])
        #expect(demo.status == 0, "\(demo.messages)")
        let arguments = ["server", "--demo", "--listen", "127.0.0.1:0", "--data", directory]
        let (process, output, messages) = Program.process(arguments)
        try process.run()
        async let said = Program.read(messages)
        let lines = await Self.lines(output.fileHandleForReading, until: "Ready")
        do {
            let console = lines.split(separator: "\n").first { $0.hasPrefix("Console") } ?? ""
            let words = console.split(separator: " ")
            let url = try #require(words.count > 1 ? words[1].split(separator: "/setup").first.map(String.init) : nil)
            let server = DemoServer(directory, url)
            let root = ["user", "create", "root", "--grant", "admin@everywhere", "--password-stdin"]
            #expect(try await server.run(root, input: password + "\n").status == 0)
            try await body(server)
        } catch {
            process.terminate()
            throw error
        }
        process.terminate()
        let errors = await said
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(errors)")
    }

    private static func lines(_ handle: FileHandle, until word: String) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = ""
                while !text.contains(word) {
                    let data = handle.availableData
                    guard !data.isEmpty else { break }
                    text += String(decoding: data, as: UTF8.self)
                }
                continuation.resume(returning: text)
            }
        }
    }

    /// As the owner of the data directory.
    func run(_ arguments: [String], input: String? = nil) async throws -> Program.Outcome {
        try await Program.run(arguments + ["--data", directory], input: input)
    }

    /// As somebody elsewhere, who has a home of their own.
    func client(_ arguments: [String], home: String, input: String? = nil) async throws -> Program.Outcome {
        try await Program.run(
            arguments,
            variables: ["HOME": directory + "/" + home, "XDG_CONFIG_HOME": directory + "/" + home],
            input: input
        )
    }
}
