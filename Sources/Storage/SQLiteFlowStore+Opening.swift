// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Foundation
import GRDB

extension SQLiteFlowStore {
    /// Opens or creates `flows.sqlite` in a directory.
    ///
    /// The file is readable by its owner only. A damaged file is renamed, kept, and a new one is started; a death of the process before is recorded as a loss of
    /// source `crash`.
    /// - Parameter now: the time in microseconds since 1970.
    /// - Throws: `FlowStoreError` `newerSchema` for a file of a newer version, `full`, `failed` (no permission, no directory).
    public static func open(
        directory: String,
        settings: FlowStoreSettings = FlowStoreSettings(),
        now: @escaping @Sendable () -> Int64
    ) async throws -> FlowStoreOpening {
        let path = directory + "/flows.sqlite"
        do {
            return try opening(path, settings, now)
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            let aside = try setAside(path, now())
            do {
                var opening = try opening(path, settings, now)
                opening.setAside = aside
                return opening
            } catch let error as DatabaseError {
                throw FlowStoreError(error, path: path)
            }
        } catch let error as DatabaseError {
            throw FlowStoreError(error, path: path)
        }
    }

    private static func opening(
        _ path: String,
        _ settings: FlowStoreSettings,
        _ now: @escaping @Sendable () -> Int64
    ) throws -> FlowStoreOpening {
        do {
            try PrivateFile.make(path)
        } catch {
            throw FlowStoreError(.failed, error.message)
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        let time = now()
        let unclean = try pool.write { database in
            try prepare(database, path, time)
            let unclean = try FlowSchema.mark(.runningSince, in: database)
            if let since = unclean {
                let last = max(since, try FlowSchema.mark(.lastWrite, in: database) ?? since)
                try recordGap(.crash, from: last, to: time, in: database)
            } else if let closed = try FlowSchema.mark(.closedAt, in: database) {
                try recordGap(.stopped, from: closed, to: time, in: database)
            }
            try FlowSchema.setMark(.closedAt, to: nil, in: database)
            try FlowSchema.setMark(.runningSince, to: time, in: database)
            return unclean
        }
        let store = SQLiteFlowStore(path: path, settings: settings, pool: pool, now: now)
        return FlowStoreOpening(store: store, setAside: nil, uncleanSince: unclean)
    }

    /// Nobody collected in this time; a moment is none.
    private static func recordGap(_ source: LossSource, from: Int64, to: Int64, in database: Database) throws {
        guard source == .crash || to - from >= 1_000_000 else { return }
        try database.execute(
            sql: "INSERT INTO loss(first, last, source, count) VALUES (?, ?, ?, 0)",
            arguments: [from, max(from, to), source.rawValue]
        )
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.label = "flows"
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            // Takes effect in a new file only, before its first table.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    /// Creates the tables of a new file, and looks whether those of an old one can be used.
    private static func prepare(_ database: Database, _ path: String, _ time: Int64) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if version == 0 {
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it has tables and no version")
            }
            try FlowSchema.create(database)
            try FlowSchema.setMark(.collectedSince, to: time, in: database)
            try FlowSchema.setMark(.lateness, to: 0, in: database)
        }
        guard version <= FlowSchema.version else {
            throw FlowStoreError(
                .newerSchema,
                "\(path) was written by a newer Palisade (format \(version), this one reads \(FlowSchema.version)); "
                    + "start the newer version, or move the file away."
            )
        }
        if version > 0 { try FlowSchema.migrate(database, from: version, now: time) }
        // A whole check reads the whole file; past this size only the ends of each table are looked at.
        let bytes = try FlowPruner.bytes(in: database)
        if bytes < 64 << 20 {
            let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            guard answer == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: answer ?? "no answer to quick_check")
            }
        }
        for table in ["meta", "party", "decision", "flow_key", "flow", "flow_count", "flow_rollup", "loss"] {
            for order in ["ASC", "DESC"] {
                _ = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1 \(order) LIMIT 10")
            }
        }
    }

    /// Renames the file and those beside it.
    /// - Returns: the new path.
    private static func setAside(_ path: String, _ time: Int64) throws -> String {
        let aside = "\(path).damaged-\(time / 1_000_000)"
        do {
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
            }
        } catch {
            throw FlowStoreError(.failed, "\(path) is damaged and cannot be renamed: \(error.localizedDescription)")
        }
        return aside
    }
}
