// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

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
    /// - Returns: its standard output.
    /// - Throws: `ProgramFailure` when it cannot be started or its exit status is not 0.
    @discardableResult
    public static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let stdin = Pipe()
        let stdout = Pipe()
        let stderr = Pipe()
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        let message = stderr.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(
                command: ([program] + arguments).joined(separator: " "),
                message: String(decoding: message, as: UTF8.self)
            )
        }
        return String(decoding: output, as: UTF8.self)
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
