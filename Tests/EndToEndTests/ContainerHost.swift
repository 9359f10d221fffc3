// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation
import NetworkPrimitives
import TestSupport

/// A host of a test's own: a network namespace with real containers, and `palisade up` over them in blocking mode.
///
/// Containers and all rules in the kernel live and end with the namespace; the machine's own network is not touched.
final class ContainerHost: Sendable {
    let room: TestNamespace
    let podman: TestPodman
    let directory: String
    private let process: UpProcess

    /// Starts everything, with `containers` there before the program.
    init(policies: String, _ containers: SampleContainer...) async throws {
        room = try TestNamespace("podman")
        podman = try TestPodman(in: room)
        let subnets = SampleContainer.subnets.flatMap { ["--subnet", $0] }
        try podman.run(["network", "create", "--ipv6", "--disable-dns"] + subnets + [SampleContainer.network])
        for container in containers { try podman.run(container.arguments) }
        directory = NSTemporaryDirectory() + "palisade-podman-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory + "/policies", withIntermediateDirectories: true)
        try Data(policies.utf8).write(to: URL(fileURLWithPath: directory + "/policies/all.yaml"))
        let places = ["--policies", directory + "/policies", "--data", directory]
        process = try UpProcess(
            ["nsenter", "--net=\(room.path)"],
            ["--runtime-socket", podman.socketPath] + places + ["--mode", "blocking"],
            log: directory + "/up.log"
        )
        try await eventually("palisade up enforces", seconds: 30) {
            guard self.process.isRunning else { throw ProcessEnded(messages: self.process.messages) }
            return try await self.status()?.enforcement.inSync == true
        }
        for container in containers where container.command == SampleContainer.server { try await listens(container) }
    }

    deinit {
        if process.isRunning { kill(process.identifier, SIGKILL) }
        // What cannot be removed is left to the system's own cleaning.
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Starts a container, and waits for its server if it has one.
    func start(_ container: SampleContainer) async throws {
        try podman.run(container.arguments)
        if container.command == SampleContainer.server { try await listens(container) }
    }

    /// Removes a container without a goodbye.
    func remove(_ container: SampleContainer) throws { try podman.run(["rm", "-f", "-t", "0", container.name]) }

    /// Lets a container open a connection in each family, both at the same time.
    func connect(
        _ source: SampleContainer,
        to destination: SampleContainer,
        port: UInt16 = SampleContainer.port
    ) throws -> [IPAddress.Family: ConnectionAttempt] {
        let script = ConnectionAttempt.script(to: destination, port: port)
        return ConnectionAttempt.read(try podman.execute(["sh", "-c", script], in: source.name))
    }

    /// Ends the program as its user would, and looks at what it leaves.
    func takeDown() async throws -> (status: Int32, tables: String) {
        let down = try await Program.run(["down", "--data", directory])
        guard down.status == 0 else { throw ProcessEnded(messages: down.messages) }
        let tables = try Machine.run("nsenter", ["--net=\(room.path)", "nft", "list", "tables"])
        return (await process.status(), tables)
    }

    /// Waits for a server by asking it from the host, which policies allow.
    private func listens(_ server: SampleContainer) async throws {
        let script = ConnectionAttempt.script(to: server)
        try await eventually("\(server.name) listens", seconds: 30) {
            let output = try Machine.run("nsenter", ["--net=\(self.room.path)", "timeout", "30", "sh", "-c", script])
            return ConnectionAttempt.read(output) == [.v4: .passed, .v6: .passed]
        }
    }
}
