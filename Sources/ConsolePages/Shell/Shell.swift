// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The frame around every page.
public enum Shell {
    /// The whole document, `<!doctype html>` included.
    ///
    /// Works under `default-src 'none'` with scripts, styles, images and connections from the same origin only: there is
    /// no inline script and no style attribute.
    public static func document(_ page: Page, _ context: PageContext) -> String {
        let root = tag(
            "html",
            .init("lang", "en"),
            .init("data-theme", context.theme.rawValue)
        ) {
            head(page, context)
            body(page, context)
        }
        return "<!doctype html>\n" + root.markup + "\n"
    }

    /// `Flows · production · Palisade`.
    static func title(_ page: Page, _ context: PageContext) -> String {
        [page.title, context.environmentName, "Palisade"].compactMap { $0 }.joined(separator: " · ")
    }

    private static func head(_ page: Page, _ context: PageContext) -> HTML {
        tag("head") {
            tag("meta", .init("charset", "utf-8"))
            tag("meta", .name("viewport"), .init("content", "width=device-width, initial-scale=1"))
            tag("meta", .name("color-scheme"), .init("content", "light dark"))
            tag("title") { title(page, context) }
            tag("link", .init("rel", "icon"), .href(Assets.url("icon.svg")))
            for name in ["palisade.css"] + page.styles {
                tag("link", .init("rel", "stylesheet"), .href(Assets.url(name)))
            }
            for name in ["shell.js"] + page.modules {
                tag("script", .type("module"), .init("src", "\(Assets.url(name))"))
            }
        }
    }

    private static func body(_ page: Page, _ context: PageContext) -> HTML {
        tag(
            "body",
            .init("data-ready", "true"),
            .init("data-shortcuts", context.hasShortcuts ? "on" : "off"),
            .class(page.drawer == nil ? nil : "has-drawer")
        ) {
            tag("a", .class("skip"), .init("href", "#main")) { "Skip to content" }
            TopBar.html(page, context)
            if context.viewer != nil { Navigation.html(page, context) }
            main(page, context)
            if let drawer = page.drawer { drawer }
            Footer.html(context)
        }
    }

    private static func main(_ page: Page, _ context: PageContext) -> HTML {
        tag("main", .id("main"), .init("tabindex", "-1"), .class(context.viewer == nil ? "alone" : nil)) {
            if !page.crumbs.isEmpty { crumbs(page.crumbs) }
            tag("div", .class("page-head")) {
                tag("h1") { page.heading ?? page.title }
                if page.actions != .empty { tag("div", .class("actions")) { page.actions } }
            }
            for notice in context.notices { NoticeLine.html(notice) }
            if let range = page.timeRange { TimeRangeControl.html(range, context) }
            page.body
            tag("p", .id("announcer"), .class("quiet"), .init("role", "status"), .init("aria-live", "polite"))
        }
    }

    private static func crumbs(_ crumbs: [Page.Crumb]) -> HTML {
        tag("nav", .class("crumbs"), .label("Breadcrumb")) {
            tag("ol") {
                for crumb in crumbs {
                    tag("li") {
                        if let link = crumb.link {
                            tag("a", .href(link)) { crumb.title }
                        } else {
                            tag("span", .init("aria-current", "page")) { crumb.title }
                        }
                    }
                }
            }
        }
    }
}

/// A message on top of the page.
enum NoticeLine {
    static func html(_ notice: PageContext.Notice) -> HTML {
        let sign = notice.kind == .done ? Icon.allowed : notice.kind == .problem ? Icon.warning : Icon.remark
        return tag(
            "div",
            .class("notice \(notice.kind.rawValue)"),
            .init("role", notice.kind == .problem ? "alert" : "status"),
            .testID("shell.notice")
        ) {
            sign
            tag("p") { notice.text }
        }
    }
}
