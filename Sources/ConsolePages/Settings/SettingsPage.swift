// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane

/// Users, roles, groups, tokens, retention, about.
public enum SettingsPage {
    public static func page(_ model: SettingsModel, _ context: PageContext) -> Page {
        let tabs = SettingsModel.Tab.allCases.filter { isVisible($0, context) }
        let body = group {
            Tabs.html(
                "Settings",
                tabs.map { (title: title($0), link: Link("settings", $0.rawValue), isCurrent: $0 == model.tab) }
            )
            if let problem = model.problem { NoticeLine.html(.init(.problem, problem)) }
            if let secret = model.newSecret {
                NewSecretBox.html(secret, next: Link(segments: context.location.segments))
            }
            switch model.tab {
            case .users: UserSettings.html(model, context)
            case .roles: RoleMatrix.html(context)
            case .groups: GroupSettings.html(model, context)
            case .tokens:
                TokenSettings.html(model.tokens, action: Link("settings", "tokens"), next: model.next, context)
            case .retention: facts("Retention", "settings.retention", model, context)
            case .about: facts("About", "settings.about", model, context)
            }
        }
        return Page(
            title: "\(title(model.tab)) · Settings",
            heading: "Settings",
            section: .settings,
            crumbs: [.init("Settings", Link("settings")), .init(title(model.tab))],
            body: body
        )
    }

    /// Administration is not shown to whoever may not administer.
    private static func isVisible(_ tab: SettingsModel.Tab, _ context: PageContext) -> Bool {
        switch tab {
        case .users, .groups, .tokens: context.mayAdminister
        case .roles, .retention, .about: true
        }
    }

    private static func title(_ tab: SettingsModel.Tab) -> String {
        tab.rawValue.prefix(1).uppercased() + tab.rawValue.dropFirst()
    }

    private static func facts(_ title: String, _ id: String, _ model: SettingsModel, _ context: PageContext) -> HTML {
        Panel.html(title, id: id, context) { Facts.html(model.facts.map { ($0.name, .text($0.value)) }) }
    }
}

extension PageContext {
    /// On the server itself.
    var mayAdminister: Bool { viewer?.access.allows(.administer, in: .server) ?? false }
}

/// A value that is shown once, with what to do with it.
enum NewSecretBox {
    static func html(_ secret: SettingsModel.NewSecret, next link: Link) -> HTML {
        tag("section", .class("secret"), .testID("settings.secret"), .init("aria-labelledby", "secret-title")) {
            tag("h2", .id("secret-title")) { secret.title }
            tag("p") { "It is shown this once. Keep it where you keep passwords." }
            tag("p") {
                tag("code", .id("secret-value")) { secret.value }
                " "
                CopyButton.html(of: "secret-value", "Copy the value")
            }
            tag("p") { tag("a", .class("button primary"), .href(link)) { "I have stored it" } }
        }
    }
}

/// Grants in words and as a form.
enum GrantForm {
    static func text(_ grants: [Grant]) -> String {
        grants.isEmpty ? "no role" : grants.map { "\($0.role.title) \(scope($0.scope))" }.joined(separator: "; ")
    }

    static func scope(_ scope: Scope) -> String {
        switch scope {
        case .everywhere: "everywhere"
        case .group(let path): "in the group \(path)"
        case .environment(let name): "in \(name)"
        case .namespace(let environment, let namespace): "in \(namespace) of \(environment)"
        case .git: "through Git only"
        }
    }

    static let places = "everywhere, group/PATH, environment/NAME or namespace/ENVIRONMENT/NAME"
    /// Tokens can be for the repository of policies alone.
    static let placesOfTokens = "everywhere, group/PATH, environment/NAME, namespace/ENVIRONMENT/NAME or git"

    /// As forms and the CLI write a scope.
    static func value(_ scope: Scope) -> String { scope.description }

    /// - Parameters:
    ///   - id: unique on the page.
    ///   - hint: what the place may be.
    static func fields(id: String, hint: String = places) -> HTML {
        group {
            Form.select(
                "Role",
                name: "role",
                id: "\(id)-role",
                options: Role.allCases.map { (value: $0.rawValue, text: $0.title) },
                selected: Role.viewer.rawValue
            )
            Form.input(
                "Where",
                name: "scope",
                id: "\(id)-scope",
                value: "everywhere",
                hint: hint,
                .type("text"),
                .init("autocomplete", "off")
            )
        }
    }
}

/// Which role may do what, in words.
enum RoleMatrix {
    private static let rows: [(Permission, String)] = [
        (.viewTraffic, "See flows, policies, statistics"), (.proposeChanges, "Write policies"),
        (.approveChanges, "Approve changes of others"), (.deploy, "Deploy, roll back, change modes"),
        (.triageAlerts, "Triage alerts"), (.administer, "Environments, users, groups, settings"),
    ]

    static func html(_ context: PageContext) -> HTML {
        Panel.html("Roles", id: "settings.roles", context, note: "Roles of several grants add up") {
            DataTable.html(
                "What each role may do",
                id: "settings.roles.rows",
                columns: [.init("Permission")] + Role.allCases.map { .init($0.title) }
            ) {
                for (permission, title) in rows {
                    tag("tr") {
                        tag("th", .init("scope", "row")) { title }
                        for role in Role.allCases {
                            tag("td") {
                                role.permissions.contains(permission)
                                    ? "✓ yes" : tag("span", .class("muted")) { "– no" }
                            }
                        }
                    }
                }
                tag("tr") {
                    tag("th", .init("scope", "row")) { "Audit log" }
                    for role in Role.allCases {
                        tag("td") {
                            role.permissions.contains(.readAuditLog) ? "✓ all" : tag("span", .class("muted")) { "own" }
                        }
                    }
                }
            }
        }
    }
}
