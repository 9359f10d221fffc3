// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import GRDB
import GRDBSQLite

/// The ids of values that are stored once, by value.
///
/// Holds at most `limit` values in memory; when it is full it forgets all and reads them again as they come.
struct InternTable<Value: Hashable & Codable> {
    /// For so long a row that is in use need not be marked as such again; microseconds.
    static var markingInterval: Int64 { 3_600_000_000 }

    private struct Entry {
        var id: Int64
        /// When the row was last marked as in use; microseconds since 1970.
        var marked: Int64
    }

    private let table: String
    private let limit: Int
    private var ids: [Value: Entry] = [:]

    init(table: String, limit: Int) {
        self.table = table
        self.limit = limit
    }

    mutating func forget() { ids.removeAll() }

    /// The id of a value, whose row is marked as in use at a time; `nil`: this table has no such marks.
    mutating func id(of value: Value, usedAt time: Int64? = nil, in database: Database) throws -> Int64 {
        if let known = ids[value] {
            guard let time, time - known.marked >= Self.markingInterval else { return known.id }
            try mark(known.id, usedAt: time, in: database)
            ids[value]?.marked = time
            return known.id
        }
        let body = try JSONBody.text(of: value)
        let find = try database.cachedStatement(sql: "SELECT id FROM \(table) WHERE body = ?")
        let id: Int64
        if let stored = try Int64.fetchOne(find, arguments: [body]) {
            id = stored
        } else {
            try database.cachedStatement(sql: "INSERT INTO \(table)(body) VALUES (?)").execute(arguments: [body])
            id = database.lastInsertedRowID
        }
        if ids.count >= limit { forget() }
        if let time { try mark(id, usedAt: time, in: database) }
        ids[value] = Entry(id: id, marked: time ?? 0)
        return id
    }

    private func mark(_ id: Int64, usedAt time: Int64, in database: Database) throws {
        let sql = "UPDATE \(table) SET last_used = max(last_used, ?) WHERE id = ?"
        try database.cachedStatement(sql: sql).execute(arguments: [time, id])
    }
}

/// The values of ids, read as they are needed.
struct LookupTable<Value: Codable> {
    /// Reads bodies of the usual layout faster than a decoder; `nil` for one that is left to it.
    typealias Shortcut = (UnsafeBufferPointer<UInt8>) -> Value?

    /// Values kept at most; those past it are read whenever they are asked for.
    private static var limit: Int { 50_000 }
    /// Rows are mostly asked for in their order: stepping over so many is faster than looking for one.
    private static var longestStep: Int64 { 8 }

    private let table: String
    private let shortcut: Shortcut?
    /// What need not be read.
    var known = KnownValues<Value>()
    private(set) var read = KnownValues<Value>()
    /// Whether not all that was read is in `read`.
    private(set) var isFull = false
    /// Rows from one on, in order, and the id of the present one.
    private var rows: Statement?
    private var place: Int64?

    init(table: String, shortcut: Shortcut? = nil) {
        self.table = table
        self.shortcut = shortcut
    }

    mutating func value(of id: Int64, in database: Database) throws -> Value {
        if let value = known[id] ?? read[id] { return value }
        let value = try read(id, database)
        guard read.count < Self.limit else {
            isFull = true
            return value
        }
        read.add(value, at: id)
        return value
    }

    private mutating func read(_ id: Int64, _ database: Database) throws -> Value {
        let rows = try rows ?? database.makeStatement(sql: "SELECT id, body FROM \(table) WHERE id >= ? ORDER BY id")
        self.rows = rows
        let statement = rows.sqliteStatement
        try find(id, statement, database)
        // The text lives until the next step.
        let count = Int(sqlite3_column_bytes(statement, 1))
        let body = UnsafeBufferPointer(start: sqlite3_column_text(statement, 1), count: count)
        if let value = shortcut?(body) { return value }
        return try JSONBody.value(of: Value.self, from: Data(body))
    }

    /// Makes the row of an id the present one.
    private mutating func find(_ id: Int64, _ statement: OpaquePointer, _ database: Database) throws {
        if place.map({ id <= $0 || id > $0 + Self.longestStep }) ?? true {
            sqlite3_reset(statement)
            sqlite3_bind_int64(statement, 1, id)
            place = nil
        }
        while place.map({ $0 < id }) ?? true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: place = sqlite3_column_int64(statement, 0)
            case SQLITE_DONE: throw missing(id)
            case let code:
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
            }
        }
        guard place == id else { throw missing(id) }
    }

    private mutating func missing(_ id: Int64) -> DatabaseError {
        place = nil
        return DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(table) has no row \(id)")
    }
}

/// Values as JSON text, equal for equal values.
private enum JSONBody {
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(of type: Value.Type, from body: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a dictionary row cannot be read: \(error)")
        }
    }
}
