// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ChangeControl
import GRDB
import Synchronization

/// Who is known, in `console.sqlite`, with everything that is asked often in memory as well.
///
/// One process has the file open; what it keeps in memory is what the file holds after every edit.
public final class SQLiteIdentityStore: IdentityStore {
    public typealias Record = AuditEntry

    private let path: String
    private let pool: DatabasePool
    private let audit: AuditWriter
    /// Set only on the writing connection, right after a commit.
    private let kept: Mutex<Directory>

    init(path: String, pool: DatabasePool, audit: AuditWriter) throws {
        self.path = path
        self.pool = pool
        self.audit = audit
        kept = Mutex(try pool.read { try Self.read($0, path) })
    }

    public var directory: Directory { kept.withLock { $0 } }

    public func edit(_ decide: @escaping @Sendable (Directory) throws -> IdentityEdit<AuditEntry>) async throws {
        try await commit { database, directory in
            let edit = try decide(directory)
            for change in edit.changes {
                try IdentityRows.write(change, in: database)
                directory.apply(change)
            }
            // With a user go rows of theirs that the change does not name.
            try IdentityRows.writeMemberships(changedBy: edit.changes, directory, in: database)
            try self.audit.append(edit.records, in: database)
        }
    }

    public func touch(sessions: [String], tokens: [String], at time: Int64) async throws {
        try await commit { database, directory in
            for id in sessions {
                guard var session = directory.sessions[id], session.lastSeen < time else { continue }
                session.lastSeen = time
                try IdentityRows.write(.saveSession(session), in: database)
                directory.apply(.saveSession(session))
            }
            for id in tokens {
                guard var token = directory.tokens[id], token.lastUsed ?? .min < time else { continue }
                token.lastUsed = time
                try IdentityRows.write(.saveToken(token), in: database)
                directory.apply(.saveToken(token))
            }
        }
    }

    public func passwordHash(ofUser id: String) async throws -> String? {
        try await reporting {
            try await self.pool.read { database in
                let sql = "SELECT password_hash FROM user WHERE id = ?"
                return try String?.fetchOne(database, sql: sql, arguments: [id]) ?? nil
            }
        }
    }

    /// Runs changes of file and memory, both or neither.
    private func commit(_ change: @escaping @Sendable (Database, inout Directory) throws -> Void) async throws {
        try await reporting {
            try await self.pool.writeWithoutTransaction { database in
                var directory = self.directory
                try database.inTransaction(.immediate) {
                    try change(database, &directory)
                    return .commit
                }
                directory.revision += 1
                self.kept.withLock { $0 = directory }
            }
        }
    }

    private static func read(_ database: Database, _ path: String) throws -> Directory {
        var directory = Directory()
        do {
            for change in try IdentityRows.all(in: database) { directory.apply(change) }
        } catch is DecodingError {
            throw IdentityStoreError(.corrupt, "\(path) is damaged (a row cannot be understood).")
        }
        return directory
    }

    private func reporting<Result>(_ access: () async throws -> Result) async throws -> Result {
        do {
            return try await access()
        } catch let error as DatabaseError {
            throw ConsoleFailure(error, path: path).identityError
        }
    }
}
