// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Glibc

/// A Podman of a test's own: storage, networks and socket in a temporary directory, removed with it.
public final class TestPodman: Sendable {
    public let directory: String
    /// Where its networks are made; kept for as long as they are.
    private let room: TestNamespace?
    private let service: pid_t

    /// The image that containers are made from: busybox.
    public static let image = "localhost/palisade-test:1"

    public var socketPath: String { "\(directory)/api.sock" }

    /// - Parameter room: the network namespace that its networks are made in, in place of the machine's own.
    public init(in room: TestNamespace? = nil) throws {
        self.room = room
        directory = NSTemporaryDirectory() + "pt-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: "\(directory)/root/bin", withIntermediateDirectories: true)
        let settings = """
            [containers]
            default_ulimits=["nofile=8192:8192","nproc=4096:4096"]
            [network]
            network_config_dir="\(directory)/networks"
            [engine]
            runtime="runc"
            cgroup_manager="cgroupfs"
            events_logger="file"

            """
        try Data(settings.utf8).write(to: URL(fileURLWithPath: "\(directory)/containers.conf"))
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: "\(directory)/root/bin/busybox")
        for name in ["sh", "sleep", "nc", "ip", "ping"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/root/bin/\(name)",
                withDestinationPath: "busybox"
            )
        }
        try Machine.run("tar", ["-C", "\(directory)/root", "-cf", "\(directory)/image.tar", "."])
        let podman = Self.command(directory, room)
        try Machine.run("env", podman + ["import", "\(directory)/image.tar", "palisade-test:1"])
        let socket = "\(directory)/api.sock"
        service = try Machine.start("env", podman + ["system", "service", "--time=0", "unix://\(socket)"])
        let deadline = Date().addingTimeInterval(10)
        // The service does not announce itself otherwise.
        while !FileManager.default.fileExists(atPath: socket), Date() < deadline { usleep(10_000) }
    }

    deinit {
        kill(service, SIGTERM)
        waitpid(service, nil, 0)
        // Containers that share another's network go before it; the second round shows what is really wrong.
        _ = try? run(["rm", "-a", "-f", "-t", "0"])
        for arguments in [["rm", "-a", "-f", "-t", "0"], ["network", "prune", "-f"]] {
            do { try run(arguments) } catch { print("cannot clean up after podman: \(error)") }
        }
        do {
            // The layers are mounted until nobody uses them.
            try Machine.run("sh", ["-c", Self.removal, directory])
        } catch {
            print("cannot remove \(directory): \(error)")
        }
    }

    /// Runs podman to its end.
    /// - Returns: its standard output.
    @discardableResult
    public func run(_ arguments: [String]) throws -> String {
        try Machine.run("env", Self.command(directory, room) + arguments)
    }

    /// Runs a program in a container to its end, for half a minute at most.
    /// - Returns: its standard output.
    /// - Throws: `ProgramFailure` when it does not end by itself, too.
    public func execute(_ words: [String], in name: String) throws -> String {
        let podman = Self.command(directory, room)
        return try Machine.run("timeout", ["-s", "KILL", "30", "env"] + podman + ["exec", name] + words)
    }

    /// Starts a container that sleeps.
    /// - Returns: its id.
    @discardableResult
    public func start(_ name: String, _ options: [String] = []) throws -> String {
        let output = try run(["run", "-d", "--name", name] + options + [Self.image, "sleep", "600"])
        return output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    }

    /// Unmounts what is mounted below the directory, innermost first, and removes it.
    private static let removal =
        "grep -o \" $0/[^ ]*\" /proc/mounts | sort -r | xargs -r umount -l; rm -rf \"$0\""

    private static func command(_ directory: String, _ room: TestNamespace?) -> [String] {
        ["CONTAINERS_CONF=\(directory)/containers.conf"] + (room.map { ["nsenter", "--net=\($0.path)"] } ?? []) + [
            "podman", "--root", "\(directory)/storage", "--runroot", "\(directory)/run", "--tmpdir",
            "\(directory)/tmp",
        ]
    }
}
