// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Synchronization

/// Puts counts of one window together by key before anybody sees them: what a query makes of a key is worked out once per
/// key, not once per row.
struct CountFolder {
    typealias Emit = (_ window: Int64, FlowKey, FlowCount) -> Void

    private let query: FlowQuery
    private var slots = SlotTable()
    private var keys: [FlowKey] = []
    private var counts: [FlowCount?] = []
    /// Slots with a count in the present window.
    private var touched: [Int32] = []
    private var window: Int64?

    init(_ query: FlowQuery) {
        self.query = query
    }

    /// Windows come in the order of time, or against it.
    /// - Parameter seen: the key of a new id as the reader sees it; `nil` when it is not part of the answer.
    mutating func add(
        _ id: Int64,
        at time: Int64,
        _ count: FlowCount,
        seen: () throws -> FlowKey?,
        _ emit: Emit
    ) rethrows {
        let slot: Int32
        if let known = slots[id] {
            slot = known
        } else {
            slot =
                try seen().map { key in
                    keys.append(key)
                    counts.append(nil)
                    return Int32(keys.count - 1)
                } ?? -1
            slots[id] = slot
        }
        guard slot >= 0 else { return }
        let start = query.windowStart(of: time)
        if start != window {
            flush(emit)
            window = start
        }
        if counts[Int(slot)]?.merge(count) == nil {
            counts[Int(slot)] = count
            touched.append(slot)
        }
    }

    /// Hands out what was put together.
    mutating func flush(_ emit: Emit) {
        guard let window else { return }
        for slot in touched {
            guard let count = counts[Int(slot)] else { continue }
            emit(window, keys[Int(slot)], count)
            counts[Int(slot)] = nil
        }
        touched.removeAll(keepingCapacity: true)
    }
}
