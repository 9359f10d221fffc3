// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import GRDB

/// Changes as rows, and rows as the changes that made them.
enum IdentityRows {
    private static let setupLink = "setup_link"

    static func write(_ change: IdentityChange, in database: Database) throws {
        switch change {
        case .saveUser(let user):
            try database.execute(
                sql: """
                    INSERT INTO user(id, name, body) VALUES (?, ?, ?)
                    ON CONFLICT(id) DO UPDATE SET name = excluded.name, body = excluded.body
                    """,
                arguments: [user.id, user.name, try ConsoleJSON.text(user)]
            )
        case .removeUser(let id): try removeUser(id, in: database)
        case .setPassword(let user, let hash):
            try database.execute(sql: "UPDATE user SET password_hash = ? WHERE id = ?", arguments: [hash, user])
        case .saveGroup(let group):
            try save("user_group", "path", group.path, try ConsoleJSON.text(group), in: database)
        case .removeGroup(let path):
            try database.execute(sql: "DELETE FROM user_group WHERE path = ?", arguments: [path])
        case .saveToken(let token):
            try database.execute(
                sql: "INSERT OR REPLACE INTO access_token(id, digest, body) VALUES (?, ?, ?)",
                arguments: [token.id, token.digest, try ConsoleJSON.text(token)]
            )
        case .removeToken(let id):
            try database.execute(sql: "DELETE FROM access_token WHERE id = ?", arguments: [id])
        case .saveSession(let session):
            try save("session", "id", session.id, try ConsoleJSON.text(session), in: database)
        case .removeSession(let id):
            try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id])
        case .setSetupLink(let digest?):
            try database.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)",
                arguments: [setupLink, digest]
            )
        case .setSetupLink(nil):
            try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [setupLink])
        }
    }

    private static func removeUser(_ id: String, in database: Database) throws {
        try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
        for (table, owner) in [("session", "$.user"), ("access_token", "$.owner")] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE json_extract(body, ?) = ?",
                arguments: [owner, id]
            )
        }
    }

    /// Writes groups again when users were removed, who are not among their members any more.
    static func writeMemberships(
        changedBy changes: [IdentityChange],
        _ directory: Directory,
        in database: Database
    ) throws {
        let hasRemoved = changes.contains { if case .removeUser = $0 { true } else { false } }
        guard hasRemoved else { return }
        for group in directory.groups.values { try write(.saveGroup(group), in: database) }
    }

    /// Everything that is kept, as changes to an empty directory.
    static func all(in database: Database) throws -> [IdentityChange] {
        var changes: [IdentityChange] = []
        for text in try texts("user", in: database) { changes.append(.saveUser(try ConsoleJSON.value(text))) }
        for text in try texts("user_group", in: database) { changes.append(.saveGroup(try ConsoleJSON.value(text))) }
        for text in try texts("access_token", in: database) { changes.append(.saveToken(try ConsoleJSON.value(text))) }
        for text in try texts("session", in: database) { changes.append(.saveSession(try ConsoleJSON.value(text))) }
        let link = try String.fetchOne(
            database,
            sql: "SELECT value FROM setting WHERE name = ?",
            arguments: [setupLink]
        )
        changes.append(.setSetupLink(link))
        return changes
    }

    private static func texts(_ table: String, in database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT body FROM \(table)")
    }

    private static func save(
        _ table: String,
        _ key: String,
        _ value: String,
        _ body: String,
        in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO \(table)(\(key), body) VALUES (?, ?)",
            arguments: [value, body]
        )
    }
}
