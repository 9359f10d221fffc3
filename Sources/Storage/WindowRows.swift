// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Rows of consecutive windows, also of those that have none: that nothing is there has to be known.
struct WindowRows {
    private let start: Int64
    private let length: Int64
    private var rows: [[WindowCache.Row]]

    init(_ level: FlowRollup?, _ range: TimeRange) {
        start = range.from
        length = level?.length ?? FlowWindow.length
        rows = Array(repeating: [], count: Int((range.to - range.from) / length))
    }

    var all: [(window: Int64, rows: [WindowCache.Row])] {
        rows.enumerated().map { (start + Int64($0.offset) * length, $0.element) }
    }

    mutating func append(_ row: WindowCache.Row, at window: Int64) {
        rows[Int((window - start) / length)].append(row)
    }

    /// Adds to the row of the same id; nothing for the id -1.
    mutating func merge(_ row: WindowCache.Row, at window: Int64) {
        guard row.id >= 0 else { return }
        let index = Int((window - start) / length)
        if let place = rows[index].firstIndex(where: { $0.id == row.id }) {
            rows[index][place].count.merge(row.count)
        } else {
            rows[index].append(row)
        }
    }
}

/// Counts of several windows put together: one row per id, in the order in which ids came.
struct RunRows {
    private(set) var rows: [WindowCache.Row] = []
    private var slots = SlotTable()

    mutating func add(_ id: Int64, _ count: FlowCount) {
        if let slot = slots[id] {
            rows[Int(slot)].count.merge(count)
        } else {
            slots[id] = Int32(rows.count)
            rows.append(WindowCache.Row(id: id, count: count))
        }
    }
}
