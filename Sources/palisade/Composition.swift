// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import Credentials
import Foundation
import HostDatapath
import Logging
import Netlink
import NftablesRuleset
import PolicyAnalysis
import PolicyModel
import PolicyRepository
import ServiceLifecycle
import Storage
import UnixSignals
import WebConsole

/// The one place that names concrete parts: it makes an environment from them and runs it.
enum Composition {
    /// Runs `palisade up` until it is told to stop.
    /// - Throws: `UpFailure`, `StartRefusal`, or what a part throws when it cannot start.
    static func run(_ options: UpOptions) async throws {
        if options.isSandbox, !SandboxLauncher.isInside { try enterSandbox(options) }
        let data = try ClaimedDirectory(options.data)
        let logger = Logger(label: "palisade") { _ in StreamLogHandler.standardError(label: "palisade") }
        let now: @Sendable () -> Int64 = systemTime
        let inherited = ProcessInfo.processInfo.environment[inheritedSocket].flatMap(Int32.init)
        let network = try options.console.network(inherited: inherited)
        let workloads = try await workloads(options)
        let warnings = try await prepareKernel(options)
        let policyDirectory = try policyDirectory(options, data)
        let policyFiles = PolicyDirectory(path: policyDirectory)
        let modes = ModeFile(path: data.modes)
        let modeSettings = try await modeSettings(options, modes, data)
        // Last, so that a start that fails leaves no store that looks as if its process had died.
        let opening = try await SQLiteFlowStore.open(
            directory: data.path,
            settings: options.store,
            now: now
        )
        for sentence in opening.sentences { logger.warning("\(sentence)") }
        let name = options.isSandbox ? "sandbox" : ProcessInfo.processInfo.hostName
        let (stopRequests, stopRequest) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: workloads,
                policies: policyFiles,
                lastGood: LastGoodDirectory(path: data.lastGood),
                modes: modes,
                applier: NftProgram(),
                events: [PacketLog(group: KernelMarks.logGroup), ConnectionEvents()],
                store: opening.store,
                health: HostHealth(),
                editing: .init(files: policyFiles, digest: hexadecimalDigest)
            ),
            settings: HostEnvironment.Settings(
                name: name,
                kind: options.isSandbox ? .sandbox : .host,
                version: ProgramVersion.current,
                hostTraffic: options.hostTraffic,
                skipsBroken: options.skipsBroken,
                warnings: warnings,
                storeMessages: opening.sentences
            ),
            initialModes: modeSettings,
            capabilities: { EnforcementEngine.host.unenforceable(in: $0).map(\.finding) },
            logger: logger,
            now: now,
            stop: { stopRequest.yield() }
        )
        do {
            try await environment.start()
        } catch {
            try opening.store.close()
            throw error
        }
        let accounts = try await Accounts.open(data, url: network?.url)
        let welcome = Welcome(
            environment: environment,
            options: options,
            policies: policyDirectory,
            console: ConsoleAddress(network: network, setupLink: accounts.access.setupLink())
        )
        let server = try server(
            [console(environment, name: name, kind: options.isSandbox ? .sandbox : .host)],
            accounts,
            data,
            network: network,
            now: now,
            logger: logger,
            onReady: {
                await environment.settle()
                welcome.ready()
            }
        )
        let result = await run(environment.services + [server, welcome, StopOnRequest(requests: stopRequests)], logger)
        await environment.finish()
        try opening.store.close()
        try await accounts.close()
        try result.get()
    }

    /// Removes the rules that a process which is gone left in this host's kernel.
    /// - Returns: what was removed; `nil` when there was nothing of ours, or it cannot be seen without privilege.
    static func removeRules() async throws -> [String]? {
        let nft = NftProgram()
        do {
            guard try await nft.installedGeneration() != nil else { return nil }
        } catch {
            // Without nft or the privilege for it there is nothing that this process could remove.
            return nil
        }
        do {
            try await nft.remove()
        } catch {
            throw CommandFailure(.failure, "Our rules could not be removed: \(error)")
        }
        return NftProgram.families.map { "table \($0) \(NftProgram.tableName)" }
    }

    /// Names the descriptor of the console's socket for the program inside the sandbox.
    static let inheritedSocket = "PALISADE_LISTEN_DESCRIPTOR"

    /// Starts this program again inside private namespaces; returns only by throwing.
    private static func enterSandbox(_ options: UpOptions) throws -> Never {
        // Inside, everybody is root: what depends on the user must be settled here.
        setenv("PALISADE_DATA", options.data, 1)
        // A socket stays in the network that it was made in, so that browsers outside reach the console.
        if !options.console.isOff {
            let address = try ListenAddress(parsing: options.console.listen)
            setenv(inheritedSocket, "\(try ListeningSocket(address, isInherited: true).descriptor)", 1)
        }
        do {
            // The link itself would name whatever program reads it.
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            try SandboxLauncher.launch(program: program, arguments: Array(CommandLine.arguments.dropFirst()))
        } catch {
            throw CommandFailure(
                .failure,
                "The sandbox cannot be started: \(error). Install util-linux, and allow user namespaces."
            )
        }
    }

    private static func workloads(_ options: UpOptions) async throws -> any WorkloadSource {
        if options.isSandbox {
            do {
                return Sandbox(try await SandboxWorld.build())
            } catch {
                throw CommandFailure(.failure, "The sandbox cannot be built: \(error)")
            }
        }
        do {
            let socket = try RuntimeSocket.find(
                requested: options.runtimeSocket,
                environment: ProcessInfo.processInfo.environment
            )
            return DockerRuntime(socket)
        } catch {
            throw CommandFailure(.unreachable, "\(error)")
        }
    }

    /// The modes set last, with what the command line asks for.
    /// - Throws: `CommandFailure` for modes that cannot be read: taking them for audit would open what was closed.
    private static func modeSettings(
        _ options: UpOptions,
        _ file: ModeFile,
        _ data: ClaimedDirectory
    ) async throws -> ModeSettings {
        do {
            var settings = try await file.load() ?? ModeSettings()
            if let mode = options.mode, mode != settings.environment {
                settings.environment = mode
                try await file.store(settings)
            }
            return settings
        } catch {
            throw CommandFailure(
                .failure,
                "The modes in \(data.modes) cannot be read or written (\(error.localizedDescription)). "
                    + "Mend the file, or remove it and set the modes again with --mode."
            )
        }
    }

    private static func policyDirectory(_ options: UpOptions, _ data: ClaimedDirectory) throws -> String {
        if let directory = options.policies { return directory }
        if options.isSandbox {
            try SandboxPolicies.write(into: data.policies)
        } else {
            try FileManager.default.createDirectory(atPath: data.policies, withIntermediateDirectories: true)
        }
        return data.policies
    }

    /// Brings the kernel into the state that enforcement and observation need.
    /// - Returns: what is missing without keeping us from working.
    /// - Throws: `CommandFailure` that names the first thing without which enforcement cannot work.
    private static func prepareKernel(_ options: UpOptions) async throws -> [String] {
        if options.isSandbox { forgetSoon() }
        let checks = await HostSelfTest().run()
        if let failure = checks.first(where: { $0.outcome == .failure }) {
            throw CommandFailure(failure.name == "privilege" ? .notPermitted : .failure, sentence(failure))
        }
        return checks.filter { $0.outcome == .warning }.map(sentence)
    }

    /// Ended connections of the sandbox are reported after seconds, not after minutes, so that their bytes are seen.
    private static func forgetSoon() {
        for (name, seconds) in [
            ("tcp_timeout_time_wait", "2"), ("udp_timeout", "3"), ("icmp_timeout", "3"), ("icmpv6_timeout", "3"),
        ] {
            // Without it the figures come later; nothing else changes.
            try? KernelSetting("net/netfilter/nf_conntrack_\(name)").ensure(seconds)
        }
    }

    private static func sentence(_ check: HostCheck) -> String {
        check.fix.map { "\(check.finding) \($0)" } ?? check.finding
    }

    /// The lifecycle's own messages matter only when something is wrong.
    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = .warning
        return quiet
    }
}

/// Ends the group when the environment was taken down.
private struct StopOnRequest: Service {
    var requests: AsyncStream<Void>

    func run() async throws {
        for await _ in requests.cancelOnGracefulShutdown() {
            // The answer to the request is still on its way.
            try await Task.sleep(for: .milliseconds(200))
            return
        }
    }
}
