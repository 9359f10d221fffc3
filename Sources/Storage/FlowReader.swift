// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite
import NetworkPrimitives

/// Reads records and counts on one connection.
struct FlowReader {
    private let database: Database
    private var parties = LookupTable<StoredParty>(table: "party")
    private var decisions = LookupTable<Flow.Decision>(table: "decision")
    private var keys = LookupTable<FlowKey>(table: "flow_key", shortcut: FlowKeyBody.key)

    /// - Parameter memory: what need not be read.
    init(_ database: Database, _ memory: ReaderMemory? = nil) {
        self.database = database
        guard let memory else { return }
        keys.known = memory.keys.values
        parties.known = memory.parties.values
        decisions.known = memory.decisions.values
    }

    /// Takes down what was read and not known before.
    func remember(in memory: ReaderMemory) {
        memory.keys.add(keys)
        memory.parties.add(parties)
        memory.decisions.add(decisions)
    }

    /// Calls `visit` with every record of the range, newest first, until it returns false.
    ///
    /// The flow is as the query's reader sees it; `nil` for one that is not part of the answer.
    mutating func forEachRecord(
        _ query: FlowQuery,
        _ visit: (Flow?, FlowCursor) throws -> Bool
    ) throws {
        var memory = RecordMemory(query)
        var conditions = ["time >= \(query.range.from)", "time < \(query.range.to)"]
        if let cursor = query.cursor { conditions.append("(time, id) < (\(cursor.time), \(cursor.record))") }
        conditions += Self.conditions(of: query.filter)
        let sql = """
            SELECT id, time, shape, source, source_address, destination, destination_address, source_port,
            destination_port, bytes, packets, duration, decision, revision FROM flow
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY time DESC, id DESC
            """
        // The text has only numbers in it, none of them from outside as text.
        let prepared = try database.makeStatement(sql: sql)
        defer { withExtendedLifetime(prepared) {} }
        let statement = prepared.sqliteStatement
        while try Self.step(statement, database) {
            let cursor = FlowCursor(
                time: sqlite3_column_int64(statement, 1),
                record: sqlite3_column_int64(statement, 0)
            )
            let kind = RecordMemory.Kind(statement)
            if memory.isExcluded(kind) {
                guard try visit(nil, cursor) else { return }
                continue
            }
            let seen = query.seen(try flow(statement))
            if seen == nil { memory.exclude(kind) }
            guard try visit(seen, cursor) else { return }
        }
    }

    func keyIDs(after id: Int64, atMost count: Int) throws -> [Int64] {
        let sql = "SELECT id FROM flow_key WHERE id > ? ORDER BY id LIMIT ?"
        return try Int64.fetchAll(database.cachedStatement(sql: sql), arguments: [id, count])
    }

    /// From the oldest window that has counts to the end of the newest one; `nil`: there is none.
    func span(of level: FlowRollup?) throws -> TimeRange? {
        let rows = level.map { "flow_rollup WHERE level = \($0.rawValue)" } ?? "flow_count"
        // One at a time: of both together SQLite would read every row.
        let oldest = try Int64.fetchOne(database.cachedStatement(sql: "SELECT min(window) FROM \(rows)"))
        let newest = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(window) FROM \(rows)"))
        guard let oldest, let newest else { return nil }
        return TimeRange(from: oldest, to: newest + (level?.length ?? FlowWindow.length))
    }

    func highestKey() throws -> Int64 {
        try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM flow_key")) ?? 0
    }

    mutating func key(_ id: Int64) throws -> FlowKey { try keys.value(of: id, in: database) }

    /// Calls `visit` with the counts of the windows of a part.
    ///
    /// The key of an id is read when it is asked for. A part that is made of records has no counts.
    /// - Parameter chosen: ids of the only keys that matter; `nil` is all of them.
    mutating func forEachCount(
        _ part: FoldPart,
        of chosen: [Int64]?,
        _ visit: (_ window: Int64, _ id: Int64, FlowCount, _ key: () throws -> FlowKey) throws -> Void
    ) throws {
        guard let source = Self.source(of: part, chosen) else { return }
        // The text has only numbers in it, none of them from outside as text.
        let columns = "window, flow_key, flows, packets, bytes, first_seen, last_seen"
        let sql = "\(source.head)SELECT \(columns) FROM \(source.rows)"
        let prepared = try database.makeStatement(sql: sql)
        defer { withExtendedLifetime(prepared) {} }
        let statement = prepared.sqliteStatement
        while try Self.step(statement, database) {
            let id = sqlite3_column_int64(statement, 1)
            let count = FlowCount(
                flows: UInt64(clamping: sqlite3_column_int64(statement, 2)),
                packets: UInt64(clamping: sqlite3_column_int64(statement, 3)),
                bytes: UInt64(clamping: sqlite3_column_int64(statement, 4)),
                firstSeen: sqlite3_column_int64(statement, 5),
                lastSeen: sqlite3_column_int64(statement, 6)
            )
            try visit(sqlite3_column_int64(statement, 0), id, count) { try keys.value(of: id, in: database) }
        }
    }

    /// The rows of a part, in the order of time; `nil` where there can be none.
    private static func source(of part: FoldPart, _ chosen: [Int64]?) -> (head: String, rows: String)? {
        guard let (rollup, range) = part.windows else { return nil }
        let table = rollup == nil ? "flow_count" : "flow_rollup"
        let level = rollup.map { "level = \($0.rawValue) AND " } ?? ""
        let length = rollup?.length ?? FlowWindow.length
        guard let chosen else {
            let rows = "\(table) WHERE \(level)window >= \(range.from) AND window < \(range.to) ORDER BY window"
            return ("", rows)
        }
        guard !chosen.isEmpty, range.from < range.to else { return nil }
        let head = """
            WITH RECURSIVE wanted(start) AS (
                VALUES (\(range.from)) UNION ALL SELECT start + \(length) FROM wanted WHERE start + \(length) < \(range.to)
            ),
            chosen(id) AS (VALUES \(chosen.map { "(\($0))" }.joined(separator: ",")))\u{20}
            """
        // Of a cross join SQLite keeps the order: every window, and in it every key, is one lookup.
        let rows = "wanted CROSS JOIN chosen CROSS JOIN \(table) WHERE \(level)window = start AND flow_key = id"
        return (head, rows)
    }

    /// What SQLite can check cheaply; the filter itself is asked about everything that is left.
    private static func conditions(of filter: FlowFilter) -> [String] {
        var conditions: [String] = []
        if let verdicts = filter.verdicts {
            let codes = verdicts.map { String(RecordShape.code(of: $0)) }.sorted()
            conditions.append("(shape & 3) IN (\(codes.joined(separator: ", ")))")
        }
        // `port:` and `to.port:` are separate groups, and both must hold; the union of their ranges never excludes a match.
        if let ports = filter.destinationPorts {
            let ranges = ports.map { "destination_port BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
            conditions.append("(\(ranges.joined(separator: " OR ")))")
        }
        return conditions
    }

    private mutating func flow(_ statement: OpaquePointer) throws -> Flow {
        let shape = RecordShape(bits: sqlite3_column_int64(statement, 2))
        let source = try parties.value(of: sqlite3_column_int64(statement, 3), in: database)
        let destination = try parties.value(of: sqlite3_column_int64(statement, 5), in: database)
        let decision = try decisions.value(of: sqlite3_column_int64(statement, 12), in: database)
        let hasDuration = sqlite3_column_type(statement, 11) != SQLITE_NULL
        return Flow(
            time: sqlite3_column_int64(statement, 1),
            verdict: shape.verdict,
            direction: shape.direction,
            source: source.party(at: try Self.address(statement, 4)),
            destination: destination.party(at: try Self.address(statement, 6)),
            ipProtocol: shape.ipProtocol,
            sourcePort: UInt16(clamping: sqlite3_column_int64(statement, 7)),
            destinationPort: UInt16(clamping: sqlite3_column_int64(statement, 8)),
            icmpCode: shape.icmpCode,
            tcpFlags: shape.tcpFlags,
            bytes: UInt64(clamping: sqlite3_column_int64(statement, 9)),
            packets: UInt64(clamping: sqlite3_column_int64(statement, 10)),
            duration: hasDuration ? sqlite3_column_int64(statement, 11) : nil,
            decision: decision,
            revision: UInt64(clamping: sqlite3_column_int64(statement, 13)),
            agrees: shape.agrees,
            report: shape.report
        )
    }

    private static func address(_ statement: OpaquePointer, _ column: Int32) throws -> IPAddress {
        if sqlite3_column_type(statement, column) == SQLITE_INTEGER {
            return IPAddress(v4: UInt32(truncatingIfNeeded: sqlite3_column_int64(statement, column)))
        }
        let count = Int(sqlite3_column_bytes(statement, column))
        guard let start = sqlite3_column_blob(statement, column),
            let address = IPAddress(bytes: UnsafeRawBufferPointer(start: start, count: count))
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a record has no address") }
        return address
    }

    private static func step(_ statement: OpaquePointer, _ database: Database) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }
}
