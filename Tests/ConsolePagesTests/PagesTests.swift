// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import Testing

@Suite struct PagesTests {
    static let all = SamplePages.names

    @Test(arguments: all) func everyPageKeepsTheRules(_ name: String) throws {
        let document = try #require(SamplePages(Samples()).document(name))
        #expect(PageRules.violations(document) == [])
    }

    @Test(arguments: all) func hostileTextNeverBecomesMarkup(_ name: String) throws {
        let document = try #require(SamplePages(.hostile).document(name))
        #expect(PageRules.violations(document) == [])
        #expect(!document.contains("<script>"))
        #expect(!document.contains("\u{1B}"))
    }

    @Test(arguments: all) func whoMayOnlyLookGetsNoFormThatChangesAnything(_ name: String) throws {
        let viewer = Access([Grant(.viewer, on: .everywhere)], environmentsOfGroup: { _ in [] })
        let document = try #require(SamplePages(Samples(access: viewer)).document(name))
        let own: Set = ["/me/theme", "/logout", "/login", "/setup", "/me"]
        let actions = StrictHTML(document).elements.filter { $0.attributes["method"] == "post" }
            .compactMap { $0.attributes["action"] }
        #expect(Set(actions).subtracting(own) == [])
        #expect(!document.contains("/policies/new"))
        #expect(!document.contains("/edit\""))
    }
}
