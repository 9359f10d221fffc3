// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import TestSupport
import Testing

@Suite struct PagedListTests {
    private struct Names: PagedList, Equatable {
        var items: [String]
        var next: String?

        static func place(of item: String) -> String { item }
    }

    private static let all = ["a", "a b", "a-b", "a.b", "b", "ba", "c", "z"]

    @Test(arguments: 1...9) func `pages together are the list, each once`(_ limit: Int) {
        let list = Names(items: Self.all)
        var page = list.page(after: nil, limit: limit)
        var found = page.items
        while let cursor = page.next {
            #expect(page.items.count == limit)
            page = list.page(after: cursor, limit: limit)
            found += page.items
        }
        #expect(found == Self.all)
    }

    @Test func `the next page is the same when what it begins behind is gone, or never was`() {
        for gone in Self.all {
            let left = Names(items: Self.all.filter { $0 != gone })
            let behind = Names(items: Self.all).page(after: gone, limit: 100)
            #expect(left.page(after: gone, limit: 100) == behind)
        }
        #expect(Names(items: Self.all).page(after: "zz", limit: 3) == Names(items: []))
        #expect(Names(items: Self.all).page(after: "", limit: 100).items == Self.all)
        #expect(Names(items: []).page(after: "a", limit: 3) == Names(items: []))
    }

    @Test func `a list whose order is another one is still told once`() {
        let list = Names(items: ["c", "a", "b"])
        let first = list.page(after: nil, limit: 1)
        let rest = list.page(after: first.next, limit: 2)
        #expect(first.items + rest.items == list.items && rest.next == nil)
    }
}
