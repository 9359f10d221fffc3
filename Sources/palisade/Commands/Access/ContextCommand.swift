// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser

/// `palisade context`.
struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "The servers that you signed in to.",
        subcommands: [List.self, Use.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List them; the current one has a star.")

        mutating func run() async throws {
            let configuration = try ClientConfiguration.load()
            let rows = configuration.contexts.map { context in
                [context.name, context.name == configuration.current ? "*" : "", context.server, context.user ?? ""]
            }
            guard !rows.isEmpty else { return Console.message("None yet. Sign in with: palisade login https://HOST") }
            Table(headers: ["NAME", "CURRENT", "SERVER", "USER"], rows: rows).aligned(headers: true).forEach(
                Console.line
            )
        }
    }

    struct Use: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Choose the one that commands use.")

        @Argument var name: String

        mutating func run() async throws {
            var configuration = try ClientConfiguration.load()
            guard configuration.contexts.contains(where: { $0.name == name }) else {
                let names = configuration.contexts.map(\.name).joined(separator: ", ")
                throw CommandFailure(
                    .notFound,
                    Escaping.terminal("There is no context \(name). There is: \(names.isEmpty ? "none" : names).")
                )
            }
            configuration.current = name
            try configuration.save()
            Console.message(Escaping.terminal("Commands use \(name) now."))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget one, with its token.")

        @Argument var name: String

        mutating func run() async throws {
            var configuration = try ClientConfiguration.load()
            try configuration.remove(name)
            Console.message(Escaping.terminal("Forgot \(name)."))
        }
    }
}
