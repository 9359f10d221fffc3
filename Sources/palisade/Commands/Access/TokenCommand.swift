// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NIOHTTP1

/// `palisade token`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens for programs; each does what it was given, and never more than its owner.",
        discussion: """
            Examples:
              palisade token create --name ci --scope environment/production --role Author -o json
              palisade token create --name push --scope git --role Author
              palisade token edit ci --scope environment/staging --role Author --days 30
              palisade token list
              palisade token delete ci
            """,
        subcommands: [List.self, Create.self, Edit.self, Delete.self],
        defaultSubcommand: List.self
    )

    static func table(_ tokens: [TokenReport]) -> Table {
        Table(
            headers: ["NAME", "USER", "ROLES", "EXPIRES", "LAST-USED", "ID"],
            rows: tokens.map { token in
                [
                    token.name, token.user, GrantArgument.text(token.grants),
                    TimeExpression.full(token.expires) + (token.isExpired ? " (expired)" : ""),
                    token.lastUsed.map { TimeExpression.full($0) } ?? "<never>", token.id,
                ]
            }
        )
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens; never their values.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let list: TokenList = try await options.server().all("/tokens")
            try options.show(list, items: list.items, table: TokenCommand.table(list.items))
            if list.items.isEmpty { options.say("No tokens.") }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token; its value is shown once.")

        @Option(help: "What to call it.")
        var name: String
        @Option(help: "What it may do where its scope is.")
        var role: String = "Viewer"
        @Option(help: "everywhere, group/PATH, environment/NAME, namespace/ENV/NAME, or git: the repository alone.")
        var scope: String = "everywhere"
        @Option(help: "Whose it is; default: yours. As the owner of the socket it must be named.")
        var user: String?
        @Option(help: "Days until it expires, 1 to 365.")
        var days: Int = 90
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml, .name])
            let draft = TokenDraft(
                name: name,
                user: user,
                grants: [try GrantArgument.grant("\(role)@\(scope)")],
                days: days
            )
            let created: TokenCreated = try await options.server().send(.POST, "/tokens", body: draft)
            switch options.output {
            case .json: Console.line(try JSONText.pretty(created))
            case .yaml: Console.line(try YAMLText.document(created))
            default: Console.line(created.value)
            }
            options.say("token/\(Escaping.terminal(name)) created. Its value is shown here and never again.")
            guard scope == "git" else { return }
            options.say("It opens the Git repository of policies alone; this version does not serve one yet.")
        }
    }

    /// The token of a name or an id.
    /// - Throws: a failure when there is none, or more than one.
    private static func find(_ token: String, _ server: APIClient) async throws -> TokenReport {
        let list: TokenList = try await server.all("/tokens")
        let found = list.items.filter { $0.id == token || $0.name == token }
        guard let first = found.first else {
            throw CommandFailure(
                .notFound,
                "There is no token \(Escaping.terminal(token)). See: palisade token list"
            )
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(found.count) tokens are called that. Name one by its id: palisade token list"
            )
        }
        return first
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a token's name, role or end; its value stays."
        )

        @Argument(help: "Its name or id.")
        var token: String
        @Option(help: "A new name.")
        var rename: String?
        @Option(help: "What it may do where its scope is; with --scope, instead of all it had.")
        var role: String?
        @Option(help: "everywhere, group/PATH, environment/NAME, namespace/ENV/NAME, or git: the repository alone.")
        var scope: String?
        @Option(help: "Days from now until it expires, 1 to 365.")
        var days: Int?
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            if (role == nil) != (scope == nil) {
                throw ValidationError("--role and --scope belong together: they replace what the token may do.")
            }
            if rename == nil, role == nil, days == nil {
                throw ValidationError("Say what to change: --rename, --role with --scope, or --days.")
            }
        }

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let server = try options.server()
            let found = try await TokenCommand.find(token, server)
            var edit = TokenEdit(name: rename, days: days)
            if let role, let scope { edit.grants = [try GrantArgument.grant("\(role)@\(scope)")] }
            let changed: TokenReport =
                try await server.send(.PATCH, "/tokens/\(APIClient.segment(found.id))", body: edit)
            try options.show(changed, items: [changed], table: TokenCommand.table([changed]))
            options.say("token/\(Escaping.terminal(changed.name)) changed")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token; it stops working at once.")

        @Argument(help: "Its name or id.")
        var token: String
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let server = try options.server()
            let first = try await TokenCommand.find(token, server)
            try await server.delete("/tokens/\(APIClient.segment(first.id))")
            options.say("token/\(Escaping.terminal(first.name)) revoked")
        }
    }
}
