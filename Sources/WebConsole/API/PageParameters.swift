// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// Which page of a list is asked for.
enum PageParameters {
    static let all = [
        APIParameter("limit", .integer(1...PageLimit.largest), "Items at most; default \(PageLimit.standard)."),
        APIParameter("cursor", .text, "`next` of the page before."),
    ]
}

extension PageRequest {
    /// The page of the list that the address asks for.
    func page<List: PagedList>(of list: List) -> List {
        list.page(after: query("cursor"), limit: PageLimit.standard)
    }
}

extension APIRequest {
    /// The page of the list that the query asks for.
    func page<List: PagedList>(of list: List) -> List {
        list.page(after: query("cursor"), limit: query("limit").flatMap(Int.init) ?? PageLimit.standard)
    }
}
