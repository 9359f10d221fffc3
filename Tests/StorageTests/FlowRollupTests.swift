// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import GRDB
import NetworkPrimitives
import Storage
import TestSupport
import Testing

struct FlowRollupTests {
    private static let hour = 60 * FlowWindow.length
    private static let day = 24 * hour

    private struct Row: Hashable {
        var window: Int64
        var key: FlowKey
    }

    /// Whatever comes in several pieces, added up.
    private static func answer(_ store: any FlowStore, _ query: FlowQuery) async throws -> [Row: FlowCount] {
        try await store.fold(query, into: [:]) { (result: inout [Row: FlowCount], window, key, count) in
            let row = Row(window: window, key: key)
            if result[row]?.merge(count) == nil { result[row] = count }
        }
    }

    private static func query(_ random: inout SeededRandom) throws -> FlowQuery {
        let filters = [
            "", "", "ns:shop", "verdict:dropped -ns:data", "entity:world", "from.workload:web port:80", "policy:data/*",
        ]
        let lengths: [FlowQuery.Window] = [
            .whole, .whole, .whole, .whole, .length(FlowWindow.length), .length(5 * FlowWindow.length),
            .length(10 * FlowWindow.length),
            .length(hour), .length(6 * hour), .length(day), .length(36 * hour),
        ]
        let from = Int64.random(in: 0..<5 * day, using: &random)
        let to = from + Int64.random(in: 0..<5 * day, using: &random)
        let views = [FlowView.all, FlowView(namespaces: ["shop"]), FlowView(namespaces: [])]
        let text = filters[Int.random(in: 0..<filters.count, using: &random)]
        return FlowQuery(
            filter: try FlowFilter(parsing: text),
            range: TimeRange(from: from, to: to),
            view: views[Int.random(in: 0..<views.count, using: &random)],
            excluding: Bool.random(using: &random) ? [] : [try FlowFilter(parsing: "verdict:would-drop")],
            window: lengths[Int.random(in: 0..<lengths.count, using: &random)],
            detail: [.key, .namespaces, .kinds][Int.random(in: 0..<3, using: &random)]
        )
    }

    /// A query that is not coarse in the memory store's eyes may be answered by coarse keys only where asked for.
    @Test func `answers from rollups are those of the records, whatever comes when`() async throws {
        let scratch = try Scratch()
        let settings = FlowStoreSettings(recordRetention: .seconds(30 * 86_400), countRetention: .seconds(30 * 86_400))
        let store = try await scratch.open(settings).store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        for round in 1...8 {
            // Late flows of any age come between the rollups.
            let end = Int64(round) * Self.day * 10 / 8
            let flows = (0..<400).map { _ in
                RandomFlows.flow(time: Int64.random(in: 0..<min(end, 8 * Self.day), using: &random), &random)
            }
            try await store.append(flows, losses: [])
            try await memory.append(flows, losses: [])
            try await store.prune(now: end - Self.hour / 3)
            let queries = try (0..<12).map { _ in try Self.query(&random) }
            // The second time from memory; then something comes late, for hours with and without rollups.
            for isLate in [false, false, true, true] {
                if isLate {
                    let late = (0..<20).map { _ in
                        RandomFlows.flow(time: Int64.random(in: 0..<min(end, 8 * Self.day), using: &random), &random)
                    }
                    try await store.append(late, losses: [])
                    try await memory.append(late, losses: [])
                }
                for query in queries {
                    let (found, expected) = (try await Self.answer(store, query), try await Self.answer(memory, query))
                    #expect(found == expected, "\(query), round \(round), seed \(random.seed)")
                }
            }
        }
        let reader = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        let levels = try await reader.read { try Int64.fetchAll($0, sql: "SELECT DISTINCT level FROM flow_rollup") }
        #expect(Set(levels) == [1, 2, 3, 11, 12, 13, 14])
    }

    @Test(arguments: [(0, Int64.max), (0, 1 << 60), (-(1 << 60), 5)] as [(Int64, Int64)])
    func `all of time is no longer than what is kept`(_ from: Int64, _ to: Int64) async throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let store = try await scratch.open().store
        try await store.append([FlowSamples.denied(time: 0), FlowSamples.denied(time: 3 * Self.day)], losses: [])
        try await store.prune(now: 3 * Self.day + Self.hour)
        for detail in [FlowQuery.Detail.key, .namespaces, .kinds] {
            for filter in ["", "port:1"] {
                let query = FlowQuery(
                    filter: try FlowFilter(parsing: filter),
                    range: TimeRange(from: from, to: to),
                    window: .whole,
                    detail: detail
                )
                let flows = try await Self.answer(store, query).values.reduce(0) { $0 + $1.flows }
                #expect(flows == (filter.isEmpty ? (to == 5 ? 1 : 2) : 0))
            }
        }
    }

    @Test func `readers beside a writer keep nothing that is not so any more`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        let flows = (0..<2000).map { _ in
            RandomFlows.flow(time: Int64.random(in: 0..<2 * Self.day, using: &random), &random)
        }
        try await store.append(flows, losses: [])
        try await store.prune(now: 2 * Self.day)
        try await memory.append(flows, losses: [])
        let queries = [FlowQuery.Detail.key, .namespaces, .kinds].flatMap { detail in
            [FlowQuery.Window.length(Self.hour), .whole].map { window in
                FlowQuery(range: TimeRange(from: 0, to: 2 * Self.day), window: window, detail: detail)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for query in queries {
                group.addTask { for _ in 0..<40 { _ = try await Self.answer(store, query) } }
            }
            for _ in 0..<40 {
                let late = [RandomFlows.flow(time: Int64.random(in: 0..<2 * Self.day, using: &random), &random)]
                try await store.append(late, losses: [])
                try await memory.append(late, losses: [])
            }
            try await group.waitForAll()
        }
        for query in queries {
            let (found, expected) = (try await Self.answer(store, query), try await Self.answer(memory, query))
            #expect(found == expected, "seed \(random.seed)")
        }
    }

    @Test func `what is no longer in memory is read again`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open(FlowStoreSettings(memoryRetention: .zero)).store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        let flows = (0..<500).map { _ in
            RandomFlows.flow(time: Int64.random(in: 0..<Self.day, using: &random), &random)
        }
        try await store.append(flows, losses: [])
        try await memory.append(flows, losses: [])
        for _ in 0..<20 {
            let query = try Self.query(&random)
            let (before, expected) = (try await Self.answer(store, query), try await Self.answer(memory, query))
            // Nobody has asked for long enough; nothing is so old that it goes.
            try await store.prune(now: Self.day)
            let after = try await Self.answer(store, query)
            #expect(before == expected && after == expected, "seed \(random.seed)")
        }
    }

    /// A question about kinds reads one key for all that are the same to it.
    @Test func `a kind of connection that is gone does not stand for others any more`() async throws {
        let scratch = try Scratch()
        let settings = FlowStoreSettings(recordRetention: .seconds(60), countRetention: .seconds(3_600))
        let store = try await scratch.open(settings).store
        func append(_ time: Int64, _ addresses: Range<UInt32>) async throws {
            let flows = addresses.map { FlowSamples.wouldDrop(time: time, to: IPAddress(v4: $0)) }
            try await store.append(flows, losses: [])
        }
        func count(_ from: Int64, _ to: Int64, _ detail: FlowQuery.Detail) async throws -> UInt64 {
            let range = TimeRange(from: from * Self.hour, to: to * Self.hour)
            let query = FlowQuery(range: range, window: .length(FlowWindow.length), detail: detail)
            return try await Self.answer(store, query).values.reduce(0) { $0 + $1.flows }
        }
        try await append(0, 1..<3)
        try await append(2 * Self.hour, 3..<5)
        #expect(try await count(0, 3, .kinds) == 4)
        // The first kinds go; then so many others are read that nobody remembers them.
        try await store.prune(now: 2 * Self.hour)
        for part in 0..<4 as Range<Int64> {
            let first = UInt32(part) * 15_000 + 1_000
            try await append((4 + part) * Self.hour, first..<(first + 15_000))
        }
        #expect(try await count(3, 6, .key) == 30_000)
        #expect(try await count(6, 9, .key) == 30_000)
        #expect(try await count(0, 9, .kinds) == 60_002)
    }

    @Test func `rollups go with the minutes that they are made of`() async throws {
        let scratch = try Scratch()
        let settings = FlowStoreSettings(recordRetention: .seconds(3600), countRetention: .seconds(2 * 86_400))
        let store = try await scratch.open(settings).store
        for hour in 0..<96 {
            try await store.append([FlowSamples.denied(time: Int64(hour) * Self.hour + 1)], losses: [])
        }
        try await store.prune(now: 96 * Self.hour)
        // Hours 0 to 47 are older than two days.
        let query = FlowQuery(range: TimeRange(from: 0, to: 96 * Self.hour), window: .whole)
        #expect(try await Self.answer(store, query).values.map(\.flows) == [48])
        let reader = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        let oldest = try await reader.read { try Int64.fetchOne($0, sql: "SELECT min(window) FROM flow_rollup") }
        #expect(oldest == 48 * Self.hour)
    }

    @Test func `a file of version 2 gets its rollups, and answers as before`() async throws {
        let scratch = try Scratch()
        let first = try await scratch.open().store
        var random = SeededRandom()
        let flows = (0..<500).map { _ in
            RandomFlows.flow(time: Int64.random(in: 0..<2 * Self.day, using: &random), &random)
        }
        try await first.append(flows, losses: [])
        try first.close()
        let file = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        try await file.write { database in
            try database.execute(sql: "DROP TABLE flow_rollup; DELETE FROM meta; PRAGMA user_version = 2")
        }
        try file.close()
        let store = try await scratch.open(now: 2 * Self.day).store
        let query = FlowQuery(range: TimeRange(from: 0, to: 2 * Self.day), window: .length(Self.hour))
        let before = try await Self.answer(store, query)
        try await store.prune(now: 2 * Self.day + Self.hour)
        #expect(try await Self.answer(store, query) == before)
        #expect(try await store.usage().collectedSince == flows.map { FlowWindow.start(of: $0.time) }.min())
        let reader = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        #expect(try await reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM flow_rollup") } ?? 0 > 0)
    }

    @Test func `the time in which nobody collected is a loss of its own`() async throws {
        let scratch = try Scratch()
        let first = try await SQLiteFlowStore.open(directory: scratch.path, now: { 5_000_000 }).store
        try first.close()
        let second = try await scratch.open(now: 65_000_000).store
        let stopped = FlowLoss(from: 5_000_000, to: 65_000_000, source: .stopped, count: 0)
        #expect(try await second.losses(in: TimeRange(from: 0, to: .max)) == [stopped])
        // Alive until this moment, though nothing was stored; then killed.
        try await second.prune(now: 100_000_000)
        let third = try await scratch.open(now: 300_000_000).store
        let killed = FlowLoss(from: 100_000_000, to: 300_000_000, source: .crash, count: 0)
        #expect(try await third.losses(in: TimeRange(from: 0, to: .max)) == [stopped, killed])
        #expect(try await third.usage().collectedSince == 5_000_000)
    }
}
