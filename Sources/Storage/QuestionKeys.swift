// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// What keys are to a question that does not tell all of them apart: of those that are the same to it, one stands for all.
///
/// A key never changes and its id is never given to another one, so this stays true from query to query until keys are
/// removed.
struct QuestionKeys: Sendable {
    /// The id that stands for each key as the question sees it.
    private var firsts: [Int64] = []
    private var slots = SlotTable()
    private var slotsByKey: [FlowKey: Int32] = [:]
    /// Ids that were looked at, and the highest of them.
    private(set) var count = 0
    private(set) var highest: Int64 = 0

    /// The id that stands for a key; -1 for one that is not part of the answer.
    /// - Parameter seen: the key as the question sees it.
    mutating func first(of id: Int64, _ seen: () throws -> FlowKey?) rethrows -> Int64 {
        if let slot = slots[id] { return slot < 0 ? -1 : firsts[Int(slot)] }
        count += 1
        highest = max(highest, id)
        guard let seen = try seen() else {
            slots[id] = -1
            return -1
        }
        let slot = slotsByKey[seen] ?? Int32(firsts.count)
        if slotsByKey.updateValue(slot, forKey: seen) == nil { firsts.append(id) }
        slots[id] = slot
        return firsts[Int(slot)]
    }
}
