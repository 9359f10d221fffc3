// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import NetworkPrimitives
import PolicyModel
import Storage

/// What `palisade up` was asked to do, checked.
struct UpOptions: Sendable {
    /// Whether to build the small world of its own instead of looking at this host's containers.
    var isSandbox: Bool
    /// Directory of policies; `nil` is the sandbox's own examples, or none.
    var policies: String?
    /// Data directory.
    var data: String
    /// `nil`: the usual places.
    var runtimeSocket: String?
    /// `nil`: what was last set, else audit.
    var mode: Mode?
    var hostTraffic: HostTraffic
    var skipsBroken: Bool
    var store: FlowStoreSettings
    var console: ListenOptions
    var isVerbose: Bool
    var isQuiet: Bool

    var socketPath: String { data + "/palisade.sock" }
}

/// `palisade up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Discover this host's containers, enforce policies, record flows.",
        discussion: """
            Examples:
              palisade up --sandbox
              sudo palisade up --policies ./policies
              sudo palisade up --policies ./policies --mode blocking
            """
    )

    @Flag(help: "Build a small world in private namespaces, without touching the host.")
    var sandbox = false

    @Option(help: "Directory of policy files; watched.")
    var policies: String?

    @OptionGroup var place: DataDirectory
    @OptionGroup var console: ListenOptions

    @Option(help: "Docker-compatible socket; default: the usual places.")
    var runtimeSocket: String?

    @Option(help: "audit or blocking; default: what was last set, else audit.")
    var mode: String?

    @Option(help: "allowed or enforce: whether traffic from this host to its containers is under policy.")
    var hostTraffic: String = "allowed"

    @Flag(help: "Start in blocking mode although a policy file is broken and has no last good content.")
    var skipBroken = false

    @Option(help: "How long to keep flow records: 24h, 3d.")
    var retention: String = "24h"

    @Option(help: "How long to keep counts per minute: 30d.")
    var countRetention: String = "30d"

    @Option(help: "The most that the flow database may take: 512M, 1G.")
    var storeSize: String = "1G"

    @Flag(name: [.short, .long], help: "Log more.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Only warnings and errors.")
    var quiet = false

    mutating func run() async throws { try await Composition.run(try options()) }

    func options() throws -> UpOptions {
        UpOptions(
            isSandbox: sandbox,
            policies: policies,
            data: place.path,
            runtimeSocket: runtimeSocket,
            mode: try mode.map(ModeArgument.mode),
            hostTraffic: try hostTrafficValue(),
            skipsBroken: skipBroken,
            store: FlowStoreSettings(
                recordRetention: .seconds(try duration(retention, "--retention")),
                countRetention: .seconds(try duration(countRetention, "--count-retention")),
                capacity: try size()
            ),
            console: console,
            isVerbose: verbose,
            isQuiet: quiet
        )
    }

    private func hostTrafficValue() throws -> HostTraffic {
        switch hostTraffic {
        case "allowed", "allow": return .allowed
        case "enforce", "enforced": return .enforced
        default: throw CommandFailure(.usage, "--host-traffic \"\(hostTraffic)\" is not allowed or enforce.")
        }
    }

    private func duration(_ text: String, _ flag: String) throws -> Int64 {
        guard let seconds = TimeExpression.seconds(text), seconds >= 60 else {
            throw CommandFailure(
                .usage,
                "\(flag) \"\(text)\" is not a duration of a minute or more. Write it like 24h or 30d."
            )
        }
        return seconds
    }

    private func size() throws -> UInt64 {
        let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        let text = storeSize.uppercased()
        guard let last = text.last, let unit = units[last], let number = UInt64(text.dropLast()), number < 1 << 20,
            number * unit >= 16 << 20
        else {
            throw CommandFailure(
                .usage,
                "--store-size \"\(storeSize)\" is not a size of 16M or more. Write it like 512M or 1G."
            )
        }
        return number * unit
    }
}

/// Reads the word for a mode.
enum ModeArgument {
    static func mode(_ text: String) throws -> Mode {
        guard let mode = Mode(rawValue: text.lowercased()) else {
            throw CommandFailure(.usage, "\"\(text)\" is not a mode. Use audit or blocking.")
        }
        return mode
    }
}
