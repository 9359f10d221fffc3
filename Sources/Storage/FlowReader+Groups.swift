// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite

extension FlowReader {
    /// So many keys are read one by one; of more the whole table is read once.
    private static var fewKeys: Int { 1_000 }

    /// The counts of the windows that start in the range, all windows of a key together, by id of the key.
    /// - Complexity: O(counts of the range + keys).
    mutating func groups(in range: TimeRange, _ filter: FlowFilter) throws -> [FlowGroup] {
        let totals = try totals(in: range)
        var groups: [FlowGroup] = []
        groups.reserveCapacity(totals.count)
        if totals.count <= Self.fewKeys {
            for (id, count) in totals.sorted(by: { $0.key < $1.key }) {
                let key = try keys.value(of: id, in: database)
                if filter.matches(key) { groups.append(FlowGroup(key: key, count: count)) }
            }
            return groups
        }
        var found = 0
        let prepared = try database.makeStatement(sql: "SELECT id, body FROM flow_key ORDER BY id")
        defer { withExtendedLifetime(prepared) {} }
        let statement = prepared.sqliteStatement
        while try Self.step(statement, database) {
            let id = sqlite3_column_int64(statement, 0)
            guard let count = totals[id] else { continue }
            found += 1
            let text = sqlite3_column_text(statement, 1)
            let body = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, 1)))
            let key = try FlowKeyBody.key(body) ?? keys.value(of: id, in: database)
            if filter.matches(key) { groups.append(FlowGroup(key: key, count: count)) }
        }
        guard found == totals.count else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "flow_key lacks \(totals.count - found) rows")
        }
        return groups
    }

    private func totals(in range: TimeRange) throws -> [Int64: FlowCount] {
        let sql = """
            SELECT flow_key, flows, packets, bytes, first_seen, last_seen FROM flow_count
            WHERE window >= \(range.from) AND window < \(range.to)
            """
        let prepared = try database.makeStatement(sql: sql)
        defer { withExtendedLifetime(prepared) {} }
        let statement = prepared.sqliteStatement
        var totals: [Int64: FlowCount] = [:]
        while try Self.step(statement, database) {
            let count = FlowCount(
                flows: UInt64(clamping: sqlite3_column_int64(statement, 1)),
                packets: UInt64(clamping: sqlite3_column_int64(statement, 2)),
                bytes: UInt64(clamping: sqlite3_column_int64(statement, 3)),
                firstSeen: sqlite3_column_int64(statement, 4),
                lastSeen: sqlite3_column_int64(statement, 5)
            )
            totals[sqlite3_column_int64(statement, 0), default: FlowCount(firstSeen: .max, lastSeen: .min)].merge(count)
        }
        return totals
    }
}
