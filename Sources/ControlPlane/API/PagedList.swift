// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A list that is answered a page at a time.
public protocol PagedList: Codable, Sendable {
    associatedtype Item

    var items: [Item] { get set }
    /// What to pass as `cursor` for the next page; `nil` at the end.
    var next: String? { get set }

    /// Where the item stands; items are in the order of their places, and no two have the same.
    static func place(of item: Item) -> String
}

/// How many items a page has.
public enum PageLimit {
    public static let standard = 100
    public static let largest = 1000
}

extension PagedList {
    /// The items behind a place, also when the one that stood there is gone.
    /// - Complexity: O(items) to find the place.
    public func page(after cursor: String?, limit: Int) -> Self {
        var page = self
        let start = cursor.map(index(after:)) ?? 0
        page.items = Array(items[start...].prefix(limit))
        page.next = items.count - start > limit ? page.items.last.map(Self.place) : nil
        return page
    }

    private func index(after cursor: String) -> Int {
        if let index = items.firstIndex(where: { Self.place(of: $0) == cursor }) { return index + 1 }
        return items.firstIndex { Self.place(of: $0) > cursor } ?? items.count
    }
}
