// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Foundation
import GRDB
import NetworkPrimitives
import Storage
import Synchronization
import TestSupport
import Testing

/// A directory of its own for one test, removed at the end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "palisade-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    // A directory that cannot be removed is left to the system's own cleaning.
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(_ settings: FlowStoreSettings = FlowStoreSettings(), now: Int64 = 0) async throws -> FlowStoreOpening {
        try await SQLiteFlowStore.open(directory: path, settings: settings, now: { now })
    }
}

struct SQLiteFlowStoreTests {
    static let all = TimeRange(from: 0, to: .max)

    @Test func `records come back as they were, newest first`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        var random = SeededRandom()
        let flows = (0..<500).map { RandomFlows.flow(time: Int64($0) * 7, &random) }
        try await store.append(flows, losses: [])
        let slice = try await store.flows(FlowQuery(range: Self.all, limit: 1000))
        #expect(slice.flows == flows.reversed(), "seed \(random.seed)")
        #expect(slice.next == nil)
    }

    @Test func `pages together are the whole, whatever their size, also for records of one time`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        var random = SeededRandom()
        let flows = (0..<200).map { RandomFlows.flow(time: Int64($0 / 50), &random) }
        try await store.append(flows, losses: [])
        for limit in [1, 7, 50, 199, 200, 201] {
            var query = FlowQuery(range: Self.all, limit: limit)
            var found: [Flow] = []
            repeat {
                let slice = try await store.flows(query)
                found += slice.flows
                query.cursor = slice.next
            } while query.cursor != nil
            #expect(found == flows.reversed(), "limit \(limit), seed \(random.seed)")
        }
    }

    /// Microseconds that records come late at most; past a few seconds they are found by their time.
    @Test(arguments: [0, 3_000_000, 60_000_000] as [Int64])
    func `pages of a filter together are the whole, however late records come`(_ lateness: Int64) async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        for batch in 0..<6 {
            let flows = (0..<200).map { index in
                // Ten of each second, some of one moment.
                let time = 100_000_000 + Int64(batch * 200 + index) / 10 * 1_000_000
                let late = Int64.random(in: 0...lateness, using: &random) / 250_000 * 250_000
                return RandomFlows.flow(time: time - late, &random)
            }
            try await store.append(flows, losses: [])
            try await memory.append(flows, losses: [])
        }
        for text in ["ns:shop", "verdict:dropped port:0-3000", "-ns:shop", "pod:web*", "ip:10.0.0.0/9", "agrees:no"] {
            for limit in [1, 7, 100_000] {
                let from = Int64.random(in: 60_000_000..<160_000_000, using: &random)
                let range = TimeRange(from: from, to: from + Int64.random(in: 0..<100_000_000, using: &random))
                var query = FlowQuery(filter: try FlowFilter(parsing: text), range: range, limit: limit)
                query.scanLimit = limit == 7 ? 20 : 1_000_000
                query.view = limit == 1 ? .all : FlowView(namespaces: ["shop", "data"])
                var whole = query
                (whole.limit, whole.scanLimit) = (100_000, 1_000_000)
                let expected = try await memory.flows(whole).flows
                var found: [Flow] = []
                repeat {
                    let slice = try await store.flows(query)
                    #expect(slice.flows.count <= limit)
                    found += slice.flows
                    query.cursor = slice.next
                } while query.cursor != nil
                #expect(found == expected, "\(text), limit \(limit), seed \(random.seed)")
            }
        }
    }

    @Test func `answers equal those of the store in memory, for random filters and ranges`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        let kinds = (0..<6).map { _ in RandomFlows.flow(time: 0, &random) }
        for _ in 0..<10 {
            let flows = (0..<200).map { index in
                let time = Int64.random(in: 0..<600_000_000, using: &random)
                let flow = RandomFlows.flow(time: time, &random)
                guard index % 2 == 0 else { return flow }
                // Half are of a few kinds that differ in nothing but time, traffic, addresses and source ports.
                var other = kinds[index % kinds.count]
                (other.time, other.bytes, other.sourcePort) = (time, flow.bytes, flow.sourcePort)
                other.source.address = flow.source.address
                other.destination.address = flow.destination.address
                return other
            }
            try await store.append(flows, losses: [])
            try await memory.append(flows, losses: [])
        }
        let filters = [
            "", "verdict:dropped", "verdict:dropped verdict:allowed port:0-1000", "ns:shop", "-ns:shop proto:tcp",
            "from.workload:web to.port:80", "ip:10.0.0.0/8", "agrees:no", "policy:data/*", "port:80 to.port:81",
            "tcpflag:syn -direction:out", "icmp:8", "label:app=web", "-ip:10.0.0.0/9", "ip:10.0.0.0/10 ip:fd00::/16",
            "from.ip:10.0.0.0/8 to.ip:0.0.0.0/1", "ip:::/0", "ip:0.0.0.0", "ip:::", "ip:::/1 -to.ip:10.0.0.0/8",
            "from.port:1-30000",
            "-from.port:1-30000 port:80", "web", "10.", "-db", "pod:web*",
        ]
        let views = [(FlowView.all, []), (.all, ["ip:10.0.0.0/9"]), (FlowView(namespaces: ["shop"]), ["to.port:80"])]
        for (text, (view, excluding)) in filters.flatMap({ text in views.map { (text, $0) } }) {
            let from = Int64.random(in: 0..<300_000_000, using: &random)
            let range = TimeRange(from: from, to: from + Int64.random(in: 0..<300_000_000, using: &random))
            var query = FlowQuery(filter: try FlowFilter(parsing: text), range: range, limit: 100_000, view: view)
            query.excluding = try excluding.map { try FlowFilter(parsing: $0) }
            let records = try await store.flows(query).flows
            let expected = try await memory.flows(query).flows
            #expect(records.map(\.time) == expected.map(\.time), "\(text), seed \(random.seed)")
            #expect(Set(records) == Set(expected), "\(text), seed \(random.seed)")
            let counts = try await Self.groups(store, query)
            #expect(try await Self.groups(memory, query) == counts, "\(text), seed \(random.seed)")
        }
    }

    @Test func `records that come late are counted in every range, also after the file was opened again`() async throws
    {
        let scratch = try Scratch()
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        var opening = try await scratch.open()
        for batch in 0..<8 {
            if batch == 4 {
                try opening.store.close()
                opening = try await scratch.open()
            }
            // A quarter comes up to a minute late, and one of each batch an hour.
            let flows = (0..<250).map { index in
                let late: Int64 = index == 100 ? 3_600_000_000 : index % 4 == 0 ? .random(in: 0..<60_000_000) : 0
                let time = 10_000_000_000 + Int64(batch * 250 + index) * 1_000_000 - (batch == 2 ? 0 : late)
                return RandomFlows.flow(time: time, &random)
            }
            try await opening.store.append(flows, losses: [])
            try await memory.append(flows, losses: [])
            for text in ["pod:*", "ip:10.0.0.0/8", "label:app=web", "from.port:1-20000"] {
                let from = Int64.random(in: 6_000_000_000..<12_000_000_000, using: &random)
                let range = TimeRange(from: from, to: from + Int64.random(in: 1..<900_000_000, using: &random))
                for range in [range, Self.all] {
                    let query = FlowQuery(filter: try FlowFilter(parsing: text), range: range)
                    let groups = try await Self.groups(opening.store, query)
                    #expect(try await Self.groups(memory, query) == groups, "\(text), \(batch), seed \(random.seed)")
                }
            }
        }
        try opening.store.close()
    }

    @Test func `what could not be committed is written whole when it is tried again`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let memory = MemoryFlowStore()
        var random = SeededRandom()
        let early = (0..<50).map { RandomFlows.flow(time: 9_000_000_000 + $0, &random) }
        let late = (0..<50).map { RandomFlows.flow(time: 1_000_000_000 + $0, &random) }
        let other = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        try await other.write { database in
            // Looked at when the transaction ends, after everything has been written.
            try database.execute(
                sql: """
                    CREATE TABLE doubt(id REFERENCES party(id) DEFERRABLE INITIALLY DEFERRED);
                    CREATE TRIGGER refused AFTER INSERT ON loss BEGIN INSERT INTO doubt VALUES (-1); END;
                    """
            )
        }
        try await store.append(early, losses: [])
        let loss = FlowLoss(from: 1, to: 2, source: .packetLog, count: 1)
        await #expect(throws: FlowStoreError.self) { try await store.append(late, losses: [loss]) }
        try await other.write { try $0.execute(sql: "DROP TRIGGER refused; DROP TABLE doubt") }
        try await store.append(late, losses: [loss])
        try await memory.append(early + late, losses: [])
        for range in [TimeRange(from: 0, to: 2_000_000_000), Self.all] {
            let query = FlowQuery(filter: try FlowFilter(parsing: "ip:10.0.0.0/8"), range: range)
            let groups = try await Self.groups(store, query)
            #expect(try await Self.groups(memory, query) == groups && !groups.isEmpty, "seed \(random.seed)")
        }
    }

    @Test func `answers from records have a bound, and count everything beyond it`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let flows = (0..<130_000).map { index in
            var flow = index % 3 == 0 ? FlowSamples.denied(time: Int64(index)) : FlowSamples.allowed(time: Int64(index))
            flow.source = Flow.Party(kind: .world, address: IPAddress(v4: 0xcb00_0000 + UInt32(index)))
            return flow
        }
        try await store.append(flows, losses: [])
        let query = FlowQuery(filter: try FlowFilter(parsing: "ip:203.0.0.0/8"), range: Self.all)
        let groups = try await Self.groups(store, query)
        #expect(groups.count > 90_000 && groups.count <= 100_006)
        for verdict in Verdict.allCases {
            let counted = groups.filter { $0.key.verdict == verdict }.reduce(0) { $0 + $1.value.flows }
            #expect(counted == flows.count { $0.verdict == verdict && $0.report == .started }, "\(verdict)")
        }
        #expect(groups.keys.contains { $0.isOther })
    }

    static func groups(_ store: any FlowStore, _ query: FlowQuery) async throws -> [FlowKey: FlowCount] {
        try await store.fold(query, into: [:]) { (result: inout [FlowKey: FlowCount], _, key, count) in
            if result[key]?.merge(count) == nil { result[key] = count }
        }
    }

    @Test func `a clean close leaves nothing to report, a missing one is said and recorded once`() async throws {
        let scratch = try Scratch()
        try await scratch.open(now: 1_000_000).store.close()
        let second = try await scratch.open(now: 2_000_000)
        #expect(second.uncleanSince == nil && second.sentences.isEmpty)
        try await second.store.append([FlowSamples.denied(time: 5)], losses: [])
        let third = try await scratch.open(now: 9_000_000)
        #expect(third.uncleanSince == 2_000_000)
        #expect(third.sentences.count == 1 && third.sentences[0].contains("last second"))
        let losses = try await third.store.losses(in: Self.all)
        #expect(
            losses == [
                FlowLoss(from: 1_000_000, to: 2_000_000, source: .stopped, count: 0),
                FlowLoss(from: 2_000_000, to: 9_000_000, source: .crash, count: 0),
            ]
        )
        #expect(try await third.store.flows(FlowQuery(range: Self.all)).flows.count == 1)
        try third.store.close()
        #expect(try await scratch.open(now: 10_000_000).uncleanSince == nil)
    }

    @Test func `the file and those beside it are their owner's only, also when they were not before`() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/flows.sqlite"
        for before in [nil, 0o644] {
            if let before { try FileManager.default.setAttributes([.posixPermissions: before], ofItemAtPath: path) }
            let store = try await scratch.open().store
            try await store.append([FlowSamples.denied(time: 5)], losses: [])
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
            try store.close()
        }
    }

    @Test func `losses are kept and found by the range they overlap`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let loss = FlowLoss(from: 100, to: 200, source: .packetLog, count: 7)
        try await store.append([], losses: [loss])
        #expect(try await store.losses(in: TimeRange(from: 0, to: 100)).isEmpty)
        #expect(try await store.losses(in: TimeRange(from: 0, to: 101)) == [loss])
        #expect(try await store.losses(in: TimeRange(from: 200, to: 201)) == [loss])
        #expect(try await store.losses(in: TimeRange(from: 201, to: 300)).isEmpty)
    }

    @Test(arguments: [Array("not a database, certainly not".utf8), [UInt8](repeating: 0xff, count: 9000)])
    func `a damaged file is set aside and kept, and a new one is started`(_ bytes: [UInt8]) async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/flows.sqlite"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let opening = try await scratch.open(now: 77_000_000)
        let aside = try #require(opening.setAside)
        #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == Data(bytes))
        #expect(opening.sentences.count == 1 && opening.sentences[0].contains(aside))
        try await opening.store.append([FlowSamples.denied()], losses: [])
        #expect(try await opening.store.flows(FlowQuery(range: Self.all)).flows.count == 1)
    }

    @Test func `a file with a damaged middle is noticed`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        var random = SeededRandom()
        try await store.append((0..<2000).map { RandomFlows.flow(time: Int64($0), &random) }, losses: [])
        try store.close()
        let path = scratch.path + "/flows.sqlite"
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        data.replaceSubrange((4096 * 8)..<data.count, with: Data(repeating: 0xa5, count: data.count - 4096 * 8))
        try data.write(to: URL(fileURLWithPath: path))
        #expect(try await scratch.open().setAside != nil)
    }

    @Test func `a file of a newer version is refused with a sentence and left as it is`() async throws {
        let scratch = try Scratch()
        try await scratch.open().store.close()
        let queue = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        await #expect {
            try await scratch.open()
        } throws: { error in
            (error as? FlowStoreError)?.code == .newerSchema && "\(error)".contains("newer")
        }
        #expect(FileManager.default.fileExists(atPath: scratch.path + "/flows.sqlite"))
    }

    @Test func `a directory that is not there is one clear sentence`() async throws {
        await #expect {
            try await SQLiteFlowStore.open(directory: "/nonexistent/palisade", now: { 0 })
        } throws: { error in
            (error as? FlowStoreError).map { $0.message.contains("/nonexistent/palisade/flows.sqlite") } ?? false
        }
    }

    @Test func `old records go, counts stay longer, and both say so`() async throws {
        let scratch = try Scratch()
        let hour: Int64 = 3_600_000_000
        let settings = FlowStoreSettings(recordRetention: .seconds(3600), countRetention: .seconds(7200))
        let store = try await scratch.open(settings).store
        try await store.append([0, hour * 2 - 1, hour * 3].map { FlowSamples.denied(time: $0) }, losses: [])
        try await store.prune(now: hour * 3)
        #expect(try await store.flows(FlowQuery(range: Self.all)).flows.map(\.time) == [hour * 3])
        let counted = try await Self.groups(store, FlowQuery(range: TimeRange(from: 0, to: hour * 4)))
        #expect(counted.values.map(\.flows) == [2])
        let usage = try await store.usage()
        #expect(usage.recordsPrunedTo == hour * 2 && usage.countsPrunedTo == hour)
        #expect(usage.oldestRecord == hour * 3)
    }

    @Test func `a part of a minute is that part, whatever is gone of the minute`() async throws {
        let second: Int64 = 1_000_000
        let times = [10, 50, 70, 110].map { $0 * second }
        func flows(_ settings: FlowStoreSettings, _ query: FlowQuery) async throws -> [Int64: UInt64] {
            let scratch = try Scratch()
            let store = try await scratch.open(settings).store
            try await store.append(times.map { FlowSamples.denied(time: $0) }, losses: [])
            try await store.prune(now: 90 * second)
            return try await store.fold(query, into: [:]) { $0[$1, default: 0] += $3.flows }
        }
        func range(_ from: Int64, _ to: Int64) -> TimeRange { TimeRange(from: from * second, to: to * second) }
        // The records of the first half minute are gone, and its counts are of a whole one.
        let young = FlowStoreSettings(recordRetention: .seconds(60), countRetention: .seconds(3_600))
        #expect(try await flows(young, FlowQuery(range: range(30, 60), window: .whole)) == [30 * second: 1])
        // Nothing is gone; windows are shorter than a minute.
        let whole = FlowStoreSettings(recordRetention: .seconds(3_600), countRetention: .seconds(3_600))
        let short = FlowQuery(range: range(0, 60), window: .length(20 * second))
        #expect(try await flows(whole, short) == [0: 1, 40 * second: 1])
    }

    @Test func `the size bound holds, and the oldest go first`() async throws {
        let scratch = try Scratch()
        let capacity: UInt64 = 4 << 20
        let store = try await scratch.open(FlowStoreSettings(capacity: capacity)).store
        for batch in 0..<10 {
            let flows = (0..<10_000).map { FlowSamples.denied(time: Int64(batch * 10_000 + $0)) }
            try await store.append(flows, losses: [])
            try await store.prune(now: 0)
        }
        #expect(try await store.usage().bytes <= capacity)
        let kept = try await store.flows(FlowQuery(range: Self.all, limit: 100_000)).flows
        #expect(kept.first?.time == 99_999)
        #expect(kept.count > 1000 && kept.count < 100_000)
    }

    @Test func `kinds of connections that are not counted any more leave the dictionary`() async throws {
        let scratch = try Scratch()
        let settings = FlowStoreSettings(recordRetention: .seconds(60), countRetention: .seconds(60))
        let store = try await scratch.open(settings).store
        for minute in 0..<5 {
            let flows = (0..<100).map { index in
                FlowSamples.wouldDrop(
                    time: Int64(minute) * FlowWindow.length,
                    to: IPAddress(v4: UInt32(minute * 1000 + index))
                )
            }
            try await store.append(flows + [FlowSamples.denied(time: Int64(minute) * FlowWindow.length)], losses: [])
        }
        try await store.prune(now: 5 * FlowWindow.length)
        let reader = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        #expect(try await reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM flow_key") } == 101)
        // A key that was removed is stored anew when it comes again.
        try await store.append([FlowSamples.wouldDrop(time: 5 * FlowWindow.length, to: IPAddress(v4: 7))], losses: [])
        let range = TimeRange(from: 5 * FlowWindow.length, to: 6 * FlowWindow.length)
        #expect(try await Self.groups(store, FlowQuery(range: range)).values.map(\.flows) == [1])
    }

    @Test func `a transaction that fails adds nothing and the next one works`() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open().store
        let blocker = try DatabaseQueue(path: scratch.path + "/flows.sqlite")
        try await blocker.write {
            try $0.execute(
                sql: "CREATE TRIGGER refuse BEFORE INSERT ON flow_count BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        await #expect(throws: FlowStoreError.self) { try await store.append([FlowSamples.denied()], losses: []) }
        #expect(try await store.flows(FlowQuery(range: Self.all)).flows.isEmpty)
        try await blocker.write { try $0.execute(sql: "DROP TRIGGER refuse") }
        try await store.append([FlowSamples.denied()], losses: [])
        #expect(try await store.flows(FlowQuery(range: Self.all)).flows == [FlowSamples.denied()])
        #expect(
            try await Self.groups(store, FlowQuery(range: TimeRange(from: 0, to: 60_000_000))).values.map(\.flows) == [
                1
            ]
        )
    }
}
