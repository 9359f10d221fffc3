// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Reads one page of records, newest first.
struct SliceReader {
    /// Microseconds; where records come later than this they are found by their time, one by one.
    private static let mostLateness: Int64 = 5_000_000

    private let query: FlowQuery
    private var excluded: RecordMemory
    private var slice = FlowSlice(flows: [], scanned: 0, next: nil)

    init(_ query: FlowQuery) {
        self.query = query
        excluded = RecordMemory(RecordKind.Parts(query))
    }

    mutating func read(_ reader: inout FlowReader) throws -> FlowSlice {
        let isSelective = query.filter != .everything || query.view != .all || !query.excluding.isEmpty
        if isSelective, let records = try reader.rowsAsTheyLie(query, lateness: Self.mostLateness) {
            try read(records.rows, NewestRecords(lateness: records.lateness, limit: query.limit + 1), &reader)
        } else {
            try read(try reader.rows(query), &reader)
        }
        return slice
    }

    /// In the order of time.
    private mutating func read(_ rows: RecordRows, _ reader: inout FlowReader) throws {
        var last: FlowCursor?
        while let row = try rows.next() {
            // One record past the page shows that there is a next one.
            if slice.flows.count >= query.limit || isLong {
                slice.next = last
                return
            }
            slice.scanned += 1
            last = row.cursor
            if let flow = try seen(row, &reader) { slice.flows.append(flow) }
        }
    }

    /// In the order in which they lie, which is many times faster where most of them are not part of the answer.
    private mutating func read(_ rows: RecordRows, _ newest: NewestRecords, _ reader: inout FlowReader) throws {
        var newest = newest
        var last: FlowCursor?
        let start = query.cursor?.time ?? query.range.to
        var isLast = false
        repeat {
            if slice.flows.count >= query.limit {
                if try !newest.isEmpty || rows.next() != nil { slice.next = last }
                return
            }
            if isLong, newest.bound < start {
                // Everything that is newer than the bound was handed out.
                slice.next = FlowCursor(time: newest.bound, record: .max)
                return
            }
            if let row = try rows.next() {
                slice.scanned += 1
                newest.pass(row.time)
                if let flow = try seen(row, &reader) { newest.hold(flow, at: row.cursor) }
            } else {
                isLast = true
            }
            while slice.flows.count < query.limit, let held = newest.next(isLast: isLast) {
                slice.flows.append(held.flow)
                last = held.place
            }
        } while !isLast || !newest.isEmpty
    }

    private var isLong: Bool { slice.scanned >= UInt64(query.scanLimit) }

    private mutating func seen(_ row: RecordRow, _ reader: inout FlowReader) throws -> Flow? {
        let kind = try excluded.kind(of: row)
        guard !excluded.isExcluded(kind) else { return nil }
        let flow = query.seen(try reader.flow(row))
        if flow == nil { excluded.exclude(kind) }
        return flow
    }
}
