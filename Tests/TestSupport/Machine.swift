// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Glibc

/// What a test needs from the machine.
///
/// A test without it is skipped with the reason; with `PALISADE_REQUIRE_ALL=1` nothing is skipped, so that it fails
/// instead.
public enum Machine {
    /// Whether nothing may be skipped.
    public static let requiresAll = ProcessInfo.processInfo.environment["PALISADE_REQUIRE_ALL"] == "1"

    /// Whether network namespaces, nft and raw sockets can be used: the tests run as root.
    public static var canUseKernel: Bool {
        requiresAll || (geteuid() == 0 && has("nft") && has("ip") && has("nsenter"))
    }

    /// The reason shown when `canUseKernel` is false.
    public static let kernelReason = "needs root and the programs nft, ip and nsenter (dev/install-test-needs.sh)"

    /// Whether containers can be started with Podman.
    public static var canUsePodman: Bool { requiresAll || (canUseKernel && has("podman") && has("busybox")) }

    /// The reason shown when `canUsePodman` is false.
    public static let podmanReason = "needs root and the programs podman, runc and busybox (dev/install-test-needs.sh)"

    /// Whether a program is in the usual directories.
    public static func has(_ program: String) -> Bool {
        ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"].contains {
            access("\($0)/\(program)", X_OK) == 0
        }
    }

    /// Runs a program to its end.
    ///
    /// Its output goes through files: a pipe would stay open as long as a program started at the same time lives.
    /// - Returns: its standard output.
    /// - Throws: `ProgramFailure` when it cannot be started or its exit status is not 0.
    @discardableResult
    public static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let files = NSTemporaryDirectory() + "palisade-run-\(UInt64.random(in: 0...UInt64.max))"
        defer {
            // A leftover file harms nobody.
            for suffix in ["in", "out", "err"] { unlink("\(files).\(suffix)") }
        }
        try Data(input.utf8).write(to: URL(fileURLWithPath: "\(files).in"))
        let id = try start(program, arguments, input: "\(files).in", output: "\(files).out", error: "\(files).err")
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let output = try Data(contentsOf: URL(fileURLWithPath: "\(files).out"))
        guard status == 0 else {
            let message = try Data(contentsOf: URL(fileURLWithPath: "\(files).err"))
            throw ProgramFailure(
                command: ([program] + arguments).joined(separator: " "),
                message: "status \(status): \(String(decoding: message, as: UTF8.self))"
            )
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Starts a program and does not wait for it.
    /// - Returns: its process id; the caller waits for it.
    public static func start(
        _ program: String,
        _ arguments: [String],
        input: String = "/dev/null",
        output: String = "/dev/null",
        error: String = "/dev/null"
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The thread may have signals blocked, and a program that inherits that never sees its own alarm.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: Int32 = 0
        let code = posix_spawnp(&id, program, &actions, &attributes, &words, &variables)
        guard code == 0 else {
            throw ProgramFailure(command: program, message: String(cString: strerror(code)))
        }
        return id
    }
}

/// A program that a test started failed.
public struct ProgramFailure: Error, CustomStringConvertible {
    public var command: String
    public var message: String

    public var description: String { "\(command): \(message)" }
}

/// A network namespace of a test's own, removed with it.
public final class TestNamespace: Sendable {
    public let name: String

    public var path: String { "/run/netns/\(name)" }

    /// Makes the namespace and brings its loopback interface up.
    public init(_ purpose: String) throws {
        name = "pt-\(purpose)-\(getpid())-\(UInt16.random(in: 0...UInt16.max))"
        try Machine.run("ip", ["netns", "add", name])
        try Machine.run("ip", ["-n", name, "link", "set", "lo", "up"])
    }

    deinit {
        do {
            try Machine.run("ip", ["netns", "del", name])
        } catch {
            print("cannot remove the network namespace \(name): \(error)")
        }
    }

    /// Loads rules in the namespace.
    public func nft(_ script: String) throws {
        try Machine.run("nsenter", ["--net=\(path)", "nft", "-f", "-"], input: script)
    }
}
