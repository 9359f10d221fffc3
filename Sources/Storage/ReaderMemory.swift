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
    private let known = Mutex<[Int64: Value]>([:])

    var values: [Int64: Value] { known.withLock { $0 } }

    func clear() { known.withLock { $0 = [:] } }

    /// Takes down what was read; of more than there is room for, nothing.
    func add(_ table: LookupTable<Value>) {
        guard !table.values.isEmpty, !table.isFull else { return }
        known.withLock { known in
            if known.count + table.values.count > Self.limit { known = [:] }
            for (id, value) in zip(table.ids, table.values) { known[id] = value }
        }
    }
}
