// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import NIOHTTP1

/// `palisade user`.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "People who may sign in, and their roles.",
        discussion: """
            Examples:
              palisade user list
              palisade user create author1 --grant author@environment/production --password-stdin < file
              palisade user edit author1 --disable
            """,
        subcommands: [List.self, Create.self, Edit.self, Delete.self],
        defaultSubcommand: List.self
    )

    static func table(_ users: [UserReport]) -> Table {
        Table(
            headers: ["NAME", "SIGN-IN", "ROLES", "SESSIONS", "TOKENS", "LAST-SIGN-IN"],
            rows: users.map { user in
                let groups = user.groups.map { GrantReport(role: $0.role, scope: "group/\($0.group)") }
                return [
                    user.name, user.isDisabled ? "disabled" : user.signIn.rawValue,
                    GrantArgument.text(user.grants + user.externalGrants + groups), "\(user.sessionCount)",
                    "\(user.tokenCount)", user.lastSignIn.map { TimeExpression.full($0) } ?? "<never>",
                ]
            }
        )
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let list: UserList = try await options.server().all("/users")
            try options.show(list, items: list.items, table: UserCommand.table(list.items))
            if list.items.isEmpty { options.say("No users.") }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a user.")

        @Argument var name: String
        @Option(help: "What pages show; default: the name.")
        var displayName: String?
        @Option(help: ArgumentHelp(GrantArgument.help, valueName: "role"))
        var grant: [String] = []
        @Flag(help: "Read the password from standard input; without it nobody can sign in until one is set.")
        var passwordStdin = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let draft = UserDraft(
                name: name,
                displayName: displayName,
                password: passwordStdin ? try SecretInput.password("Password", fromStandardInput: true) : nil,
                grants: try grant.map(GrantArgument.grant)
            )
            let user: UserReport = try await options.server().send(.POST, "/users", body: draft)
            try options.show(user, items: [user], table: UserCommand.table([user]))
            options.say("user/\(Escaping.terminal(user.name)) created")
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a user's names, roles or password.")

        @Argument var name: String
        @Option(help: "A new user name.")
        var rename: String?
        @Option(help: "What pages show.")
        var displayName: String?
        @Option(help: ArgumentHelp("All roles, instead of those before: \(GrantArgument.help)", valueName: "role"))
        var grant: [String] = []
        @Flag(help: "Take all roles away.")
        var noGrants = false
        @Flag(inversion: .prefixedEnableDisable, help: "Whether the user can sign in and their tokens work.")
        var access: Bool?
        @Flag(help: "Read a new password from standard input.")
        var passwordStdin = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            if noGrants, !grant.isEmpty { throw ValidationError("--grant and --no-grants exclude each other.") }
        }

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let server = try options.server()
            let path = "/users/\(APIClient.segment(name))"
            if passwordStdin {
                let change = PasswordChange(new: try SecretInput.password("Password", fromStandardInput: true))
                let _: APIClient.Nothing = try await server.send(.PUT, path + "/password", body: change)
            }
            let edit = UserEdit(
                name: rename,
                displayName: displayName,
                isDisabled: access.map { !$0 },
                grants: noGrants ? [] : grant.isEmpty ? nil : try grant.map(GrantArgument.grant)
            )
            let user: UserReport =
                edit == UserEdit()
                ? try await server.get(path) : try await server.send(.PATCH, path, body: edit)
            try options.show(user, items: [user], table: UserCommand.table([user]))
            options.say("user/\(Escaping.terminal(user.name)) changed")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a user with their sessions and tokens.")

        @Argument var name: String
        @OptionGroup var confirmation: Confirmation
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try confirmation.require(name)
            try await options.server().delete("/users/\(APIClient.segment(name))")
            options.say("user/\(Escaping.terminal(name)) deleted")
        }
    }
}
