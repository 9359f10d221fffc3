// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import Foundation
import Netlink
import TestSupport

/// A socket file that nobody answers on.
struct FakeSocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = [UInt8](repeating: 0, count: 110)
        address[0] = UInt8(AF_UNIX)
        for (index, byte) in path.utf8.enumerated() where index < 107 { address[index + 2] = byte }
        let code = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
        }
        guard code == 0, listen(descriptor, 1) == 0 else { throw ProcessEnded(messages: "cannot listen on \(path)") }
        chmod(path, 0o777)
    }

    func close() { _ = Glibc.close(descriptor) }
}

/// A sandbox with a runtime that describes it, and directories for `palisade up`.
final class RuntimeLab: Sendable {
    let room: TestNamespace
    let world: SandboxWorld
    let directory: String
    private let serving: Task<Void, any Error>

    var policies: String { directory + "/policies" }

    init(_ purpose: String) async throws {
        room = try TestNamespace(purpose)
        var plan = SandboxPlan.standard
        plan.prefix = String((0..<3).compactMap { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() })
        world = try await SandboxWorld.build(plan, in: NetworkNamespace(path: room.path), isQuiet: true)
        directory = "/tmp/palisade-\(purpose)-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory + "/policies", withIntermediateDirectories: true)
        let runtime = FakeRuntime(socket: directory + "/docker.sock", plan: plan)
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        serving = Task {
            defer { isReady.finish() }
            try await runtime.run { isReady.yield() }
        }
        for await _ in ready { break }
    }

    func start(_ arguments: [String], log: String = "up.log") throws -> UpProcess {
        try UpProcess(
            ["nsenter", "--net=\(room.path)"],
            ["--runtime-socket", directory + "/docker.sock", "--policies", policies, "--data", directory] + arguments,
            log: directory + "/" + log
        )
    }

    /// What the process says once the kernel holds its newest rules.
    func status(of process: UpProcess) async throws -> StatusReport {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            guard process.isRunning else { break }
            let answer = try await Program.run(["status", "-o", "json", "--data", directory])
            if answer.status == 0 {
                let status = try JSONDecoder().decode(StatusReport.self, from: Data(answer.output.utf8))
                if status.enforcement.inSync { return status }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ProcessEnded(messages: process.messages)
    }

    func close() async throws {
        serving.cancel()
        try await world.remove()
        try FileManager.default.removeItem(atPath: directory)
    }
}
