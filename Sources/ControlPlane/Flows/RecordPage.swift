// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// One page of records, newest first.
struct RecordPage {
    var flows: [Flow]
    /// Records looked at.
    var scanned: UInt64
    var next: String?

    /// Records of one time that pages can go through.
    private static let mostShown: Int64 = 1_000_000_000

    /// For who sees everything: the store's own cursor, and its bound on what is looked at.
    /// - Throws: `ServiceError` `badRequest` for a cursor that is none.
    static func plain(_ query: FlowQuery, _ cursor: String?, in store: any FlowStore) async throws -> RecordPage {
        var query = query
        query.cursor = try cursor.map(place)
        let slice = try await store.flows(query)
        return RecordPage(flows: slice.flows, scanned: slice.scanned, next: slice.next?.description)
    }

    /// For who sees a part: neither the cursor nor the end of a page depends on the rest.
    ///
    /// The cursor is a time and how many seen records of that time have been shown, where the store's would tell how many
    /// records of others lie between. A page ends when it is full or the range is, however many records lie between.
    /// - Throws: `ServiceError` `badRequest` for a cursor that is none.
    static func seen(_ query: FlowQuery, _ cursor: String?, in store: any FlowStore) async throws -> RecordPage {
        var query = query
        let limit = query.limit
        var skip = 0
        if let start = try cursor.map(place) {
            // How many were shown; more than there can be, or fewer than none, is no cursor of ours.
            guard (0...Self.mostShown).contains(start.record) else { throw ServiceError.badCursor(cursor ?? "") }
            skip = Int(start.record)
            query.cursor = FlowCursor(time: start.time, record: .max)
        }
        let skipTime = query.cursor?.time
        var page = RecordPage(flows: [], scanned: 0, next: nil)
        // One more than the page holds shows that there is a next one.
        query.limit = min(limit + skip + 1, FlowRequest.largestLimit * 2)
        repeat {
            try Task.checkCancellation()
            let slice = try await store.flows(query)
            for flow in slice.flows {
                if skip > 0, flow.time == skipTime {
                    skip -= 1
                    continue
                }
                skip = 0
                page.flows.append(flow)
                if page.flows.count > limit { break }
            }
            query.cursor = slice.next
        } while query.cursor != nil && page.flows.count <= limit
        guard page.flows.count > limit else { return page }
        page.flows.removeLast()
        page.next = page.place(after: cursor)
        return page
    }

    private func place(after cursor: String?) -> String? {
        guard let last = flows.last else { return nil }
        var shown = Int64(flows.count { $0.time == last.time })
        // A page inside one time adds to what earlier pages showed of it.
        if let before = cursor.flatMap({ FlowCursor($0) }), before.time == last.time { shown += before.record }
        return FlowCursor(time: last.time, record: shown).description
    }

    private static func place(_ text: String) throws -> FlowCursor {
        guard let cursor = FlowCursor(text) else { throw ServiceError.badCursor(text) }
        return cursor
    }
}
