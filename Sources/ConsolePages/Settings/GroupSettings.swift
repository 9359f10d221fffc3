// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// Groups of environments and members; they nest by their paths.
enum GroupSettings {
    private static let action = Link("settings", "groups")

    static func html(_ model: SettingsModel, _ context: PageContext) -> HTML {
        guard context.mayAdminister else { return .empty }
        return group {
            Panel.html("Groups", id: "settings.groups", context) {
                DataTable.html(
                    "Groups",
                    id: "settings.groups.rows",
                    columns: ["Group", "Environments", "Members", "Roles of members", "Actions"].map { .init($0) }
                ) {
                    for (number, item) in model.groups.enumerated() { row(item, number, context) }
                }
                NextPage.html(model.next, "More groups", context)
            }
            Panel.html("Create a group", id: "settings.groups.create", context) {
                Form.post(action, context, .class("form-grid")) {
                    UserSettings.hidden([("action", "create")])
                    Form.input(
                        "Path",
                        name: "path",
                        id: "new-group",
                        hint: "platform, or platform/edge inside it",
                        .type("text"),
                        .init("autocomplete", "off"),
                        .flag("required")
                    )
                    Form.submit("Create group")
                }
            }
        }
    }

    private static func row(_ item: SettingsModel.Group, _ number: Int, _ context: PageContext) -> HTML {
        tag("tr", .testID("settings.group.\(item.path)")) {
            tag("th", .init("scope", "row")) { Shortened.html(item.path) }
            tag("td") { item.environments.joined(separator: ", ") }
            tag("td") { item.members.joined(separator: ", ") }
            tag("td") { GrantForm.text(item.grants) }
            tag("td") {
                tag("details", .class("menu")) {
                    tag("summary", .label("Actions for \(item.path)")) { "Actions" }
                    tag("div", .class("menu-body right")) { forms(item, number, context) }
                }
            }
        }
    }

    private static func forms(_ item: SettingsModel.Group, _ number: Int, _ context: PageContext) -> HTML {
        let fields: [(String, String, String)] = [
            ("add-environment", "environment", "Add environment"),
            ("remove-environment", "environment", "Remove environment"),
            ("add-member", "member", "Add member"), ("remove-member", "member", "Remove member"),
        ]
        return group {
            for (word, name, title) in fields {
                Form.post(action, context) {
                    UserSettings.hidden([("action", word), ("path", item.path)])
                    Form.input(
                        title,
                        name: name,
                        id: "group-\(number)-\(word)",
                        .type("text"),
                        .init("autocomplete", "off"),
                        .flag("required")
                    )
                    tag("button", .type("submit"), .class("small")) { title }
                }
            }
            Form.post(action, context) {
                UserSettings.hidden([("action", "grant"), ("path", item.path)])
                GrantForm.fields(id: "group-\(number)")
                tag("button", .type("submit"), .class("small")) { "Grant role to members" }
            }
            Form.post(action, context) {
                UserSettings.hidden([("action", "delete"), ("path", item.path)])
                Form.input(
                    "Type the path to delete the group",
                    name: "confirm",
                    id: "delete-group-\(number)",
                    .type("text"),
                    .init("autocomplete", "off"),
                    .flag("required")
                )
                tag("button", .type("submit"), .class("danger")) { "Delete group" }
            }
        }
    }
}
