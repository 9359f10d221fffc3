// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// The bar on top: name, environment, mode, connection, user.
enum TopBar {
    static func html(_ page: Page, _ context: PageContext) -> HTML {
        tag("header", .class("top"), .label("Palisade")) {
            if context.viewer != nil {
                tag(
                    "button",
                    .type("button"),
                    .class("menu-button"),
                    .init("aria-expanded", "false"),
                    .init("aria-controls", "nav"),
                    .label("Menu")
                ) { Icon.menu }
            }
            tag("a", .class("brand"), .href(Link())) {
                Icon.brand
                tag("span") { "Palisade" }
            }
            if context.viewer != nil {
                if !context.environments.isEmpty { picker(page, context) }
                if let environment = context.environment { ModeBadge.html(environment) }
                connection(context)
                userMenu(context)
            }
        }
    }

    private static func picker(_ page: Page, _ context: PageContext) -> HTML {
        tag("details", .class("menu picker"), .testID("shell.environments")) {
            tag("summary") {
                tag("span", .class("menu-caption")) { "Environment" }
                tag("strong") { context.environmentName ?? "All" }
            }
            tag("div", .class("menu-body")) {
                tag("label", .class("picker-search")) {
                    tag("span") { "Find an environment" }
                    tag(
                        "input",
                        .type("search"),
                        .init("autocomplete", "off"),
                        .init("data-filters", "environment-list")
                    )
                }
                tag("ul", .id("environment-list")) {
                    for environment in context.environments { option(environment, page, context) }
                }
            }
        }
    }

    private static func option(
        _ environment: PageContext.Environment,
        _ page: Page,
        _ context: PageContext
    ) -> HTML {
        tag("li") {
            tag(
                "a",
                .href(target(environment.name, context)),
                .testID("shell.environment.\(environment.name)"),
                .init("aria-current", environment.name == context.environmentName ? "true" : nil)
            ) {
                environment.kind == .cluster ? Icon.cluster : Icon.host
                tag("span", .class("name")) { environment.name }
                tag("span", .class("muted")) {
                    "\(environment.kind.rawValue) · \(environment.mode == .blocking ? "Blocking" : "Audit")"
                    environment.trouble.map { " · \($0)" } ?? " · healthy"
                }
            }
        }
    }

    /// The same page of another environment, filters kept; the server drops what does not exist there and says so.
    private static func target(_ name: String, _ context: PageContext) -> Link {
        guard context.environmentName != nil, context.location.segments.count > 2 else {
            return Link("e", name, "overview")
        }
        let page = context.location.segments[2]
        let link = Link(segments: ["e", name, page], query: context.location.query).removing("sel", "cursor")
        return link["q"] == nil ? link : link.setting("was", context.environmentName)
    }

    private static func connection(_ context: PageContext) -> HTML {
        tag("p", .class("connection"), .id("connection"), .init("role", "status"), .testID("shell.connection")) {
            switch context.connection {
            case .none: HTML.empty
            case .receiving(let rate):
                Icon.dot
                tag("span") { "\(Figures.short(rate)) flows/s" }
            case .degraded(let trouble):
                Icon.warning
                tag("span") { trouble }
            case .stale(let since):
                Icon.warning
                tag("span") { "Stale since \(context.clock.text(since))" }
            }
        }
    }

    private static func userMenu(_ context: PageContext) -> HTML {
        tag("details", .class("menu user"), .testID("shell.user")) {
            tag("summary") {
                Icon.person
                tag("span") { context.viewer?.name ?? "" }
            }
            tag("div", .class("menu-body right")) {
                themeForm(context)
                tag("ul") {
                    tag("li") { tag("a", .href(Link("me"))) { "Preferences, sessions and tokens" } }
                }
                Form.post(Link("logout"), context, .testID("shell.sign-out")) {
                    tag("button", .type("submit"), .class("link")) { "Sign out" }
                }
            }
        }
    }

    private static func themeForm(_ context: PageContext) -> HTML {
        Form.post(Link("me", "theme"), context, .class("segments"), .init("data-theme-form", "")) {
            tag("input", .type("hidden"), .name("next"), .value("\(context.location)"))
            tag("fieldset") {
                tag("legend") { "Theme" }
                for theme in PageContext.Theme.allCases {
                    tag(
                        "button",
                        .type("submit"),
                        .name("theme"),
                        .value(theme.rawValue),
                        .init("aria-pressed", theme == context.theme ? "true" : "false")
                    ) { theme.rawValue.prefix(1).uppercased() + theme.rawValue.dropFirst() }
                }
            }
        }
    }
}

/// Whether traffic is blocked, in words.
enum ModeBadge {
    static func html(_ environment: PageContext.Environment) -> HTML {
        tag("p", .class("badge \(environment.mode.rawValue)"), .testID("shell.mode")) {
            if environment.isObserved == false {
                Icon.warning
                tag("span") { environment.mode == .blocking ? "Blocking (not confirmed)" : "Audit (not confirmed)" }
            } else if environment.mode == .blocking {
                Icon.dot
                tag("span") { "Blocking" }
            } else {
                Icon.wouldDrop
                tag("span") { "Audit, not blocking" }
            }
        }
    }
}
