// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CMalloc
public import FlowModel
import Foundation
import GRDB
import Synchronization

/// Flows in one SQLite file, `flows.sqlite`: one writer, several readers (write-ahead log).
///
/// A commit survives `kill -9` of the process; a power failure may cost the last commits, never the file.
public final class SQLiteFlowStore: FlowStore {
    /// Its path; what messages call it.
    public let path: String
    private let settings: FlowStoreSettings
    private let pool: DatabasePool
    private let writer: FlowWriter
    private let memory = ReaderMemory()
    private let choices = KeyChoices()
    private let windows = WindowCache()
    private let now: @Sendable () -> Int64
    /// When something was read last; `nil` when what was read is no longer in memory.
    private let lastRead = Mutex<ContinuousClock.Instant?>(nil)

    init(path: String, settings: FlowStoreSettings, pool: DatabasePool, now: @escaping @Sendable () -> Int64) {
        self.path = path
        self.settings = settings
        self.pool = pool
        self.now = now
        writer = FlowWriter(keysPerMinute: settings.keysPerMinute)
    }

    public func append(_ flows: [Flow], losses: [FlowLoss]) async throws {
        let writer = writer
        let time = now()
        let ticket = windows.ticket()
        defer { windows.end(ticket) }
        try await reporting {
            try await self.pool.write { database in
                writer.forgetOnRollback(of: database)
                let late = try writer.insert(flows, losses: losses, in: database)
                try FlowSchema.setMark(.lastWrite, to: time, in: database)
                self.windows.begin(ticket, .late(late))
            }
        }
    }

    public func flows(_ query: FlowQuery) async throws -> FlowSlice {
        lastRead.withLock { $0 = .now }
        return try await reporting {
            try await self.pool.read { database in
                var reader = FlowReader(database, self.memory)
                var slices = SliceReader(query)
                let slice = try slices.read(&reader)
                reader.remember(in: self.memory)
                return slice
            }
        }
    }

    public func fold<Result: Sendable>(
        _ query: FlowQuery,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, _ window: Int64, FlowKey, FlowCount) -> Void
    ) async throws -> Result {
        lastRead.withLock { $0 = .now }
        let generation = windows.generation
        return try await reporting {
            try await self.pool.read { database in
                var result = initial
                var reader = FlowReader(database, self.memory)
                var folder = CountFolder(query)
                let marks = try Self.marks(database)
                var counts = CountReader(
                    query,
                    cache: self.windows,
                    generation: generation,
                    settled: try FlowSchema.settled(in: database),
                    choices: self.choices
                )
                for part in FoldPart.parts(of: query, marks) {
                    let part = try reader.counted(part, of: query, marks)
                    guard case .records(let range) = part else {
                        try counts.forEachCount(part, &reader) { window, id, count, key in
                            try folder.add(id, at: window, count, seen: { query.seen(try key()) }) {
                                update(&result, $0, $1, $2)
                            }
                        }
                        continue
                    }
                    var records = query
                    (records.range, records.cursor) = (range, nil)
                    let rows = try reader.rowsInAnyOrder(records)
                    var folder = RecordFolder(query)
                    while let row = try rows.next() { try folder.add(row, &reader) { update(&result, $0, $1, $2) } }
                    folder.flush { update(&result, $0, $1, $2) }
                }
                folder.flush { update(&result, $0, $1, $2) }
                reader.remember(in: self.memory)
                counts.remember()
                return result
            }
        }
    }

    private static func marks(_ database: Database) throws -> FoldPart.Marks {
        FoldPart.Marks(
            recordsPrunedTo: try FlowSchema.mark(.recordsPrunedTo, in: database) ?? .min,
            countsPrunedTo: try FlowSchema.mark(.countsPrunedTo, in: database) ?? .min,
            rolledUpTo: try FlowSchema.mark(.rolledUpTo, in: database)
        )
    }

    public func losses(in range: TimeRange) async throws -> [FlowLoss] {
        try await reporting {
            try await self.pool.read { database in
                let sql = "SELECT first, last, source, count FROM loss WHERE first < ? AND last >= ? ORDER BY first, id"
                return try Row.fetchAll(database, sql: sql, arguments: [range.to, range.from]).map { row in
                    let source: String = row["source"]
                    return FlowLoss(
                        from: row["first"],
                        to: row["last"],
                        // A name that this version does not know is still a loss on the way here.
                        source: LossSource(rawValue: source) ?? .pipeline,
                        count: UInt64(clamping: row["count"] as Int64)
                    )
                }
            }
        }
    }

    public func usage() async throws -> FlowStoreUsage {
        let settings = settings
        return try await reporting {
            try await self.pool.read { database in
                FlowStoreUsage(
                    bytes: try FlowPruner.bytes(in: database),
                    capacity: settings.capacity,
                    oldestRecord: try Int64.fetchOne(database, sql: "SELECT min(time) FROM flow"),
                    oldestCount: try Int64.fetchOne(database, sql: "SELECT min(window) FROM flow_count"),
                    recordRetention: settings.recordRetention.components.seconds,
                    countRetention: settings.countRetention.components.seconds,
                    recordsPrunedTo: try FlowSchema.mark(.recordsPrunedTo, in: database),
                    countsPrunedTo: try FlowSchema.mark(.countsPrunedTo, in: database),
                    collectedSince: try FlowSchema.mark(.collectedSince, in: database)
                )
            }
        }
    }

    public func kinds() async throws -> Int {
        try await reporting {
            try await self.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM flow_key") ?? 0 }
        }
    }

    public func prune(now: Int64) async throws {
        let pruner = FlowPruner(settings: settings)
        // Each step is a transaction of its own, so that appends come between.
        let writer = writer
        try await reporting {
            try await self.pool.write { database in
                // Says that somebody collected until now, also when there was nothing to collect.
                let last = try FlowSchema.mark(.lastWrite, in: database) ?? .min
                if now > last { try FlowSchema.setMark(.lastWrite, to: now, in: database) }
            }
        }
        var hasMore = true
        while hasMore {
            hasMore = try await reporting {
                try await self.pool.write { database in
                    writer.forgetOnRollback(of: database)
                    return try writer.rollUp(now: now, in: database)
                }
            }
            try Task.checkCancellation()
        }
        hasMore = true
        while hasMore {
            let ticket = windows.ticket()
            defer { windows.end(ticket) }
            hasMore = try await reporting { try await self.pool.write { try self.step(pruner, now, ticket, $0) } }
            try Task.checkCancellation()
        }
        rest()
    }

    /// Gives back what readers keep in memory when nobody has asked for a while; the next question reads it again.
    private func rest() {
        let isIdle = lastRead.withLock { last in
            guard let time = last, ContinuousClock.now - time >= settings.memoryRetention else { return false }
            last = nil
            return true
        }
        guard isIdle else { return }
        windows.clear()
        choices.clear()
        memory.clear()
        pool.releaseMemory()
        // What is free in the middle of the heap goes back to the system only when asked for.
        malloc_trim(0)
    }

    private func step(
        _ pruner: FlowPruner,
        _ now: Int64,
        _ ticket: Int,
        _ database: Database
    ) throws -> Bool {
        // Ids of keys that are removed must not be used again.
        defer { writer.forget() }
        let before = try FlowSchema.mark(.countsPrunedTo, in: database)
        let step = try pruner.step(now: now, in: database)
        let after = try FlowSchema.mark(.countsPrunedTo, in: database)
        if after != before || step.hasSweptKeys {
            windows.begin(ticket, .pruned(to: after ?? .min, hasSweptKeys: step.hasSweptKeys))
        }
        return step.hasMore
    }

    /// Marks the store as closed and closes it.
    ///
    /// Without this the next opening reports a crash.
    public func close() throws {
        let time = now()
        try pool.write { database in
            try FlowSchema.setMark(.runningSince, to: nil, in: database)
            try FlowSchema.setMark(.closedAt, to: time, in: database)
        }
        try pool.close()
    }

    /// Runs a database access and says in our words why it failed.
    private func reporting<Result>(_ access: () async throws -> Result) async throws -> Result {
        do {
            return try await access()
        } catch let error as DatabaseError {
            throw FlowStoreError(error, path: path)
        }
    }
}

extension FlowStoreError {
    init(_ error: DatabaseError, path: String) {
        // SQLite calls it an I/O error when the memory it shares between connections has no room on the disk.
        let isFull = error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        switch error.resultCode {
        case _ where isFull:
            self.init(.full, "No space left to write \(path); flows are being lost until there is.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupt, "\(path) is damaged (\(error.message ?? "no details")).")
        case .SQLITE_MISUSE, .SQLITE_INTERRUPT, .SQLITE_ABORT:
            self.init(.closed, "\(path) has been closed.")
        default:
            self.init(.failed, "\(path) cannot be read or written: \(error.message ?? "\(error.resultCode)").")
        }
    }
}
