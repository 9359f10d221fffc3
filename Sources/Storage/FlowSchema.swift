// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB

/// The tables of `flows.sqlite`.
///
/// Repeated things (parties without their address, decisions, keys) are rows of dictionary tables whose `body` is JSON;
/// addresses stand in the record itself, an integer for IPv4 and 16 bytes for IPv6, so that the number of addresses in the
/// world does not grow a dictionary.
enum FlowSchema {
    static let version = 3

    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE party(
                    id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, last_used INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE decision(
                    id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, last_used INTEGER NOT NULL DEFAULT 0);
                CREATE INDEX party_last_used ON party(last_used);
                CREATE INDEX decision_last_used ON decision(last_used);
                CREATE TABLE flow_key(
                    id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, last_window INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE flow(
                    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, shape INTEGER NOT NULL,
                    source INTEGER NOT NULL, source_address NOT NULL,
                    destination INTEGER NOT NULL, destination_address NOT NULL,
                    source_port INTEGER NOT NULL, destination_port INTEGER NOT NULL,
                    bytes INTEGER NOT NULL, packets INTEGER NOT NULL, duration INTEGER,
                    decision INTEGER NOT NULL, revision INTEGER NOT NULL);
                CREATE INDEX flow_time ON flow(time);
                CREATE TABLE flow_count(
                    window INTEGER NOT NULL, flow_key INTEGER NOT NULL, flows INTEGER NOT NULL,
                    packets INTEGER NOT NULL, bytes INTEGER NOT NULL,
                    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
                    PRIMARY KEY(window, flow_key)) WITHOUT ROWID;
                CREATE TABLE loss(
                    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
                    source TEXT NOT NULL, count INTEGER NOT NULL);
                \(FlowRollup.table)
                PRAGMA user_version = \(version);
                """
        )
    }

    /// Brings the tables of an older version up to date.
    ///
    /// - Parameter now: since when rows count as unused that nobody uses; microseconds since 1970.
    static func migrate(_ database: Database, from version: Int, now: Int64) throws {
        if version < 2 { try migrateToMarks(database, now: now) }
        guard version < 3 else { return }
        // Rollups of what is there are made hour by hour when the store is maintained.
        try database.execute(sql: FlowRollup.table)
        let oldest = try Int64.fetchOne(database, sql: "SELECT min(window) FROM flow_count")
        try setMark(.collectedSince, to: oldest ?? now, in: database)
        try database.execute(sql: "PRAGMA user_version = 3")
    }

    /// Version 2: when names were last used.
    private static func migrateToMarks(_ database: Database, now: Int64) throws {
        for table in ["party", "decision"] {
            try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0")
            try database.execute(sql: "UPDATE \(table) SET last_used = ?", arguments: [now])
            try database.execute(sql: "CREATE INDEX \(table)_last_used ON \(table)(last_used)")
        }
    }

    /// Rows of `meta`: points in time in microseconds since 1970.
    enum Mark: String {
        /// Set while a process has the store open.
        case runningSince = "running_since"
        case lastWrite = "last_write"
        /// When the file was made.
        case collectedSince = "collected_since"
        /// When it was last closed in order; absent while it is open.
        case closedAt = "closed_at"
        /// Hours before this have rollups.
        case rolledUpTo = "rolled_up_to"
        case recordsPrunedTo = "records_pruned_to"
        case countsPrunedTo = "counts_pruned_to"
        /// See `RecordOrder`.
        case lateness
    }

    static func mark(_ mark: Mark, in database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [mark.rawValue])
    }

    /// Minutes before this have all they will get, but for what comes late; microseconds, a multiple of a minute.
    static func settled(in database: Database) throws -> Int64 {
        let newest = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(window) FROM flow_count"))
        let rolledUpTo = try mark(.rolledUpTo, in: database) ?? .min
        return max(rolledUpTo, newest.map { $0 - 2 * FlowWindow.length } ?? .min)
    }

    static func setMark(_ mark: Mark, to value: Int64?, in database: Database) throws {
        if let value {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)")
                .execute(arguments: [mark.rawValue, value])
        } else {
            try database.execute(sql: "DELETE FROM meta WHERE name = ?", arguments: [mark.rawValue])
        }
    }
}
