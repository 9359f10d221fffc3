// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The list of pages on the left.
enum Navigation {
    static func html(_ page: Page, _ context: PageContext) -> HTML {
        tag("nav", .id("nav"), .class("side"), .label("Pages")) {
            tag("ul") {
                if context.environmentForLinks != nil {
                    for section in Page.Section.allCases where section != .audit && section != .settings {
                        item(section, page, context)
                    }
                }
                tag("li", .class("rule"), .hidden)
                item(.audit, page, context)
                item(.settings, page, context)
            }
        }
    }

    private static func item(_ section: Page.Section, _ page: Page, _ context: PageContext) -> HTML {
        tag("li") {
            tag(
                "a",
                .href(section.link(context)),
                .init("aria-current", section == page.section ? "page" : nil),
                .init("data-key", section.shortcut),
                .testID("shell.nav.\(section.rawValue)")
            ) {
                Icon.section(section)
                tag("span") { section.title }
            }
        }
    }
}

/// Version, documentation, keyboard help, and the same on the command line.
enum Footer {
    static func html(_ context: PageContext) -> HTML {
        tag("footer", .class("foot")) {
            if let command = context.command {
                tag("p", .class("command"), .testID("shell.command")) {
                    tag("span", .class("muted")) { "CLI" }
                    tag("code", .id("command")) { command }
                    CopyButton.html(of: "command", "Copy the command")
                }
            }
            tag("ul") {
                tag("li") { "Palisade \(context.version)" }
                tag("li") { tag("a", .href(Link("api", "v1", "openapi.json"))) { "API description" } }
                tag("li") { "Times in \(context.zone.name)" }
            }
            if context.viewer != nil { shortcuts(context) }
        }
    }

    private static func shortcuts(_ context: PageContext) -> HTML {
        let keys: [(String, String)] =
            [
                ("/", "filter"), ("?", "this list"), ("j and k", "next and previous row"), ("Enter", "open"),
                ("Esc", "close the drawer"), (".", "pause or resume live rows"),
            ] + Page.Section.allCases.map { ("g \($0.shortcut)", $0.title) }
        return tag("details", .class("menu up"), .id("shortcuts")) {
            tag("summary") { "Keyboard" }
            tag("div", .class("menu-body right")) {
                if !context.hasShortcuts { tag("p") { "Shortcuts are switched off in your preferences." } }
                tag("dl", .class("keys")) {
                    for (key, meaning) in keys {
                        tag("dt") { tag("kbd") { key } }
                        tag("dd") { meaning }
                    }
                }
            }
        }
    }
}

/// Copies the text of an element; shown only where scripts run.
enum CopyButton {
    static func html(of id: String, _ label: String) -> HTML {
        tag("button", .type("button"), .class("copy scripted"), .init("data-copy", id), .label(label)) { "Copy" }
    }
}
