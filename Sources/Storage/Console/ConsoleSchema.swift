// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import GRDB

/// The tables of `console.sqlite`: who is known, and what was done.
///
/// What is looked up in memory is kept as JSON in `body`. The audit log has a column per field and nothing twice, so that
/// no column can say something else than what the hash was made from; its tables are strict, so that a value put in by hand
/// is at least of the type that is read.
enum ConsoleSchema {
    static let version = 1

    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE user(
                    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, password_hash TEXT, body TEXT NOT NULL);
                CREATE TABLE user_group(path TEXT PRIMARY KEY, body TEXT NOT NULL);
                CREATE TABLE access_token(id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
                CREATE TABLE session(id TEXT PRIMARY KEY, body TEXT NOT NULL);
                CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE audit(
                    sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
                    object TEXT NOT NULL, environment TEXT, outcome TEXT NOT NULL, address TEXT, client TEXT,
                    request_id TEXT, detail TEXT, changes TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
                CREATE TRIGGER audit_is_never_edited BEFORE UPDATE ON audit
                    BEGIN SELECT RAISE(ABORT, 'the audit log is never edited'); END;
                CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
                    BEGIN SELECT RAISE(ABORT, 'nothing is deleted from the audit log'); END;
                CREATE TABLE audit_head(
                    id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
                PRAGMA user_version = \(version);
                """
        )
        try database.execute(
            sql: "INSERT INTO audit_head(id, count, hash) VALUES (1, 0, zeroblob(32))"
        )
    }
}
