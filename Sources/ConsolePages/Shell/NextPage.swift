// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The way through a list that is shown a page at a time; nothing for one that fits.
enum NextPage {
    /// - Parameters:
    ///   - cursor: what the next page begins behind; `nil` on the last.
    ///   - title: of the link to it, `More policies`.
    static func html(_ cursor: String?, _ title: String, _ context: PageContext) -> HTML {
        let isFirst = context.location["cursor"] == nil
        guard cursor != nil || !isFirst else { return .empty }
        let base = context.location.removing("sel", "cursor")
        return tag("p", .class("more")) {
            if !isFirst { tag("a", .class("button"), .href(base), .testID("page.first")) { "First page" } }
            if let cursor {
                " "
                tag("a", .class("button"), .href(base.setting("cursor", cursor)), .testID("page.next")) { title }
            }
        }
    }
}
