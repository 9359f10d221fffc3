// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ArgumentParser
import ControlPlane
import NIOHTTP1

/// `palisade group`.
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Groups of environments and the people who have a role on them; they nest by path.",
        discussion: """
            Examples:
              palisade group create platform/edge --environment edge-7 --member operator1=operator
              palisade group list
            """,
        subcommands: [List.self, Create.self, Edit.self, Delete.self],
        defaultSubcommand: List.self
    )

    static func table(_ groups: [GroupReport]) -> Table {
        Table(
            headers: ["PATH", "TITLE", "ENVIRONMENTS", "MEMBERS"],
            rows: groups.map { group in
                let members = group.members.map { "\($0.user)=\($0.role.rawValue)" }
                return [
                    group.path, group.title,
                    group.environments.isEmpty ? "<none>" : group.environments.joined(separator: ","),
                    members.isEmpty ? "<none>" : members.joined(separator: ","),
                ]
            }
        )
    }

    static func members(_ texts: [String]) throws -> [GroupReport.Member] {
        try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure(.usage, "\"\(Escaping.terminal(text))\" is not a member. Write USER=ROLE.")
            }
            return GroupReport.Member(user: parts[0], role: try GrantArgument.role(parts[1]))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List groups.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let list: GroupList = try await options.server().all("/groups")
            try options.show(list, items: list.items, table: GroupCommand.table(list.items))
            if list.items.isEmpty { options.say("No groups.") }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a group.")

        @Argument(help: "The path: platform/edge lies in platform.")
        var path: String
        @Option(help: "What pages show; default: the last part of the path.")
        var title: String?
        @Option(help: ArgumentHelp("An environment; repeatable.", valueName: "name"))
        var environment: [String] = []
        @Option(help: ArgumentHelp("USER=ROLE; repeatable.", valueName: "member"))
        var member: [String] = []
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let draft = GroupDraft(
                path: path,
                title: title,
                environments: environment,
                members: try GroupCommand.members(member)
            )
            let group: GroupReport = try await options.server().send(.POST, "/groups", body: draft)
            try options.show(group, items: [group], table: GroupCommand.table([group]))
            options.say("group/\(Escaping.terminal(path)) created")
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a group's title, environments or members.")

        @Argument var path: String
        @Option var title: String?
        @Option(help: ArgumentHelp("All environments, instead of those before; repeatable.", valueName: "name"))
        var environment: [String] = []
        @Option(help: ArgumentHelp("All members, instead of those before: USER=ROLE; repeatable.", valueName: "member"))
        var member: [String] = []
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require([.table, .json, .yaml])
            let edit = GroupEdit(
                title: title,
                environments: environment.isEmpty ? nil : environment,
                members: member.isEmpty ? nil : try GroupCommand.members(member)
            )
            let query = "/group?path=\(APIClient.segment(path))"
            let group: GroupReport = try await options.server().send(.PATCH, query, body: edit)
            try options.show(group, items: [group], table: GroupCommand.table([group]))
            options.say("group/\(Escaping.terminal(path)) changed")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a group; its environments and users stay.")

        @Argument var path: String
        @OptionGroup var confirmation: Confirmation
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try confirmation.require(path)
            try await options.server().delete("/group?path=\(APIClient.segment(path))")
            options.say("group/\(Escaping.terminal(path)) deleted")
        }
    }
}
