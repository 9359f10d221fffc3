// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane

/// API tokens: of everybody in the settings, one's own on the page about oneself.
enum TokenSettings {
    /// - Parameter action: `/settings/tokens` or `/me`.
    static func html(
        _ tokens: [SettingsModel.Token],
        action: Link,
        next: String? = nil,
        _ context: PageContext
    ) -> HTML {
        let isOwn = action.segments == ["me"]
        guard isOwn || context.mayAdminister else { return .empty }
        return group {
            Panel.html(isOwn ? "Your tokens" : "Tokens", id: "settings.tokens", context) {
                if tokens.isEmpty {
                    tag("p", .class("muted")) { "No tokens." }
                } else {
                    table(tokens, action, context)
                }
                NextPage.html(next, "More tokens", context)
            }
            Panel.html("Create a token", id: "settings.tokens.create", context) {
                Form.post(action, context, .class("form-grid")) {
                    UserSettings.hidden([("action", "create-token")])
                    Form.input(
                        "Name",
                        name: "name",
                        id: "new-token",
                        .type("text"),
                        .init("autocomplete", "off"),
                        .flag("required")
                    )
                    GrantForm.fields(id: "new-token", hint: GrantForm.placesOfTokens)
                    Form.input(
                        "Valid for days",
                        name: "days",
                        id: "token-days",
                        value: "90",
                        .type("number"),
                        .init("min", "1"),
                        .init("max", "\(AccessToken.mostDays)"),
                        .flag("required")
                    )
                    Form.submit("Create token", .testID("settings.tokens.submit"))
                }
            }
        }
    }

    private static func table(_ tokens: [SettingsModel.Token], _ action: Link, _ context: PageContext) -> HTML {
        DataTable.html(
            "Tokens",
            id: "settings.tokens.rows",
            columns: ["Name", "Owner", "Scope", "Created", "Expires", "Last used", "Action"].map { .init($0) }
        ) {
            for token in tokens {
                tag("tr", .testID("settings.token.\(token.name)")) {
                    tag("th", .init("scope", "row")) { Shortened.html(token.name) }
                    tag("td") { Shortened.html(token.owner) }
                    tag("td") { GrantForm.text(token.grants) }
                    tag("td") { context.clock.ageHTML(token.created) }
                    tag("td") { expiry(token, context) }
                    tag("td") { context.clock.ageHTML(token.lastUsed) }
                    tag("td") {
                        Form.post(action, context) {
                            UserSettings.hidden([("action", "revoke-token"), ("token", token.id)])
                            UserSettings.button("Revoke", "Revoke the token \(token.name)")
                        }
                    }
                }
            }
        }
    }

    private static func expiry(_ token: SettingsModel.Token, _ context: PageContext) -> HTML {
        guard let expires = token.expires else { return "never" }
        if expires < context.now { return tag("span", .class("tag bad")) { "Expired" } }
        return context.clock.ageHTML(expires)
    }
}
