// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ChangeControl
import Foundation
import GRDB

/// Appends to the chain inside a transaction of the one writing connection, so that records never race.
struct AuditWriter: Sendable {
    let hash: AuditChain.HashFunction

    /// - Returns: the records, in order.
    @discardableResult
    func append(_ entries: [AuditEntry], in database: Database) throws -> [AuditRecord] {
        guard !entries.isEmpty else { return [] }
        var chain = AuditChain(head: try Self.head(in: database), hash: hash)
        let records = entries.map { chain.append($0.bounded) }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO audit(sequence, time, actor, action, object, environment, outcome, address, client,
                request_id, detail, changes, previous, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        )
        for record in records { try statement.execute(arguments: try Self.arguments(of: record)) }
        try database.execute(
            sql: "UPDATE audit_head SET count = ?, hash = ? WHERE id = 1",
            arguments: [chain.head.count, Data(chain.head.hash)]
        )
        return records
    }

    /// - Throws: `DatabaseError` `SQLITE_CORRUPT` when there is none: a chain must not begin anew unseen.
    static func head(in database: Database) throws -> AuditHead {
        guard let row = try Row.fetchOne(database, sql: "SELECT count, hash FROM audit_head WHERE id = 1") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the end of the audit log is not known")
        }
        return AuditHead(count: row["count"], hash: Array(row["hash"] as Data))
    }

    private static func arguments(of record: AuditRecord) throws -> StatementArguments {
        let entry = record.entry
        return [
            record.sequence, entry.time, entry.actor, entry.action, entry.object, entry.environment,
            entry.outcome.rawValue, entry.address, entry.client, entry.requestID, entry.detail,
            try ConsoleJSON.text(entry.changes), Data(record.previous), Data(record.hash),
        ]
    }

    /// A row as it is; text that cannot be understood comes back as an entry that no hash fits.
    static func record(_ row: Row) -> AuditRecord {
        var entry = AuditEntry(
            time: row["time"],
            actor: row["actor"],
            action: row["action"],
            object: row["object"],
            environment: row["environment"],
            address: row["address"],
            client: row["client"],
            requestID: row["request_id"],
            detail: row["detail"]
        )
        do {
            entry.changes = try ConsoleJSON.value(row["changes"])
            guard let outcome = AuditEntry.Outcome(rawValue: row["outcome"]) else { throw ConsoleJSON.NotReadable() }
            entry.outcome = outcome
        } catch {
            // Somebody edited the row by hand: it is shown as such, and verification stops at it.
            entry.action = "(not readable) \(entry.action)"
        }
        let previous: Data = row["previous"]
        let hash: Data = row["hash"]
        return AuditRecord(sequence: row["sequence"], entry: entry, previous: Array(previous), hash: Array(hash))
    }
}

/// Values as JSON text in a column, keys sorted.
enum ConsoleJSON {
    struct NotReadable: Error {}

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}
