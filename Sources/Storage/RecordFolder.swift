// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Counts records by kind, so that only the first of each kind is made.
///
/// Tells at most `limit` kinds of the answer apart; what comes beyond is counted under `FlowKey.other`, so that totals stay
/// exact whatever number of addresses there is.
struct RecordFolder {
    private let query: FlowQuery
    private let parts: RecordKind.Parts
    private let limit: Int
    private var excluded: RecordMemory
    private var ids: [RecordKind: Int64] = [:]
    private var folder: CountFolder

    init(_ query: FlowQuery, limit: Int = 100_000) {
        self.query = query
        self.limit = limit
        let asked = RecordKind.Parts(query)
        var parts = asked
        // Keys have the addresses of ends that are outside.
        parts.addresses = true
        self.parts = parts
        excluded = RecordMemory(query.keys == nil ? asked : parts)
        folder = CountFolder(query)
    }

    /// Records come in any order, best in that of time or against it.
    mutating func add(_ row: RecordRow, _ reader: inout FlowReader, _ emit: CountFolder.Emit) throws {
        let kind = try RecordKind(row, parts)
        if let id = ids[kind] {
            folder.add(id, at: row.time, row.count, seen: { nil }, emit)
            return
        }
        let rough = try excluded.kind(of: row)
        guard !excluded.isExcluded(rough) else { return }
        guard let key = query.seenKey(of: try reader.flow(row)) else {
            excluded.exclude(rough)
            return
        }
        guard ids.count < limit else {
            let id = -1 - (row.shape.bits & RecordShape.verdictAndDirection)
            let other = FlowKey.other(row.shape.verdict, row.shape.direction)
            folder.add(id, at: row.time, row.count, seen: { query.detail.shown(other) }, emit)
            return
        }
        let id = Int64(ids.count)
        ids[kind] = id
        folder.add(id, at: row.time, row.count, seen: { key }, emit)
    }

    /// Hands out what was put together.
    mutating func flush(_ emit: CountFolder.Emit) { folder.flush(emit) }
}
