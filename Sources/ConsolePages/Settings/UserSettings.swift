// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane

/// People with accounts.
enum UserSettings {
    private static let action = Link("settings", "users")

    static func html(_ model: SettingsModel, _ context: PageContext) -> HTML {
        guard context.mayAdminister else { return .empty }
        return group {
            Panel.html("Users", id: "settings.users", context) {
                DataTable.html(
                    "Users",
                    id: "settings.users.rows",
                    columns: ["Name", "Roles", "Last sign-in", "Sessions", "State", "Actions"].map { .init($0) }
                ) {
                    for (number, user) in model.users.enumerated() { row(user, number, context) }
                }
                NextPage.html(model.next, "More users", context)
            }
            Panel.html("Create a user", id: "settings.users.create", context) { create(context) }
        }
    }

    private static func row(_ user: SettingsModel.User, _ number: Int, _ context: PageContext) -> HTML {
        tag("tr", .testID("settings.user.\(user.name)")) {
            tag("th", .init("scope", "row")) {
                Shortened.html(user.name)
                if user.isExternal { tag("span", .class("muted")) { " signs in elsewhere" } }
            }
            tag("td") { grants(user, context) }
            tag("td") { context.clock.ageHTML(user.lastSignIn) }
            tag("td", .class("number")) { "\(user.sessions)" }
            tag("td") {
                if let until = user.lockedUntil {
                    tag("span", .class("tag warn")) { "Locked until \(context.clock.text(until))" }
                } else if user.isDisabled {
                    tag("span", .class("tag bad")) { "Disabled" }
                } else {
                    "Active"
                }
            }
            tag("td") { actions(user, number, context) }
        }
    }

    private static func grants(_ user: SettingsModel.User, _ context: PageContext) -> HTML {
        tag("ul") {
            if user.grants.isEmpty { tag("li", .class("muted")) { "no role" } }
            for grant in user.grants {
                tag("li") {
                    GrantForm.text([grant]) + " "
                    if !(user.isLastAdmin && grant.role == .admin) {
                        Form.post(action, context, .class("inline")) {
                            hidden([
                                ("action", "revoke"), ("user", user.id), ("role", grant.role.rawValue),
                                ("scope", GrantForm.value(grant.scope)),
                            ])
                            button("Revoke", "Revoke \(GrantForm.text([grant])) from \(user.name)")
                        }
                    }
                }
            }
        }
    }

    private static func actions(_ user: SettingsModel.User, _ number: Int, _ context: PageContext) -> HTML {
        tag("details", .class("menu")) {
            tag("summary", .label("Actions for \(user.name)")) { "Actions" }
            tag("div", .class("menu-body right")) {
                Form.post(action, context) {
                    hidden([("action", "grant"), ("user", user.id)])
                    GrantForm.fields(id: "user-\(number)")
                    Form.submit("Grant role")
                }
                if user.sessions > 0 { simple("end-sessions", "End all sessions", user, context) }
                if user.lockedUntil != nil { simple("unlock", "Unlock", user, context) }
                if !user.isExternal { simple("reset-password", "Make a link to set a new password", user, context) }
                if user.isLastAdmin {
                    tag("p", .class("muted")) { "The last administrator cannot be removed or demoted." }
                } else {
                    simple(
                        user.isDisabled ? "enable" : "disable",
                        user.isDisabled ? "Enable" : "Disable",
                        user,
                        context
                    )
                    delete(user, number, context)
                }
            }
        }
    }

    private static func simple(
        _ word: String,
        _ title: String,
        _ user: SettingsModel.User,
        _ context: PageContext
    ) -> HTML {
        Form.post(action, context) {
            hidden([("action", word), ("user", user.id)])
            button(title, "\(title): \(user.name)")
        }
    }

    private static func delete(_ user: SettingsModel.User, _ number: Int, _ context: PageContext) -> HTML {
        Form.post(action, context) {
            hidden([("action", "delete"), ("user", user.id)])
            Form.input(
                "Type the user name to delete it",
                name: "confirm",
                id: "delete-user-\(number)",
                .type("text"),
                .init("autocomplete", "off"),
                .flag("required")
            )
            tag("button", .type("submit"), .class("danger")) { "Delete \(user.name)" }
        }
    }

    private static func create(_ context: PageContext) -> HTML {
        Form.post(action, context, .class("form-grid")) {
            hidden([("action", "create")])
            Form.input(
                "User name",
                name: "name",
                id: "new-user",
                .type("text"),
                .init("autocomplete", "off"),
                .flag("required")
            )
            GrantForm.fields(id: "new-user")
            Form.submit("Create user", .testID("settings.users.submit"))
            tag("p", .class("hint")) { "The answer is a link with which the person sets a password. It works once." }
        }
    }

    static func hidden(_ fields: [(String, String)]) -> HTML {
        .joined(fields.map { tag("input", .type("hidden"), .name($0.0), .value($0.1)) })
    }

    static func button(_ title: String, _ label: String) -> HTML {
        tag("button", .type("submit"), .class("small"), .label(label)) { title }
    }
}
