// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import NetworkPrimitives
import Storage
import TestSupport
import Testing

/// Names and decisions are stored once, and no longer than the records that have them.
struct StoredNamesTests {
    private static let hour: Int64 = 3_600_000_000
    private static let settings = FlowStoreSettings(recordRetention: .seconds(2 * 3600))

    private static func flow(_ name: String, at time: Int64) -> Flow {
        var flow = FlowSamples.denied()
        flow.time = time
        flow.source.name = name
        flow.decision.isolatedBy = ["shop/\(name)"]
        return flow
    }

    private static func count(_ table: String, in scratch: Scratch) throws -> Int {
        let queue = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    @Test func `names without records are removed, and those in use stay`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open(Self.settings).store
        try await store.append((0..<50).map { Self.flow("gone-\($0)", at: 0) }, losses: [])
        // In use all the time, and marked as such once in a while only.
        for minute in stride(from: 0, through: 10 * 60, by: 7) {
            try await store.append([Self.flow("stays", at: Int64(minute) * 60_000_000)], losses: [])
        }
        #expect(try Self.count("decision", in: scratch) == 51)
        try await store.prune(now: 10 * Self.hour)
        #expect(try Self.count("decision", in: scratch) == 1)
        // The destination is the same in all of them.
        #expect(try Self.count("party", in: scratch) == 2)
        let flows = try await store.flows(FlowQuery(range: TimeRange(from: 0, to: .max), limit: 1000)).flows
        #expect(!flows.isEmpty && flows.allSatisfy { $0.source.name == "stays" })
        // A name that comes back is written again.
        try await store.append([Self.flow("gone-1", at: 10 * Self.hour)], losses: [])
        let newest = try await store.flows(FlowQuery(range: TimeRange(from: 0, to: .max), limit: 1)).flows
        #expect(newest.first?.source.name == "gone-1" && newest.first?.decision.isolatedBy == ["shop/gone-1"])
    }

    @Test func `a store of the first version is taken over with all it has`() async throws {
        let scratch = try Scratch()
        let first = try await scratch.open(Self.settings, now: 5 * Self.hour).store
        let flows = (0..<20).map { Self.flow("old-\($0)", at: 5 * Self.hour + Int64($0)) }
        try await first.append(flows, losses: [])
        try first.close()
        let queue = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        try await queue.write { database in
            for table in ["party", "decision"] {
                try database.execute(sql: "DROP INDEX \(table)_last_used; ALTER TABLE \(table) DROP COLUMN last_used")
            }
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        try queue.close()
        let opening = try await scratch.open(Self.settings, now: 5 * Self.hour)
        #expect(opening.setAside == nil)
        try await opening.store.prune(now: 6 * Self.hour)
        let query = FlowQuery(range: TimeRange(from: 0, to: .max), limit: 1000)
        #expect(try await opening.store.flows(query).flows == flows.reversed())
        try await opening.store.prune(now: 20 * Self.hour)
        #expect(try await opening.store.flows(query).flows.isEmpty)
        // The highest id stays, so that it is never given to another one.
        #expect(try Self.count("party", in: scratch) == 1)
    }
}
