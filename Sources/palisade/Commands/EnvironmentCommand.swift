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
        discussion: """
            Examples:
              palisade env list
              palisade env mode get
              palisade env mode set blocking --scope shop
            """,
        subcommands: [List.self, ModeCommand.self]
    )

    /// One environment as the API lists it.
    struct Item: Codable {
        var name: String
        var environmentKind: StatusReport.Kind
        var mode: Mode
        @OrNull var isModeObserved: Bool?
        var inSync: Bool
        @OrNull var namespaces: [String]?
    }

    private struct Items: Codable {
        var apiVersion: String
        var kind: String
        var items: [Item]
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the environments that you may see.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let list: Items = try await options.server().get("/environments")
            let table = Table(
                headers: ["NAME", "KIND", "MODE", "OBSERVED", "NAMESPACES"],
                rows: list.items.map { item in
                    [
                        item.name, item.environmentKind.rawValue, item.mode.rawValue,
                        item.isModeObserved.map { $0 ? "confirmed" : "not confirmed" } ?? "unknown",
                        item.namespaces?.joined(separator: ",") ?? "<all>",
                    ]
                }
            )
            try options.show(list, items: list.items, table: table)
            if list.items.isEmpty { options.say("No environments.") }
        }
    }

    struct ModeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mode",
            abstract: "Whether policies are enforced or only evaluated.",
            subcommands: [Get.self, Set.self],
            defaultSubcommand: Get.self
        )
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the mode and its exceptions.",
            discussion: "Example:\n  palisade env mode get -o json"
        )

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let report: ModeReport = try await options.server().get("mode")
            try options.show(report, items: [report], table: EnvironmentCommand.table(report))
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the mode: audit, blocking, or inherit for a narrower scope.",
            discussion: """
                Examples:
                  palisade env mode set blocking
                  palisade env mode set blocking --scope shop --confirm shop
                  palisade env mode set audit --scope shop/allow-web
                  palisade env mode set inherit --scope shop

                To switch to blocking, the name of what is switched is asked for; --confirm NAME or -y answer beforehand.
                """
        )

        @Argument(help: "audit, blocking or inherit.", completion: .list(["audit", "blocking", "inherit"]))
        var mode: String

        @Option(help: "NAMESPACE or NAMESPACE/POLICY, also ns/NAME or policy/NAME; default: the environment.")
        var scope: String?

        @OptionGroup var confirmation: Confirmation

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let change = ModeChange(
                scope: try ModeScope.scope(scope),
                mode: mode == "inherit" ? nil : try ModeArgument.mode(mode)
            )
            if change.mode == nil, change.scope == .environment {
                throw CommandFailure(.usage, "The environment has nothing to inherit from. Use audit or blocking.")
            }
            let server = try options.server()
            let before: ModeReport = try await server.get("mode")
            try await confirm(change, before, server)
            let report: ModeReport = try await server.send(.PUT, "mode", body: change)
            switch options.output {
            case .json: return Console.line(try JSONText.pretty(report))
            case .yaml: return Console.line(try YAMLText.document(report))
            default: break
            }
            let name = "environment/\(report.environment)" + (scope.map { " \($0)" } ?? "")
            Console.line(Escaping.terminal("\(name) mode set to \(mode)"))
            if report.observed == false { options.say("It is not in the kernel yet: palisade status --wait") }
            options.say("Next: palisade flows -f -verdict:allowed")
        }

        /// Says what blocking would cut, and asks.
        ///
        /// `inherit` blocks too where the next wider scope does.
        private func confirm(_ change: ModeChange, _ before: ModeReport, _ server: APIClient) async throws {
            let wanted = change.mode ?? ModeScope.inheritedMode(of: change.scope, in: before)
            guard wanted == .blocking, ModeScope.mode(of: change.scope, in: before) != .blocking else { return }
            options.say(Escaping.terminal(try await consequence(change.scope, before, server)))
            try confirmation.require(ModeScope.name(change.scope) ?? before.environment)
        }

        /// What blocking would have cut; a store that cannot answer does not keep anybody from switching.
        private func consequence(
            _ scope: ModeChange.Scope,
            _ before: ModeReport,
            _ server: APIClient
        ) async throws -> String {
            let filter = "verdict:would-drop" + ModeScope.filter(scope)
            let range = try TimeArguments.range(since: "24h", until: nil)
            do {
                let page: FlowPage = try await server.get(
                    "flows",
                    [
                        ("filter", filter), ("from", range.from.description), ("to", range.to.description),
                        ("limit", "\(FlowRequest.largestLimit)"), ("group", FlowRequest.Grouping.connection.rawValue),
                    ]
                )
                let cut = page.items.filter { !ModeScope.staysInAudit($0.decision, scope, before) }
                let count = cut.count == 1 ? "1 connection" : "\(cut.count) connections"
                return "\(count) would have been dropped in the last 24 h (palisade flows --since 24h \(filter))."
            } catch let error as ServiceError {
                return "What would have been dropped is unknown: \(error.description)"
            }
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
