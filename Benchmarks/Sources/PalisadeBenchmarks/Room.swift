// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Netlink

/// A network of three namespaces: a client and a server, routed by a middle one that plays the container host.
///
/// Clients have addresses in 10.64.0.0/12, servers in 10.80.0.0/12; everything beyond their own /24 goes to the middle.
final class Room: Sendable {
    let middle: NetworkNamespace
    let client: NetworkNamespace
    let server: NetworkNamespace

    init(_ name: String) throws {
        middle = NetworkNamespace(named: "\(name)-m")
        client = NetworkNamespace(named: "\(name)-c")
        server = NetworkNamespace(named: "\(name)-s")
        try Program.run(
            "ip",
            ["-batch", "-"],
            input: """
                netns add \(name)-m
                netns add \(name)-c
                netns add \(name)-s

                """
        )
        try Program.run(
            "ip",
            ["-n", "\(name)-m", "-batch", "-"],
            input: """
                link set lo up
                link add c type veth peer name eth0 netns \(name)-c
                link add s type veth peer name eth0 netns \(name)-s
                addr add 10.64.0.1/12 dev c
                addr add 10.80.0.1/12 dev s
                link set c up
                link set s up

                """
        )
        for (side, network) in [("c", 64), ("s", 80)] {
            try Program.run(
                "ip",
                ["-n", "\(name)-\(side)", "-batch", "-"],
                input: """
                    link set lo up
                    addr add 10.\(network).0.2/24 dev eth0
                    link set eth0 up
                    route add default via 10.\(network).0.1

                    """
            )
        }
        for namespace in [middle, client, server] { try Self.prepare(namespace) }
    }

    /// Runs a script of nft in the middle.
    func load(_ script: String) throws {
        try Program.run("nsenter", ["--net=\(middle.path)", "nft", "-f", "-"], input: script)
    }

    /// The packets counted by a named counter of our table.
    func counter(_ name: String) throws -> Int {
        let text = try Program.run(
            "nsenter",
            ["--net=\(middle.path)", "nft", "list", "counter", "inet", "palisade", name]
        )
        return text.split(whereSeparator: \.isWhitespace).drop { $0 != "packets" }.dropFirst().first
            .flatMap { Int($0) } ?? 0
    }

    private static func prepare(_ namespace: NetworkNamespace) throws {
        try namespace.runBlocking {
            try KernelSetting("net/ipv4/ip_forward").ensure("1")
            try KernelSetting("net/ipv4/ip_local_port_range").ensure("10000\t65000")
            for name in ["all", "default", "c", "s", "eth0"] {
                let setting = KernelSetting("net/ipv4/conf/\(name)/rp_filter")
                if setting.value != nil { try setting.ensure("0") }
            }
        }
    }
}

/// A program that is run to its end.
enum Program {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Sleeps on the calling thread.
    static func pause(seconds: Double) { usleep(useconds_t(seconds * 1e6)) }

    /// Runs a program through the shell; Foundation's `Process` needs a run loop of its own.
    /// - Returns: its standard output.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let directory = try TemporaryDirectory()
        defer { try? directory.remove() }  // What remains in the temporary directory is small and harmless.
        let files = ["in", "out", "err"].map { directory.path + "/" + $0 }
        try Data(input.utf8).write(to: URL(fileURLWithPath: files[0]))
        let words = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let status = system("\(words) <\(files[0]) >\(files[1]) 2>\(files[2])")
        guard status == 0 else {
            let message = try String(contentsOfFile: files[2], encoding: .utf8)
            throw Failure(description: "\(words): \(message.prefix(500))")
        }
        return try String(contentsOfFile: files[1], encoding: .utf8)
    }

    /// Starts a program without waiting for it.
    static func start(_ program: String, _ arguments: [String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var pointers: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in pointers + environment { free(pointer) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, nil, &pointers, &environment)
        guard code == 0 else {
            throw Failure(description: "cannot start \(program): \(String(cString: strerror(code)))")
        }
        return process
    }
}

/// A directory of a benchmark's own in the system's temporary directory.
struct TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/palisade-bench-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
