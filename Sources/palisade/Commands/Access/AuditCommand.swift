// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ChangeControl
import ControlPlane
import NIOHTTP1

/// `palisade audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what: nobody can change or remove an entry unnoticed.",
        discussion: """
            Examples:
              palisade audit list --actor author1 --since 7d
              palisade audit export > audit.jsonl
              palisade audit verify
            """,
        subcommands: [List.self, Export.self, Verify.self],
        defaultSubcommand: List.self
    )

    /// Which entries.
    struct Filters: ParsableArguments {
        @Option(help: "A user name, or an actor as the log writes it.")
        var actor: String?
        @Option(help: "The action's beginning: user. or user.create.")
        var action: String?
        @Option(help: "Text that the object contains.")
        var object: String?
        @Option(help: "success, failure or denied.")
        var outcome: String?
        @Option(help: "Text that some field contains.")
        var text: String?
        @Option(help: "Start of the range: 7d, 2026-11-22T14:00:00Z.")
        var since: String?
        @Option(help: "End of the range.")
        var until: String?

        func query(_ environment: String?) throws -> [(String, String)] {
            var query: [(String, String?)] = [
                ("actor", actor), ("action", action), ("object", object), ("outcome", outcome), ("text", text),
                ("environment", environment),
            ]
            if since != nil || until != nil {
                let range = try TimeArguments.range(since: since ?? "36500d", until: until)
                query += [("from", range.from.description), ("to", range.to.description)]
            }
            return query.compactMap { name, value in value.map { (name, $0) } }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show entries, newest first.")

        @OptionGroup var filters: Filters
        @Option(help: "Entries at most.")
        var last: Int = 100
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let query = try filters.query(options.env) + [("limit", "\(last)")]
            let list: AuditList = try await options.server().get("/audit", query)
            let isWide = options.output != .table
            let table = Table(
                headers: ["TIME", "ACTOR", "ACTION", "OBJECT", "RESULT"]
                    + (isWide ? ["ENV", "ADDRESS", "CLIENT", "DETAIL"] : []),
                rows: list.items.map { item in
                    [
                        TimeExpression.full(item.time), item.actor, item.action, item.object, item.outcome.rawValue,
                    ]
                        + (isWide
                            ? [item.environment, item.address, item.client, item.detail].map { $0 ?? "<none>" } : [])
                }
            )
            try options.show(list, items: list.items, table: table)
            if list.items.isEmpty { options.say("No entries.") }
            if list.ownOnly { options.say("Only your own entries are shown.") }
            if list.next != nil { options.say("There are more: --last \(last * 2)") }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write all entries as JSON lines, oldest first.")

        @OptionGroup var filters: Filters
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try await options.server().download("/audit/export", try filters.query(options.env)) { Console.bytes($0) }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that every entry is as it was written and none is missing."
        )

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let report: AuditVerificationReport = try await options.server().post("/audit/verify")
            switch options.output {
            case .json: Console.line(try JSONText.pretty(report))
            case .yaml: Console.line(try YAMLText.document(report))
            default: Console.line(report.sentence)
            }
            if !report.isWhole { throw CommandFailure(.findings) }
        }
    }
}
