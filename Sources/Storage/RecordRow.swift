// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite
import NetworkPrimitives

/// A record as it stands in the database, read column by column; of use until the next one is read.
struct RecordRow {
    /// In the order that the properties read them.
    static let columns = """
        id, time, shape, source, source_address, destination, destination_address, source_port, destination_port, bytes, \
        packets, duration, decision, revision
        """

    let statement: OpaquePointer

    var cursor: FlowCursor { FlowCursor(time: time, record: sqlite3_column_int64(statement, 0)) }
    var time: Int64 { sqlite3_column_int64(statement, 1) }
    var shape: RecordShape { RecordShape(bits: sqlite3_column_int64(statement, 2)) }
    /// Ids of `StoredParty`.
    var source: Int64 { sqlite3_column_int64(statement, 3) }
    var destination: Int64 { sqlite3_column_int64(statement, 5) }
    var sourcePort: UInt16 { UInt16(clamping: sqlite3_column_int64(statement, 7)) }
    var destinationPort: UInt16 { UInt16(clamping: sqlite3_column_int64(statement, 8)) }
    var bytes: UInt64 { UInt64(clamping: sqlite3_column_int64(statement, 9)) }
    var packets: UInt64 { UInt64(clamping: sqlite3_column_int64(statement, 10)) }
    /// An id of `Flow.Decision`.
    var decision: Int64 { sqlite3_column_int64(statement, 12) }
    var revision: UInt64 { UInt64(clamping: sqlite3_column_int64(statement, 13)) }

    var duration: Int64? {
        sqlite3_column_type(statement, 11) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, 11)
    }

    func sourceAddress() throws -> IPAddress { try address(4) }
    func destinationAddress() throws -> IPAddress { try address(6) }

    /// What it adds to the counts of its kind.
    var count: FlowCount { FlowCount(shape.report, packets: packets, bytes: bytes, at: time) }

    private func address(_ column: Int32) throws -> IPAddress {
        if sqlite3_column_type(statement, column) == SQLITE_INTEGER {
            return IPAddress(v4: UInt32(truncatingIfNeeded: sqlite3_column_int64(statement, column)))
        }
        let count = Int(sqlite3_column_bytes(statement, column))
        guard let start = sqlite3_column_blob(statement, column),
            let address = IPAddress(bytes: UnsafeRawBufferPointer(start: start, count: count))
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a record has no address") }
        return address
    }
}

/// Records one after the other.
struct RecordRows {
    private let database: Database
    private let prepared: Statement

    /// - Parameters:
    ///   - conditions: SQL with nothing but numbers in it, none of them from outside as text.
    ///   - usesIndex: whether rows are found by their time.
    init(_ database: Database, where conditions: [String], order: String, usesIndex: Bool = true) throws {
        self.database = database
        prepared = try database.makeStatement(
            sql: """
                SELECT \(RecordRow.columns) FROM flow \(usesIndex ? "" : "NOT INDEXED")
                WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order)
                """
        )
    }

    /// - Throws: `DatabaseError`.
    func next() throws -> RecordRow? {
        switch sqlite3_step(prepared.sqliteStatement) {
        case SQLITE_ROW: return RecordRow(statement: prepared.sqliteStatement)
        case SQLITE_DONE: return nil
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }
}
