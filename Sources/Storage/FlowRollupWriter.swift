// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite

extension FlowWriter {
    /// Makes the rollups of the oldest hour that is over and has none.
    ///
    /// - Returns: whether there may be another one to make.
    /// - Complexity: O(counts of one hour), in one transaction.
    func rollUp(now: Int64, in database: Database) throws -> Bool {
        let hour = FlowRollup.hour
        let limit = hour.start(of: max(0, now - FlowRollup.grace))
        let mark = try FlowSchema.mark(.rolledUpTo, in: database)
        guard mark ?? .min < limit else { return false }
        let sql = "SELECT min(window) FROM flow_count WHERE window >= ?"
        guard let next = try Int64.fetchOne(database, sql: sql, arguments: [max(0, mark ?? 0)]) else {
            // Nothing is left to roll up; whatever comes late for the time before is added to both.
            guard let mark else { return false }
            try advance(from: mark, to: limit, in: database)
            return false
        }
        let start = min(hour.start(of: next), limit)
        guard start < limit else {
            if let mark { try advance(from: mark, to: limit, in: database) }
            return false
        }
        // Hours without traffic between the mark and this one.
        if let mark, mark < start { try advance(from: mark, to: start, in: database) }
        try rollUp(TimeRange(from: start, to: start + hour.length), in: database)
        try advance(from: start, to: start + hour.length, in: database)
        return true
    }

    /// Writes the hour, and its parts by coarse key.
    private func rollUp(_ range: TimeRange, in database: Database) throws {
        var byKey: [Int64: FlowCount] = [:]
        var coarse: [CoarseWindow: FlowCount] = [:]
        var coarseKeys: [Int64: FlowKey] = [:]
        var reader = FlowReader(database)
        try reader.forEachCount(.counts(range), of: nil) { window, id, count, key in
            if byKey[id]?.merge(count) == nil { byKey[id] = count }
            if coarseKeys[id] == nil { coarseKeys[id] = try key().coarse }
            guard let key = coarseKeys[id] else { return }
            for level in [FlowRollup.coarseFiveMinutes, .coarseHour] {
                let place = CoarseWindow(level: level, window: level.start(of: window), key: key)
                if coarse[place]?.merge(count) == nil { coarse[place] = count }
            }
        }
        for (id, count) in byKey.sorted(by: { $0.key < $1.key }) {
            try add(count, of: id, at: range.from, to: .hour, database)
        }
        for (place, count) in coarse {
            try add(
                count,
                of: try id(of: place.key, asSeenIn: place.window, database),
                at: place.window,
                to: place.level,
                database
            )
        }
    }

    private struct CoarseWindow: Hashable {
        var level: FlowRollup
        var window: Int64
        var key: FlowKey
    }

    /// Moves the mark, and makes the rollups of longer windows that end on the way from those of their hours.
    private func advance(from mark: Int64, to end: Int64, in database: Database) throws {
        for level in FlowRollup.allCases {
            guard let source = level.source else { continue }
            // Hours after the mark are empty, so only the window around it can have something.
            let window = level.start(of: mark)
            guard window + level.length <= end else { continue }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO flow_rollup
                    SELECT \(level.rawValue), \(window), flow_key, sum(flows), sum(packets), sum(bytes), min(first_seen),
                    max(last_seen) FROM flow_rollup
                    WHERE level = \(source.rawValue) AND window >= \(window)
                    AND window < \(window + level.length) GROUP BY flow_key
                    """
            )
        }
        try FlowSchema.setMark(.rolledUpTo, to: end, in: database)
    }

    /// Adds what came late to the rollups that its window has already.
    func addLate(_ delta: FlowAggregator.Delta, key: Int64, rolledUpTo mark: Int64, _ database: Database) throws {
        for level in FlowRollup.allCases where delta.window < level.end(mark) {
            let window = level.start(of: delta.window)
            let id = level.isCoarse ? try id(of: delta.key.coarse, asSeenIn: delta.window, database) : key
            try add(delta.count, of: id, at: window, to: level, database)
        }
    }

    private func add(
        _ count: FlowCount,
        of key: Int64,
        at window: Int64,
        to level: FlowRollup,
        _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO flow_rollup(level, window, flow_key, flows, packets, bytes, first_seen, last_seen)
                VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(level, window, flow_key) DO UPDATE SET
                flows = flows + excluded.flows, packets = packets + excluded.packets, bytes = bytes + excluded.bytes,
                first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
                """
        )
        let raw = statement.sqliteStatement
        sqlite3_bind_int64(raw, 1, level.rawValue)
        sqlite3_bind_int64(raw, 2, window)
        sqlite3_bind_int64(raw, 3, key)
        sqlite3_bind_int64(raw, 4, Int64(clamping: count.flows))
        sqlite3_bind_int64(raw, 5, Int64(clamping: count.packets))
        sqlite3_bind_int64(raw, 6, Int64(clamping: count.bytes))
        sqlite3_bind_int64(raw, 7, count.firstSeen)
        sqlite3_bind_int64(raw, 8, count.lastSeen)
        try Self.step(raw, database)
    }
}
