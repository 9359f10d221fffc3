// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ChangeControl
import GRDB

/// The audit log in `console.sqlite`.
public final class SQLiteAuditLog: AuditLog {
    private let path: String
    private let pool: DatabasePool
    private let writer: AuditWriter

    init(path: String, pool: DatabasePool, writer: AuditWriter) {
        self.path = path
        self.pool = pool
        self.writer = writer
    }

    @discardableResult
    public func append(_ entry: AuditEntry) async throws -> AuditRecord {
        let writer = writer
        let records = try await reporting {
            try await self.pool.write { try writer.append([entry], in: $0) }
        }
        guard let record = records.first else { throw AuditLogError("Nothing was written to \(path).") }
        return record
    }

    public func page(_ query: AuditQuery) async throws -> AuditPage {
        try await reporting { try await self.pool.read { try Self.page(query, in: $0) } }
    }

    public func verify() async throws -> AuditVerification {
        let hash = writer.hash
        return try await reporting { try await self.pool.read { try Self.verify(hash, in: $0) } }
    }

    /// Looks at `AuditQuery.scanLimit` sequence numbers at most.
    private static func page(_ query: AuditQuery, in database: Database) throws -> AuditPage {
        let newest = try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM audit") ?? 0
        let range = scanned(query, newest)
        guard range.lowerBound <= range.upperBound else { return AuditPage(records: [], next: nil) }
        let (conditions, arguments) = conditions(of: query)
        let order = query.isAscending ? "ASC" : "DESC"
        let sql = "SELECT * FROM audit WHERE \(conditions) ORDER BY sequence \(order)"
        var records: [AuditRecord] = []
        let bounds: StatementArguments = [range.lowerBound, range.upperBound]
        let rows = try Row.fetchCursor(database, sql: sql, arguments: bounds + arguments)
        while let row = try rows.next() {
            let record = AuditWriter.record(row)
            guard query.matches(record.entry) else { continue }
            // One more than the page shows that there is a next one.
            guard records.count < query.limit else { return AuditPage(records: records, next: records.last?.sequence) }
            records.append(record)
        }
        if query.isAscending {
            return AuditPage(records: records, next: range.upperBound < newest ? range.upperBound : nil)
        }
        return AuditPage(records: records, next: range.lowerBound > 1 ? range.lowerBound : nil)
    }

    /// What SQLite can check without an entry being made of the row; the query itself is asked about everything left.
    private static func conditions(of query: AuditQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions = ["sequence BETWEEN ? AND ?"]
        var arguments: StatementArguments = []
        func add(_ condition: String, _ values: (any DatabaseValueConvertible)?...) {
            let values = values.compactMap { $0 }
            guard !values.isEmpty else { return }
            conditions.append(condition)
            arguments += StatementArguments(values)
        }
        add("environment = ?", query.environment)
        add("outcome = ?", query.outcome?.rawValue)
        add("time >= ?", query.from)
        add("time < ?", query.to)
        // Text beyond ASCII can be equal and yet be other bytes.
        for actor in [query.actor, query.person].compactMap({ $0 }) where actor.utf8.allSatisfy({ $0 < 0x80 }) {
            let ofToken = " of \(actor)"
            add("(actor = ? OR substr(actor, ?) = ?)", actor, -ofToken.utf8.count, ofToken)
        }
        if let action = query.action, action.utf8.allSatisfy({ $0 < 0x80 }) {
            add("substr(action, 1, ?) = ?", action.utf8.count, action)
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    private static func scanned(_ query: AuditQuery, _ newest: Int64) -> (lowerBound: Int64, upperBound: Int64) {
        if query.isAscending {
            let first = max(query.cursor ?? 0, 0)
            guard first < newest else { return (1, 0) }
            return (first + 1, min(newest, first + AuditQuery.scanLimit))
        }
        let last = min(max(query.cursor ?? .max, 1) - 1, newest)
        return (max(1, last - AuditQuery.scanLimit + 1), last)
    }

    private static func verify(
        _ hash: @escaping AuditChain.HashFunction,
        in database: Database
    ) throws
        -> AuditVerification
    {
        var chain = AuditChain(hash: hash)
        var verification = AuditVerification(count: 0, first: nil, last: nil, head: "")
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY sequence")
        while verification.broken == nil, let row = try rows.next() {
            let record = AuditWriter.record(row)
            verification.broken = chain.check(record)
            guard verification.broken == nil else { break }
            if verification.first == nil { verification.first = record.entry.time }
            verification.last = record.entry.time
        }
        if verification.broken == nil { verification.broken = chain.checkEnd(try AuditWriter.head(in: database)) }
        verification.count = chain.head.count
        verification.head = chain.head.hash.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        return verification
    }

    private func reporting<Result>(_ access: () async throws -> Result) async throws -> Result {
        do {
            return try await access()
        } catch let error as DatabaseError {
            throw ConsoleFailure(error, path: path).auditError
        }
    }
}
