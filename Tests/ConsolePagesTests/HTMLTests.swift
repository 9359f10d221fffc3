// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import Testing

@Suite struct HTMLTests {
    @Test func hostileTextStaysText() {
        let name = "\"><script>alert('x')</script>&\u{1B}[31m"
        let html = HTML.element("td", ["title": name], [.text(name)])
        #expect(!html.markup.contains("<script"))
        #expect(!html.markup.contains("\u{1B}"))
        #expect(html.markup.components == 2)
    }

    @Test func voidElementsHaveNoEndAndNilAttributesAreLeftOut() {
        #expect(HTML.element("br", ["class": nil]).markup == "<br>")
    }
}

extension String {
    /// Angle brackets that open a tag.
    fileprivate var components: Int { split(separator: "<", omittingEmptySubsequences: false).count - 1 }
}
