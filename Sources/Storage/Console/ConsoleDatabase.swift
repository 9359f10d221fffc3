// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
public import ChangeControl
import Foundation
import GRDB

/// `console.sqlite`: users, groups, tokens, sessions and the audit log in one file, so that a change and its record are one
/// transaction.
///
/// Commits are synchronised with the disk. The file and those beside it are readable by their owner only. A damaged file
/// is never replaced by an empty one: who may do what would be forgotten with it.
public struct ConsoleDatabase: Sendable {
    /// Its path; what messages call it.
    public let path: String
    public let identities: SQLiteIdentityStore
    public let audit: SQLiteAuditLog
    private let pool: DatabasePool

    /// Opens or creates `console.sqlite` in a directory.
    /// - Parameter hash: SHA-256, for the audit log's chain.
    /// - Throws: `IdentityStoreError` `newerSchema`, `corrupt`, `full`, `failed` (no permission, no directory).
    public static func open(directory: String, hash: @escaping AuditChain.HashFunction) throws -> ConsoleDatabase {
        let path = directory + "/console.sqlite"
        do {
            try PrivateFile.make(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            // A database pool begins with NORMAL, where a power failure may cost the last commits.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.write { try prepare($0, path) }
            let writer = AuditWriter(hash: hash)
            return ConsoleDatabase(
                path: path,
                identities: try SQLiteIdentityStore(path: path, pool: pool, audit: writer),
                audit: SQLiteAuditLog(path: path, pool: pool, writer: writer),
                pool: pool
            )
        } catch let failure as PrivateFile.Failure {
            throw IdentityStoreError(.failed, failure.message)
        } catch let error as DatabaseError {
            throw ConsoleFailure(error, path: path).identityError
        }
    }

    public func close() throws { try pool.close() }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        configuration.label = "console"
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            try database.execute(sql: "PRAGMA journal_size_limit = 16777216")
        }
        return configuration
    }

    private static func prepare(_ database: Database, _ path: String) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if version == 0 {
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it has tables and no version")
            }
            try ConsoleSchema.create(database)
        }
        guard version <= ConsoleSchema.version else {
            throw IdentityStoreError(
                .newerSchema,
                "\(path) was written by a newer Palisade (format \(version), this one reads \(ConsoleSchema.version)); "
                    + "start the newer version."
            )
        }
    }
}
