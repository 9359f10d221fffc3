// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import GRDBSQLite
import NetworkPrimitives

/// What the insert path remembers between batches.
///
/// A class because it lives as long as the one writing connection, and unchecked because it is only touched inside writes,
/// which the database queue runs one at a time.
final class FlowWriter: @unchecked Sendable {
    private var parties = InternTable<StoredParty>(table: "party", limit: 100_000)
    private var decisions = InternTable<Flow.Decision>(table: "decision", limit: 10_000)
    private var keys = InternTable<FlowKey>(table: "flow_key", limit: 50_000)
    /// The newest window that the row of each key is known to name.
    private var keyWindows: [Int64: Int64] = [:]
    private var aggregator: FlowAggregator
    /// `nil`: not read yet.
    private var order: RecordOrder?

    init(keysPerMinute: Int) { aggregator = FlowAggregator(keyLimit: keysPerMinute) }

    /// Ids of a transaction that was rolled back mean nothing any more, and neither do ids of rows that were removed.
    func forget() {
        parties.forget()
        decisions.forget()
        keys.forget()
        keyWindows.removeAll()
        order = nil
        _ = aggregator.takeDeltas()
    }

    /// Forgets when the transaction is rolled back in the end, also because it could not be committed.
    func forgetOnRollback(of database: Database) {
        database.afterNextTransaction(onCommit: { _ in }, onRollback: { _ in self.forget() })
    }

    /// - Returns: the minutes that were settled and are not as they were.
    func insert(_ flows: [Flow], losses: [FlowLoss], in database: Database) throws -> [Int64] {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO flow(time, shape, source, source_address, destination, destination_address, source_port,
                destination_port, bytes, packets, duration, decision, revision) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        )
        var order = try order ?? RecordOrder(in: database)
        var isLater = false
        for flow in flows {
            try insert(flow, statement.sqliteStatement, database)
            aggregator.add(flow)
            if order.add(flow.time) { isLater = true }
        }
        if isLater { try FlowSchema.setMark(.lateness, to: order.lateness, in: database) }
        self.order = order
        let late = try insertCounts(database)
        for loss in losses {
            try database.execute(
                sql: "INSERT INTO loss(first, last, source, count) VALUES (?, ?, ?, ?)",
                arguments: [loss.from, loss.to, loss.source.rawValue, Int64(clamping: loss.count)]
            )
        }
        return late
    }

    private func insert(_ flow: Flow, _ statement: OpaquePointer, _ database: Database) throws {
        let source = try parties.id(of: StoredParty(flow.source), usedAt: flow.time, in: database)
        let destination = try parties.id(of: StoredParty(flow.destination), usedAt: flow.time, in: database)
        let decision = try decisions.id(of: flow.decision, usedAt: flow.time, in: database)
        sqlite3_bind_int64(statement, 1, flow.time)
        sqlite3_bind_int64(statement, 2, RecordShape(flow).bits)
        sqlite3_bind_int64(statement, 3, source)
        Self.bind(flow.source.address, statement, 4)
        sqlite3_bind_int64(statement, 5, destination)
        Self.bind(flow.destination.address, statement, 6)
        sqlite3_bind_int64(statement, 7, Int64(flow.sourcePort))
        sqlite3_bind_int64(statement, 8, Int64(flow.destinationPort))
        sqlite3_bind_int64(statement, 9, Int64(clamping: flow.bytes))
        sqlite3_bind_int64(statement, 10, Int64(clamping: flow.packets))
        if let duration = flow.duration {
            sqlite3_bind_int64(statement, 11, duration)
        } else {
            sqlite3_bind_null(statement, 11)
        }
        sqlite3_bind_int64(statement, 12, decision)
        sqlite3_bind_int64(statement, 13, Int64(clamping: flow.revision))
        try Self.step(statement, database)
    }

    private func insertCounts(_ database: Database) throws -> [Int64] {
        var late: Set<Int64> = []
        let settled = try FlowSchema.settled(in: database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO flow_count(window, flow_key, flows, packets, bytes, first_seen, last_seen)
                VALUES (?,?,?,?,?,?,?) ON CONFLICT(window, flow_key) DO UPDATE SET flows = flows + excluded.flows,
                packets = packets + excluded.packets, bytes = bytes + excluded.bytes,
                first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
                """
        )
        let rolledUpTo = try FlowSchema.mark(.rolledUpTo, in: database) ?? .min
        for delta in aggregator.takeDeltas() {
            let key = try id(of: delta.key, asSeenIn: delta.window, database)
            if delta.window < settled { late.insert(delta.window) }
            if delta.window < rolledUpTo { try addLate(delta, key: key, rolledUpTo: rolledUpTo, database) }
            let raw = statement.sqliteStatement
            sqlite3_bind_int64(raw, 1, delta.window)
            sqlite3_bind_int64(raw, 2, key)
            sqlite3_bind_int64(raw, 3, Int64(clamping: delta.count.flows))
            sqlite3_bind_int64(raw, 4, Int64(clamping: delta.count.packets))
            sqlite3_bind_int64(raw, 5, Int64(clamping: delta.count.bytes))
            sqlite3_bind_int64(raw, 6, delta.count.firstSeen)
            sqlite3_bind_int64(raw, 7, delta.count.lastSeen)
            try Self.step(raw, database)
        }
        return Array(late)
    }

    /// The id of a key that has a count in a window.
    func id(of key: FlowKey, asSeenIn window: Int64, _ database: Database) throws -> Int64 {
        let id = try keys.id(of: key, in: database)
        try mark(id, asSeenIn: window, database)
        return id
    }

    /// Writes down once per window that a key is in use, so that keys without counts can be removed.
    private func mark(_ key: Int64, asSeenIn window: Int64, _ database: Database) throws {
        guard keyWindows[key].map({ $0 < window }) ?? true else { return }
        if keyWindows.count >= 50_000 { keyWindows.removeAll() }
        keyWindows[key] = window
        try database.cachedStatement(sql: "UPDATE flow_key SET last_window = max(last_window, ?) WHERE id = ?")
            .execute(arguments: [window, key])
    }

    private static func bind(_ address: IPAddress, _ statement: OpaquePointer, _ index: Int32) {
        guard address.family == .v6 else {
            sqlite3_bind_int64(statement, index, Int64(truncatingIfNeeded: address.bits))
            return
        }
        var bytes = address.bits.bigEndian
        withUnsafeBytes(of: &bytes) { buffer in
            // SQLITE_TRANSIENT: the library copies the bytes before it returns.
            _ = sqlite3_bind_blob(
                statement,
                index,
                buffer.baseAddress,
                16,
                unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            )
        }
    }

    static func step(_ statement: OpaquePointer, _ database: Database) throws {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }
}
