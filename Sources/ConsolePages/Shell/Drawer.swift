// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What is selected, on the right: not modal, with an address of its own (`?sel=`).
enum Drawer {
    static func html(
        _ title: String,
        id: String,
        _ context: PageContext,
        @HTMLBuilder content: () -> HTML
    ) -> HTML {
        tag("aside", .class("drawer"), .id("drawer"), .testID(id), .init("aria-labelledby", "drawer-title")) {
            tag("div", .class("drawer-head")) {
                tag("h2", .id("drawer-title"), .init("tabindex", "-1")) { title }
                tag(
                    "a",
                    .class("close"),
                    .id("drawer-close"),
                    .href(context.location.removing("sel")),
                    .label("Close \(title)"),
                    .testID("\(id).close")
                ) { Icon.close }
            }
            tag("div", .class("drawer-body")) { content() }
        }
    }
}

/// Pairs of name and value.
enum Facts {
    static func html(_ facts: [(String, HTML)]) -> HTML {
        tag("dl", .class("facts")) {
            for (name, value) in facts {
                tag("div") {
                    tag("dt") { name }
                    tag("dd") { value }
                }
            }
        }
    }
}

/// A table in its own scrolling region, with a caption and headed columns.
enum DataTable {
    /// One column: its title, and whether it holds numbers.
    struct Column {
        var title: String
        var isNumber = false
        /// Where its header leads, and how it is sorted now (`ascending`, `descending`, or not).
        var sort: (link: Link, state: String?)?

        init(_ title: String, isNumber: Bool = false, sort: (link: Link, state: String?)? = nil) {
            self.title = title
            self.isNumber = isNumber
            self.sort = sort
        }
    }

    static func html(
        _ caption: String,
        id: String,
        columns: [Column],
        isCaptionVisible: Bool = false,
        @HTMLBuilder rows: () -> HTML
    ) -> HTML {
        tag("div", .class("scroll"), .init("role", "region"), .label(caption), .init("tabindex", "0")) {
            tag("table", .testID(id)) {
                tag("caption", .class(isCaptionVisible ? nil : "quiet")) { caption }
                tag("thead") {
                    tag("tr") { for column in columns { header(column) } }
                }
                tag("tbody") { rows() }
            }
        }
    }

    private static func header(_ column: Column) -> HTML {
        tag(
            "th",
            .init("scope", "col"),
            .class(column.isNumber ? "number" : nil),
            .init("aria-sort", column.sort?.state)
        ) {
            if let sort = column.sort {
                tag("a", .href(sort.link), .class("sort")) {
                    column.title
                    if let state = sort.state {
                        tag("span", .class("arrow"), .hidden) { state == "ascending" ? "▲" : "▼" }
                    }
                }
            } else {
                column.title
            }
        }
    }

    static func number(_ text: String, title: String? = nil) -> HTML {
        tag("td", .class("number"), .title(title)) { text }
    }
}

/// Links that look like tabs.
enum Tabs {
    static func html(_ label: String, _ tabs: [(title: String, link: Link, isCurrent: Bool)]) -> HTML {
        tag("nav", .class("tabs"), .label(label)) {
            tag("ul") {
                for tab in tabs {
                    tag("li") {
                        tag("a", .href(tab.link), .init("aria-current", tab.isCurrent ? "page" : nil)) { tab.title }
                    }
                }
            }
        }
    }
}

/// Long names lose their middle: the end carries the difference.
enum Shortened {
    static func html(_ text: String, to length: Int = 28) -> HTML {
        guard text.count > length else { return .text(text) }
        let head = length / 2
        return tag("span", .title(text)) {
            tag("span", .hidden) { "\(text.prefix(head))…\(text.suffix(length - head - 1))" }
            tag("span", .class("quiet")) { text }
        }
    }
}
