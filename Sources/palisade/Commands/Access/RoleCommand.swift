// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ArgumentParser
import ControlPlane

/// `palisade role`.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "What each role may do.",
        subcommands: [List.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show roles and permissions.")

        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.require(GlobalOptions.listFormats)
            let list: RoleList = try await options.server().get("/roles")
            let table = Table(
                headers: ["PERMISSION"] + list.items.map { $0.role.rawValue.uppercased() },
                rows: list.rows.map { row in
                    [row.permission.rawValue] + list.items.map { row.roles[$0.role.rawValue] ?? "no" }
                }
            )
            try options.show(list, items: list.items, table: table)
        }
    }
}
