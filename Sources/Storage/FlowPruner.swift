// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB

/// Removes old rows, a bounded number per step, so that no writer waits long.
struct FlowPruner {
    /// Rows removed in one transaction.
    static let rowsPerStep = 20_000
    /// Free pages given back to the file system in one step.
    static let pagesPerStep = 2_000

    let settings: FlowStoreSettings

    struct Step {
        /// Whether there is more to do.
        var hasMore: Bool
        /// Whether ids of keys are gone.
        var hasSweptKeys = false
    }

    /// One step.
    func step(now: Int64, in database: Database) throws -> Step {
        let hasMore =
            try prune(.records, before: now - settings.recordRetention.wholeMicroseconds, in: database)
            || prune(.counts, before: now - settings.countRetention.wholeMicroseconds, in: database)
            || pruneBySize(in: database)
        guard !hasMore else { return Step(hasMore: true) }
        let keys = try sweepKeys(in: database)
        let isLong =
            try keys == Self.rowsPerStep || sweep("party", in: database) || sweep("decision", in: database)
            || giveBack(in: database)
        return Step(hasMore: isLong, hasSweptKeys: keys > 0)
    }

    private enum Rows {
        case records, counts
    }

    /// Removes the oldest rows that are older than `limit`.
    private func prune(_ rows: Rows, before limit: Int64, in database: Database) throws -> Bool {
        let cutoff: Int64?
        switch rows {
        case .records:
            cutoff = try Int64.fetchOne(
                database,
                sql: "SELECT time FROM flow WHERE time < ? ORDER BY time LIMIT 1 OFFSET ?",
                arguments: [limit, Self.rowsPerStep]
            )
            try database.execute(sql: "DELETE FROM flow WHERE time < ?", arguments: [cutoff.map { $0 + 1 } ?? limit])
            guard database.changesCount > 0 else { return false }
            try raise(.recordsPrunedTo, to: cutoff.map { $0 + 1 } ?? limit, in: database)
        case .counts:
            // Whole windows: the limit itself stays until all of its window is too old.
            let limit = FlowWindow.start(of: limit)
            cutoff = try Int64.fetchOne(
                database,
                sql: "SELECT window FROM flow_count WHERE window < ? ORDER BY window LIMIT 1 OFFSET ?",
                arguments: [limit, Self.rowsPerStep]
            )
            let bound = cutoff.map { $0 + FlowWindow.length } ?? limit
            try database.execute(sql: "DELETE FROM flow_count WHERE window < ?", arguments: [bound])
            guard database.changesCount > 0 else { return false }
            for level in FlowRollup.allCases {
                // One whose first minutes are gone says more than is left, and goes with them.
                try database.execute(
                    sql: "DELETE FROM flow_rollup WHERE level = ? AND window < ?",
                    arguments: [level.rawValue, bound]
                )
            }
            try database.execute(sql: "DELETE FROM loss WHERE last < ?", arguments: [bound])
            try raise(.countsPrunedTo, to: bound, in: database)
        }
        return cutoff != nil
    }

    private func pruneBySize(in database: Database) throws -> Bool {
        guard settings.capacity > 0, try Self.bytes(in: database) > settings.capacity else { return false }
        let oldest = try Int64.fetchOne(
            database,
            sql: "SELECT time FROM flow ORDER BY time LIMIT 1 OFFSET ?",
            arguments: [Self.rowsPerStep]
        )
        if let oldest {
            _ = try prune(.records, before: oldest + 1, in: database)
            return true
        }
        if try Int.fetchOne(database, sql: "SELECT 1 FROM flow LIMIT 1") != nil {
            _ = try prune(.records, before: .max, in: database)
            return true
        }
        let window = try Int64.fetchOne(database, sql: "SELECT min(window) FROM flow_count")
        guard let window else { return false }
        _ = try prune(.counts, before: window + FlowWindow.length, in: database)
        return true
    }

    /// Removes kinds of connections of which no count is left.
    /// - Returns: how many.
    private func sweepKeys(in database: Database) throws -> Int {
        guard let prunedTo = try FlowSchema.mark(.countsPrunedTo, in: database) else { return 0 }
        // The highest id stays, so that no id is ever given to another key.
        try database.execute(
            sql: """
                DELETE FROM flow_key WHERE id IN (SELECT id FROM flow_key WHERE last_window < ?
                AND id < (SELECT max(id) FROM flow_key) LIMIT ?)
                """,
            arguments: [prunedTo, Self.rowsPerStep]
        )
        return database.changesCount
    }

    /// Removes names and decisions that no record is left of.
    ///
    /// A row is marked as in use once in a while only (`InternTable.markingInterval`), so it stays that much longer.
    private func sweep(_ table: String, in database: Database) throws -> Bool {
        guard let prunedTo = try FlowSchema.mark(.recordsPrunedTo, in: database) else { return false }
        let limit = prunedTo - InternTable<StoredParty>.markingInterval
        // The highest id stays, as of keys.
        try database.execute(
            sql: """
                DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE last_used < ?
                AND id < (SELECT max(id) FROM \(table)) LIMIT ?)
                """,
            arguments: [limit, Self.rowsPerStep]
        )
        return database.changesCount == Self.rowsPerStep
    }

    /// Gives pages back when more than a quarter of the file is free; a smaller rest is used again by the next records.
    private func giveBack(in database: Database) throws -> Bool {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        guard free > Int64(Self.pagesPerStep), free * 4 > pages else { return false }
        try database.execute(sql: "PRAGMA incremental_vacuum(\(Self.pagesPerStep))")
        return try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 < free
    }

    private func raise(_ mark: FlowSchema.Mark, to time: Int64, in database: Database) throws {
        // A pruning by size of everything has no limit of its own: what came until the last write is gone.
        let time = time == .max ? (try FlowSchema.mark(.lastWrite, in: database) ?? 0) + 1 : time
        let before = try FlowSchema.mark(mark, in: database) ?? .min
        if time > before { try FlowSchema.setMark(mark, to: time, in: database) }
    }

    /// Pages in use.
    static func bytes(in database: Database) throws -> UInt64 {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        return UInt64(clamping: (pages - free) * size)
    }
}

extension Duration {
    var wholeMicroseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
