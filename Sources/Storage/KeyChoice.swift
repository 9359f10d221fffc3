// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import Synchronization

/// The keys that a query's answer is made of, by id.
///
/// Where they are few among all, their counts are looked up one by one instead of reading everybody's.
struct KeyChoice: Sendable {
    /// A lookup costs about as much as reading so many rows in order.
    private static let costOfLookup = 6

    private struct Part: Sendable {
        var chosen: [Int64] = []
        var all = 0

        /// `nil`: reading everything is quicker.
        var few: [Int64]? { chosen.count * KeyChoice.costOfLookup <= all ? chosen : nil }

        mutating func add(_ id: Int64, isChosen: Bool) {
            all += 1
            if isChosen { chosen.append(id) }
        }
    }

    private var fine = Part()
    private var coarse = Part()
    /// The highest id that was looked at.
    fileprivate var last: Int64 = 0

    /// The ids to look up in a part of a fold; `nil` is all.
    func few(in part: FoldPart) -> [Int64]? {
        switch part {
        case .records: nil
        case .counts: fine.few
        case .rollup(let level, _): level.isCoarse ? coarse.few : fine.few
        }
    }

    fileprivate var count: Int { fine.all }

    fileprivate mutating func add(_ id: Int64, _ key: FlowKey, isChosen: Bool) {
        last = max(last, id)
        fine.add(id, isChosen: isChosen)
        // A key that is as coarse as it can be is one of either kind.
        if key == key.coarse { coarse.add(id, isChosen: isChosen) }
    }
}

/// Choices of keys that were made before.
///
/// A key never changes and its id is never given to another one, so a choice only has to look at the keys that came since.
/// Holds at most `limit` choices and starts anew when it is full; past `keyLimit` keys it makes none.
final class KeyChoices: Sendable {
    private static let limit = 32
    private static let keyLimit = 50_000

    private struct Question: Hashable {
        var filter: FlowFilter
        var view: FlowView
        var excluding: [FlowFilter]
    }

    private let known = Mutex<[Question: KeyChoice]>([:])

    func clear() { known.withLock { $0 = [:] } }

    /// `nil` for a query about all keys, and where there are too many to look at each.
    func choice(for query: FlowQuery, _ reader: inout FlowReader) throws -> KeyChoice? {
        let isAboutAll = query.filter == .everything && query.view == .all && query.excluding.isEmpty
        guard !isAboutAll || query.keys != nil, !query.needsRecords else { return nil }
        let question = Question(filter: query.filter, view: query.view, excluding: query.excluding)
        // Rows of one page are asked for once: remembering them would only take room.
        let isRemembered = query.keys == nil
        var choice = (isRemembered ? known.withLock { $0[question] } : nil) ?? KeyChoice()
        let room = Self.keyLimit - choice.count
        let fresh = try reader.keyIDs(after: choice.last, atMost: room + 1)
        guard fresh.count <= room else { return nil }
        for id in fresh {
            let key = try reader.key(id)
            choice.add(id, key, isChosen: query.seen(key) != nil)
        }
        guard isRemembered, !fresh.isEmpty else { return choice }
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[question] = choice
        }
        return choice
    }
}
