// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation
import PolicyModel
import TestSupport
import Testing

/// What `palisade up` says when it cannot start: one sentence with the fix, and the right exit status.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct UpFaultTests {
    private struct Room {
        let room: TestNamespace
        let directory: String

        init() throws {
            room = try TestNamespace("fault")
            directory = "/tmp/palisade-fault-\(UInt32.random(in: 0...(.max)))"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }

        /// Runs `palisade up` to its end; it must end by itself.
        func up(_ arguments: [String], launcher: [String] = []) async throws -> (status: Int32, messages: String) {
            let process = try UpProcess(
                ["nsenter", "--net=\(room.path)"] + launcher,
                arguments,
                log: directory + ".log"
            )
            let status = await process.status()
            return (status, process.messages)
        }

        func close() {
            for path in [directory, directory + ".log"] {
                // What cannot be removed is left to the system's own cleaning.
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }

    /// The last line is the error; it is one sentence or two, and names what to do.
    private static func sentence(_ messages: String) -> String {
        messages.split(whereSeparator: \.isNewline).last { $0.hasPrefix("error: ") }.map(String.init) ?? ""
    }

    @Test func `without a runtime the places looked at and the flag are named`() async throws {
        let room = try Room()
        defer { room.close() }
        let outcome = try await room.up(["--runtime-socket", "/nonexistent.sock", "--data", room.directory + "/d"])
        #expect(outcome.status == 8, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("/nonexistent.sock"))
        #expect(Self.sentence(outcome.messages).contains("--runtime-socket"))
    }

    @Test func `without the privilege it is named, with the way to get it`() async throws {
        let room = try Room()
        defer { room.close() }
        let socket = try FakeSocket(room.directory + "/docker.sock")
        defer { socket.close() }
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: room.directory)
        let outcome = try await room.up(
            ["--runtime-socket", room.directory + "/docker.sock", "--data", room.directory + "/d"],
            launcher: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        )
        #expect(outcome.status == 4, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("CAP_NET_ADMIN"))
    }

    @Test func `without nft the package is named`() async throws {
        let room = try Room()
        defer { room.close() }
        let socket = try FakeSocket(room.directory + "/docker.sock")
        defer { socket.close() }
        let outcome = try await room.up(
            ["--runtime-socket", room.directory + "/docker.sock", "--data", room.directory + "/d"],
            launcher: ["env", "PATH=/nonexistent"]
        )
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("nftables"))
    }

    @Test func `a data directory with a path too long for its socket is wrong usage`() async throws {
        let room = try Room()
        defer { room.close() }
        let long = room.directory + "/" + String(repeating: "x", count: 120)
        let outcome = try await room.up(["--data", long])
        #expect(outcome.status == 2, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("--data"))
    }

    @Test func `a data directory that cannot be made is named`() async throws {
        let room = try Room()
        defer { room.close() }
        let outcome = try await room.up(["--data", "/proc/nowhere"])
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("/proc/nowhere"))
        #expect(Self.sentence(outcome.messages).contains("--data"))
    }

    @Test func `a disk that is full at the start is said`() async throws {
        let room = try Room()
        defer { room.close() }
        let small = room.directory + "/small"
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        try Machine.run("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", small])
        let socket = try FakeSocket(room.directory + "/docker.sock")
        defer { socket.close() }
        let outcome = try await room.up(["--runtime-socket", room.directory + "/docker.sock", "--data", small])
        try Machine.run("umount", [small])
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains(small))
        #expect(Self.sentence(outcome.messages).contains("No space left"))
    }

    @Test func `modes that cannot be read are not taken for audit`() async throws {
        let room = try Room()
        defer { room.close() }
        try Data("{".utf8).write(to: URL(fileURLWithPath: room.directory + "/modes.json"))
        let socket = try FakeSocket(room.directory + "/docker.sock")
        defer { socket.close() }
        let outcome = try await room.up([
            "--runtime-socket", room.directory + "/docker.sock", "--data", room.directory,
        ])
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(Self.sentence(outcome.messages).contains("modes.json"))
    }

    /// With a runtime that answers and policies of all sorts of brokenness.
    @Test func `with a runtime, what is wrong with the data is said and closes nothing down`() async throws {
        let lab = try await RuntimeLab("data")
        try Data("kind: NetworkPolicy\n".utf8).write(to: URL(fileURLWithPath: lab.policies + "/broken.yaml"))
        // In blocking mode a broken policy without an earlier revision might have closed something.
        let refusal = try lab.start(["--mode", "blocking"])
        #expect(await refusal.status() == 3, "\(refusal.messages)")
        #expect(refusal.messages.contains("broken.yaml:1:1: error: [V"))
        #expect(Self.sentence(refusal.messages).contains("--skip-broken"))
        // A huge file and a damaged database are said, and the rest works.
        try Data(count: 100 << 20).write(to: URL(fileURLWithPath: lab.policies + "/huge.yaml"))
        try Data(repeating: 7, count: 65_536).write(to: URL(fileURLWithPath: lab.directory + "/flows.sqlite"))
        let process = try lab.start(["--mode", "audit"])
        let status = try await lab.status(of: process)
        #expect(status.policies.brokenFiles.map(\.path) == ["broken.yaml", "huge.yaml"])
        #expect(status.policies.brokenFiles.last?.findings.first?.message.contains("104857600 bytes") == true)
        #expect(status.flows.storeMessages.contains { $0.contains("was damaged; it is kept as") })
        #expect(status.endpoints.enforced == 6)
        let memory = try String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)
        let peak = memory.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ")
        let kilobytes = try #require(peak.flatMap { Int($0[$0.count - 2]) })
        #expect(kilobytes < 256 << 10)
        // The directory belongs to one process.
        let second = try lab.start(["--mode", "audit"], log: "second.log")
        #expect(await second.status() == 1)
        #expect(Self.sentence(second.messages).contains("Another palisade is running"))
        #expect(process.isRunning)
        await process.end(SIGTERM)
        #expect(await process.status() == 0)
        try await lab.close()
    }
}
