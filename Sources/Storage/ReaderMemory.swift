// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Synchronization

/// What readers know from the queries before.
final class ReaderMemory: Sendable {
    let keys = ValueCache<FlowKey>()
    let parties = ValueCache<StoredParty>()
    let decisions = ValueCache<Flow.Decision>()
}

/// Values by id, kept from query to query.
///
/// An id is never given to another value (`FlowPruner` keeps the highest), so nothing here gets old. Holds at most `limit`
/// values; a query that would pass that starts it anew.
final class ValueCache<Value: Sendable>: Sendable {
    private static var limit: Int { 50_000 }
    private let known = Mutex<[Int64: Value]>([:])

    var values: [Int64: Value] { known.withLock { $0 } }

    func add(_ values: [Int64: Value]) {
        guard !values.isEmpty else { return }
        known.withLock { known in
            if known.count + values.count > Self.limit { known = [:] }
            guard values.count <= Self.limit else { return }
            known.merge(values) { old, _ in old }
        }
    }
}
