// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import Logging
import NetworkPrimitives
import NftablesRuleset
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

struct FlowPipelineTests {
    private static let everything = TimeRange(from: 0, to: Int64.max / 2)

    private static func pipeline(
        _ store: MemoryFlowStore,
        _ broadcast: FlowBroadcast = FlowBroadcast()
    ) async -> FlowPipeline {
        let pipeline = FlowPipeline(
            store: store,
            broadcast: broadcast,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { 20_000_000 }
        )
        await pipeline.expect(3, World.resolved(revision: 1))
        return pipeline
    }

    private static func events(_ count: Int) -> [KernelEvent] {
        let prefix = LogPrefix(generation: 3, outcome: .allowed, direction: nil).description
        return (0..<count).map { number in
            let tuple = FlowTuple(
                source: World.address("10.0.0.1"),
                destination: World.address("10.0.0.2"),
                ipProtocol: .tcp,
                sourcePort: UInt16(truncatingIfNeeded: number),
                destinationPort: 80
            )
            return .packet(
                LoggedPacket(time: Int64(number), prefix: prefix, tuple: tuple, inputInterface: 1, outputInterface: 2)
            )
        }
    }

    @Test func whatIsIngestedIsStoredOnceAndInOrder() async throws {
        let store = MemoryFlowStore()
        let pipeline = await Self.pipeline(store)
        let events = Self.events(100)
        await pipeline.ingest(Array(events[..<50]))
        await pipeline.ingest(Array(events[50...]))
        await pipeline.flush()
        await pipeline.flush()
        let flows = try await store.flows(FlowQuery(range: Self.everything, limit: 1000)).flows
        #expect(flows.map(\.time) == (0..<100).reversed().map { Int64($0) })
        #expect(await pipeline.state().flowsPerSecond == 10)
    }

    @Test func lossesOfTheKernelAreCountedStoredAndTold() async throws {
        let store = MemoryFlowStore()
        let broadcast = FlowBroadcast()
        let pipeline = await Self.pipeline(store, broadcast)
        var reader = try #require(await broadcast.subscribe(.everything)).makeAsyncIterator()
        await pipeline.ingest([.lost(source: .packetLog, count: 5, isExact: true)])
        #expect(await reader.next()?.lost == 5)
        await pipeline.ingest([
            .lost(source: .packetLog, count: 2, isExact: true),
            .lost(source: .connectionEvents, count: 1, isExact: false),
        ])
        await pipeline.flush()
        #expect(await pipeline.state().lost == [.packetLog: 7, .connectionEvents: 1])
        let losses = try await store.losses(in: Self.everything)
        #expect(losses.reduce(0) { $0 + $1.count } == 8)
    }

    @Test func aStoreThatFailsLosesNothingUntilTheBoundAndIsCountedBeyond() async throws {
        let store = MemoryFlowStore()
        let pipeline = await Self.pipeline(store)
        store.fail(with: FlowStoreError(.full, "The disk is full."))
        let events = Self.events(1000)
        await pipeline.ingest(events)
        await pipeline.flush()
        #expect(await pipeline.state().storeError == "The disk is full.")
        #expect(await pipeline.state().lost == [:])
        for _ in 0..<(FlowPipeline.maximumPending / 1000) { await pipeline.ingest(events) }
        #expect(await pipeline.state().lost == [.pipeline: 1000])
        store.fail(with: nil)
        await pipeline.flush()
        #expect(await pipeline.state().storeError == nil)
        let usage = try await store.fold(FlowQuery(range: Self.everything), into: 0) { count, _, _, _ in count += 1 }
        #expect(usage == FlowPipeline.maximumPending)
        #expect(try await store.losses(in: Self.everything).map(\.count) == [1000])
    }
}

struct FlowBroadcastTests {
    @Test func aReaderGetsWhatItsFilterMatches() async throws {
        let broadcast = FlowBroadcast()
        let filter = try FlowFilter(parsing: "verdict:dropped")
        var reader = try #require(await broadcast.subscribe(filter)).makeAsyncIterator()
        await broadcast.send([FlowSamples.allowed(), FlowSamples.denied(time: 5)], lost: 0)
        #expect(await reader.next()?.flows.map(\.time) == [5])
    }

    /// Reads until so many flows have come.
    private static func read(
        _ reader: inout AsyncStream<FlowBroadcast.Batch>.AsyncIterator,
        _ count: Int
    ) async -> (times: [Int64], lost: UInt64) {
        var read: (times: [Int64], lost: UInt64) = ([], 0)
        while read.times.count < count, let batch = await reader.next() {
            #expect(batch.flows.count <= FlowBroadcast.maximumBatch)
            read.times += batch.flows.map(\.time)
            read.lost += batch.lost
        }
        return read
    }

    @Test func aSlowReaderLosesTheOldestAndIsToldHowMany() async throws {
        let broadcast = FlowBroadcast()
        var slow = try #require(await broadcast.subscribe(.everything)).makeAsyncIterator()
        var fast = try #require(await broadcast.subscribe(.everything)).makeAsyncIterator()
        for round in 0..<5 {
            let times = (0..<5000).map { Int64(round * 5000 + $0) }
            await broadcast.send(times.map { FlowSamples.denied(time: $0) }, lost: 0)
            let read = await Self.read(&fast, 5000)
            #expect(read.times == times && read.lost == 0)
        }
        let late = await Self.read(&slow, FlowBroadcast.maximumRemembered)
        #expect(late.times == (15_000..<25_000).map { Int64($0) } && late.lost == 15_000)
        await broadcast.send([FlowSamples.denied(time: 7)], lost: 0)
        let next = try #require(await slow.next())
        #expect(next.flows.map(\.time) == [7] && next.lost == 0 && !next.hasMore)
    }

    @Test func aSlowReaderIsToldOnlyOfWhatItAskedFor() async throws {
        let broadcast = FlowBroadcast()
        let filter = try FlowFilter(parsing: "verdict:dropped")
        var slow = try #require(await broadcast.subscribe(filter)).makeAsyncIterator()
        var none = try #require(await broadcast.subscribe(try FlowFilter(parsing: "ns:nowhere"))).makeAsyncIterator()
        await broadcast.send((0..<100).map { FlowSamples.denied(time: $0) }, lost: 0)
        await broadcast.send((0..<30_000).map { FlowSamples.allowed(time: $0) }, lost: 0)
        await broadcast.send([FlowSamples.denied(time: 5)], lost: 0)
        let batch = try #require(await slow.next())
        #expect(batch.lost == 100 && batch.isIncomplete && batch.flows.count <= 1)
        await broadcast.send([], lost: 1)
        let loss = try #require(await none.next())
        #expect(loss.lost == 1 && loss.flows.isEmpty)
    }

    @Test func readersThatWentAwayMakeRoomForOthers() async throws {
        let broadcast = FlowBroadcast()
        var readers: [AsyncStream<FlowBroadcast.Batch>] = []
        for _ in 0..<FlowBroadcast.maximumReaders {
            if let reader = await broadcast.subscribe(.everything) { readers.append(reader) }
        }
        #expect(readers.count == FlowBroadcast.maximumReaders)
        #expect(await broadcast.subscribe(.everything) == nil)
        readers = []
        await broadcast.send([FlowSamples.denied()], lost: 0)
        #expect(await broadcast.subscribe(.everything) != nil)
    }
}

struct RateMeterTests {
    @Test func theRateIsOverTheLastTenSeconds() {
        var meter = RateMeter()
        for second in 0..<30 { meter.add(10, at: Int64(second) * 1_000_000) }
        #expect(meter.rate(at: 29_000_000) == 10)
        #expect(meter.rate(at: 34_000_000) == 5)
        #expect(meter.rate(at: 60_000_000) == 0)
    }
}
