// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite

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

    /// The records of the range, newest first; those that are certainly not part of the answer may be missing.
    mutating func rows(_ query: FlowQuery) throws -> RecordRows {
        var conditions = Self.within(query.range)
        if let cursor = query.cursor { conditions.append("(time, id) < (\(cursor.time), \(cursor.record))") }
        conditions += try self.conditions(of: query)
        return try RecordRows(database, where: conditions, order: "time DESC, id DESC")
    }

    /// The same records from the last that was written to the first; `nil` where they may be later than `lateness`.
    mutating func rowsAsTheyLie(
        _ query: FlowQuery,
        lateness most: Int64
    ) throws -> (rows: RecordRows, lateness: Int64)? {
        guard let lateness = try FlowSchema.mark(.lateness, in: database), lateness <= most else { return nil }
        var query = query
        if let cursor = query.cursor, cursor.time < query.range.to {
            query.range = TimeRange(from: query.range.from, to: cursor.time + 1)
        }
        var conditions = try RecordOrder.conditions(query.range, in: database) ?? []
        conditions += Self.within(query.range)
        if let cursor = query.cursor { conditions.append("(time, id) < (\(cursor.time), \(cursor.record))") }
        conditions += try self.conditions(of: query)
        return (try RecordRows(database, where: conditions, order: "id DESC", usesIndex: false), lateness)
    }

    /// The same records about in the order of time, without a search for each of them.
    mutating func rowsInAnyOrder(_ query: FlowQuery) throws -> RecordRows {
        guard let ids = try RecordOrder.conditions(query.range, in: database) else { return try rows(query) }
        let conditions = ids + Self.within(query.range) + (try self.conditions(of: query))
        return try RecordRows(database, where: conditions, order: "id DESC", usesIndex: false)
    }

    /// The whole minute instead of a part of it in which all its records are: its counts say the same, and are quicker to read.
    ///
    /// So it nearly always is with the present minute, up to now. Kinds past the bound of a minute (`FlowAggregator`) are put
    /// together, as in every whole minute.
    func counted(_ part: FoldPart, of query: FlowQuery, _ marks: FoldPart.Marks) throws -> FoldPart {
        guard case .records(let range) = part, !query.needsRecords, query.window.isOfMinutes else { return part }
        let start = FlowWindow.start(of: range.from)
        let (end, isPast) = start.addingReportingOverflow(FlowWindow.length)
        guard !isPast else { return part }
        let minute = TimeRange(from: start, to: end)
        guard range.to <= minute.to, start >= marks.recordsPrunedTo else { return part }
        let before = try hasRecords(in: TimeRange(from: start, to: range.from))
        let after = try hasRecords(in: TimeRange(from: range.to, to: minute.to))
        return before || after ? part : .counts(minute)
    }

    private func hasRecords(in range: TimeRange) throws -> Bool {
        guard range.from < range.to else { return false }
        let sql = "SELECT 1 FROM flow WHERE time >= ? AND time < ? LIMIT 1"
        return try Int64.fetchOne(database.cachedStatement(sql: sql), arguments: [range.from, range.to]) != nil
    }

    private static func within(_ range: TimeRange) -> [String] { ["time >= \(range.from)", "time < \(range.to)"] }

    private mutating func conditions(of query: FlowQuery) throws -> [String] {
        try RecordConditions.all(of: query) { [database] in
            let ids = try Int64.fetchAll(
                database.cachedStatement(sql: "SELECT id FROM party ORDER BY id LIMIT ?"),
                arguments: [RecordConditions.mostParties + 1]
            )
            guard ids.count <= RecordConditions.mostParties else { return nil }
            return try ids.map { ($0, try parties.value(of: $0, in: database)) }
        }
    }

    mutating func flow(_ row: RecordRow) throws -> Flow {
        let shape = row.shape
        let source = try parties.value(of: row.source, in: database)
        let destination = try parties.value(of: row.destination, in: database)
        return Flow(
            time: row.time,
            verdict: shape.verdict,
            direction: shape.direction,
            source: source.party(at: try row.sourceAddress()),
            destination: destination.party(at: try row.destinationAddress()),
            ipProtocol: shape.ipProtocol,
            sourcePort: row.sourcePort,
            destinationPort: row.destinationPort,
            icmpCode: shape.icmpCode,
            tcpFlags: shape.tcpFlags,
            bytes: row.bytes,
            packets: row.packets,
            duration: row.duration,
            decision: try decisions.value(of: row.decision, in: database),
            revision: row.revision,
            agrees: shape.agrees,
            report: shape.report
        )
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

    private static func step(_ statement: OpaquePointer, _ database: Database) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }
}
