// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Synchronization

/// What readers know from the queries before.
final class ReaderMemory: Sendable {
    let keys = ValueCache<FlowKey>()
    let parties = ValueCache<StoredParty>()
    let decisions = ValueCache<Flow.Decision>()

    func clear() {
        keys.clear()
        parties.clear()
        decisions.clear()
    }
}

/// Values by id, kept from query to query.
///
/// An id is never given to another value (`FlowPruner` keeps the highest), so nothing here gets old. Holds at most `limit`
/// values; a query that would pass that starts it anew.
final class ValueCache<Value: Codable & Sendable>: Sendable {
    private static var limit: Int { 50_000 }
    private let known = Mutex(KnownValues<Value>())

    var values: KnownValues<Value> { known.withLock { $0 } }

    func clear() { known.withLock { $0 = KnownValues() } }

    /// Takes down what was read; of more than there is room for, nothing.
    func add(_ table: LookupTable<Value>) {
        let read = table.read
        guard read.count > 0, !table.isFull else { return }
        known.withLock { known in
            if known.count + read.count > Self.limit { known = KnownValues() }
            known.add(read)
        }
    }
}

/// Values by id.
struct KnownValues<Value> {
    private var slots = SlotTable()
    private var values: [Value] = []
    private var ids: [Int64] = []

    var count: Int { values.count }

    subscript(id: Int64) -> Value? { slots[id].map { values[Int($0)] } }

    /// The value of an id that has none.
    mutating func add(_ value: Value, at id: Int64) {
        slots[id] = Int32(values.count)
        values.append(value)
        ids.append(id)
    }

    mutating func add(_ other: KnownValues) {
        for (id, value) in zip(other.ids, other.values) where slots[id] == nil { add(value, at: id) }
    }
}

extension KnownValues: Sendable where Value: Sendable {}
