// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Testing

@testable import WebConsole

@Suite struct PageRangeTests {
    private static let now: Int64 = 1_700_000_012_345_678

    @Test(arguments: ["now-8h", "now-3600s", "now-60m", "now-30d", "now-2w"])
    func `a long range begins with the minute that it would begin in`(_ text: String) throws {
        let exact = try #require(PageRange.time(text, Self.now))
        let start = PageRange.start(exact, of: text)
        #expect(start % FlowWindow.length == 0 && start <= exact && exact - start < FlowWindow.length)
    }

    @Test(arguments: ["now-15m", "now-3599s", "now", "2023-11-14T12:00:07Z"])
    func `others begin when they say`(_ text: String) throws {
        let exact = try #require(PageRange.time(text, Self.now))
        #expect(PageRange.start(exact, of: text) == exact)
    }
}
