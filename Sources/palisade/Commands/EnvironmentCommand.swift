// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NIOHTTP1
import NetworkPrimitives

/// `palisade env`.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Look at and change the environment.",
        subcommands: [ModeCommand.self]
    )

    struct ModeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mode",
            abstract: "Whether policies are enforced or only evaluated.",
            subcommands: [Get.self, Set.self],
            defaultSubcommand: Get.self
        )
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the mode and its exceptions.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let report: ModeReport = try await options.client.get("mode")
            try options.show(report, items: [report], table: EnvironmentCommand.table(report))
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the mode: audit, blocking, or inherit for a narrower scope.",
            discussion: """
                Examples:
                  palisade env mode set blocking
                  palisade env mode set blocking --scope ns/shop
                  palisade env mode set audit --scope policy/shop/allow-web
                """
        )

        @Argument(help: "audit, blocking or inherit.")
        var mode: String

        @Option(help: "ns/NAME or policy/NAMESPACE/NAME; default: the environment.")
        var scope: String?

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json])
            let change = ModeChange(
                scope: try EnvironmentCommand.scope(scope),
                mode: mode == "inherit" ? nil : try ModeArgument.mode(mode)
            )
            if change.mode == nil, change.scope == .environment {
                throw CommandFailure(.usage, "The environment has nothing to inherit from. Use audit or blocking.")
            }
            let report: ModeReport = try await options.client.send(.PUT, "mode", body: change)
            if options.output == .json { return Console.line(try JSONText.pretty(report)) }
            let name = Escaping.terminal("environment/\(report.environment)" + (scope.map { " \($0)" } ?? ""))
            Console.line("\(name) mode set to \(mode)")
            options.say("Next: palisade flows -f -verdict:allowed")
        }
    }

    static func scope(_ text: String?) throws -> ModeChange.Scope {
        guard let text else { return .environment }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("ns", 2), ("namespace", 2): return .namespace(parts[1])
        case ("policy", 2): return .policy(parts[1])
        default:
            throw CommandFailure(.usage, "--scope \"\(text)\" is not ns/NAME or policy/NAMESPACE/NAME.")
        }
    }

    static func table(_ report: ModeReport) -> Table {
        let observed = report.observed.map { $0 ? "confirmed" : "pending" } ?? "unknown"
        var rows = [["environment/\(report.environment)", report.mode.rawValue, observed]]
        rows += report.namespaces.sorted { $0.key < $1.key }.map { ["ns/\($0.key)", $0.value.rawValue, observed] }
        rows += report.policies.sorted { $0.key < $1.key }.map { ["policy/\($0.key)", $0.value.rawValue, observed] }
        return Table(headers: ["SCOPE", "MODE", "OBSERVED"], rows: rows)
    }
}
