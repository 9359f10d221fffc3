// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import Foundation

/// Runs the benchmarks that are named on the command line, each figure one JSON line on standard output.
///
/// One process runs one benchmark (run.sh starts one for each), so that memory figures are its own. Everything happens in
/// network namespaces that end with the process; the machine's own network is not touched.
@main
struct Benchmarks {
    private static let all: [(name: String, run: @Sendable () async throws -> Void)] = [
        ("enforcement-latency", EnforcementLatency.run),
        ("packet-cost", PacketCost.run),
        ("connect-rate", ConnectRate.run),
        ("event-throughput", EventThroughput.run),
        ("idle", Idle.run),
        ("startup", Startup.run),
        ("engine", EngineSpeed.run),
        ("insight", InsightSpeed.run),
        ("console", ConsoleSpeed.run),
        ("live-clients", LiveClients.run),
        ("console-idle", ConsoleIdle.run),
        ("editor-check", EditorCheck.run),
    ]

    /// Those that need neither the kernel's rules nor root: a child process and the loopback interface.
    private static let ordinary: Set<String> = ["console", "live-clients", "console-idle", "editor-check"]

    static func main() async {
        let names = Array(CommandLine.arguments.dropFirst())
        if names.first == "live-server" { return await serveLive(Array(names.dropFirst())) }
        guard !names.isEmpty, names.allSatisfy({ name in all.contains { $0.name == name } }) else {
            fail("usage: PalisadeBenchmarks \(all.map(\.name).joined(separator: " | "))")
        }
        let isOrdinary = ordinary.isSuperset(of: names)
        guard isOrdinary || geteuid() == 0 else {
            fail("The benchmarks measure the real kernel in network namespaces of their own; run them as root.")
        }
        // The program under test makes its own private world.
        if names != ["startup"], !isOrdinary, !SandboxLauncher.isInside { enterPrivateNetwork(names) }
        for (name, run) in all where names.contains(name) {
            do {
                try await run()
            } catch {
                fail("\(name): \(error)")
            }
        }
    }

    /// The process that `live-clients` starts.
    private static func serveLive(_ arguments: [String]) async {
        do {
            try await LiveServer.run(arguments)
        } catch {
            fail("live-server: \(error)")
        }
    }

    /// Replaces this process by one in private network and mount namespaces, still with root's own privileges.
    private static func enterPrivateNetwork(_ names: [String]) -> Never {
        setenv(SandboxLauncher.marker, "1", 1)
        let words = SandboxLauncher.command(
            program: CommandLine.arguments[0],
            arguments: names,
            usesUserNamespace: false
        )
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        execvp("unshare", &pointers)
        fail("cannot start unshare (package util-linux)")
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
