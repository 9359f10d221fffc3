// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import Testing

@Suite struct AssetTests {
    private func size(_ suffix: String) -> Int {
        Assets.names.filter { $0.hasSuffix(suffix) }.compactMap { Assets.file($0)?.bytes.count }.reduce(0, +)
    }

    @Test func stylesAndScriptsStayInTheirBudgets() {
        #expect(size("palisade.css") < 30 * 1024)
        // Only on the editor's pages.
        #expect(size("editor.css") < 8 * 1024)
        #expect(size(".js") < 40_000)
    }

    @Test func addressesNameTheContent() throws {
        let file = try #require(Assets.file("palisade.css"))
        #expect(file.contentType == "text/css; charset=utf-8")
        #expect("\(Assets.url("palisade.css"))" == "/assets/palisade.css?v=\(file.etag.filter { $0 != "\"" })")
        #expect(Assets.file("../etc/passwd") == nil)
        #expect(Assets.file("palisade.css?v=1") == nil)
    }

    @Test func nothingIsLoadedFromElsewhereAndNothingIsEvaluated() throws {
        for name in Assets.names {
            let text = String(decoding: try #require(Assets.file(name)).bytes, as: UTF8.self)
            #expect(!text.contains("http://") || name == "icon.svg")
            #expect(!text.contains("https://") && !text.contains("@import") && !text.contains("eval("))
            #expect(!text.contains(".onclick") && !text.contains("setAttribute(\"style\""))
        }
    }
}
