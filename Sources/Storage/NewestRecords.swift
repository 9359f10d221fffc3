// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Puts records that come about from the newest to the oldest into exactly that order.
///
/// A record is held until nothing that is newer can follow (`RecordOrder`). Of more than `limit` that wait the oldest is let
/// go: it is on a later page, which reads it again.
struct NewestRecords {
    struct Held {
        var place: FlowCursor
        var flow: Flow
    }

    private let lateness: Int64
    private let limit: Int
    /// Newest first; those before `head` were handed out.
    private var held: [Held] = []
    private var head = 0
    /// Nothing that is still to come is newer than this.
    private(set) var bound = Int64.max

    /// - Parameter limit: more than a page holds.
    init(lateness: Int64, limit: Int) { (self.lateness, self.limit) = (lateness, limit) }

    /// Says that a record was come by, whether it is part of the answer or not.
    mutating func pass(_ time: Int64) {
        let (sum, isPast) = time.addingReportingOverflow(lateness)
        if !isPast { bound = min(bound, sum) }
    }

    /// Takes a record of the answer.
    mutating func hold(_ flow: Flow, at place: FlowCursor) {
        var index = held.count
        // Nearly always the last one.
        while index > head, Self.isNewer(place, held[index - 1].place) { index -= 1 }
        held.insert(Held(place: place, flow: flow), at: index)
        if held.count - head > limit { held.removeLast() }
    }

    /// The newest record that is held, when nothing newer can follow.
    /// - Parameter isLast: whether nothing follows at all.
    mutating func next(isLast: Bool) -> Held? {
        guard head < held.count, isLast || held[head].place.time > bound else { return nil }
        defer { head += 1 }
        return held[head]
    }

    var isEmpty: Bool { head == held.count }

    private static func isNewer(_ left: FlowCursor, _ right: FlowCursor) -> Bool {
        (left.time, left.record) > (right.time, right.record)
    }
}
