// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import TestSupport
import Testing

@testable import ControlPlane

/// Going on in a stream of live flows after a connection broke.
@Suite struct LivePlaceTests {
    private static func flows(_ range: Range<Int>) -> [Flow] { range.map { FlowSamples.denied(time: Int64($0)) } }

    private static func next(_ stream: AsyncStream<FlowBroadcast.Batch>?) async -> FlowBroadcast.Batch? {
        guard let stream else { return nil }
        for await batch in stream { return batch }
        return nil
    }

    @Test func `places lead back to their numbers, look unlike them, and are nothing to another process`() {
        let (one, other) = (LivePlaces(seed: 1), LivePlaces(seed: 2))
        var seen: Set<LivePlace> = []
        for number in [0, 1, 2, 3, 1_000, UInt64(1) << 32, .max] as [UInt64] {
            let place = one.place(number)
            #expect(one.number(place) == number && other.number(place) == nil)
            #expect(LivePlace(place.description) == place)
            #expect(!place.description.hasSuffix("-\(String(number, radix: 16))"))
            seen.insert(place)
        }
        #expect(seen.count == 7)
        for text in ["", "-", "1", "1-", "-1", "x-1", "1-2-3", "1 -2", "11111111111111111-1"] {
            #expect(LivePlace(text) == nil, "\(text)")
        }
    }

    @Test func `a reader gets what came after its place, and then what comes`() async throws {
        let broadcast = FlowBroadcast(seed: 1)
        let first = await broadcast.subscribe(.everything)
        await broadcast.send(Self.flows(0..<3), lost: 0)
        let batch = try #require(await Self.next(first))
        #expect(batch.flows.map(\.time) == [0, 1, 2] && !batch.isIncomplete)
        await broadcast.send(Self.flows(3..<6), lost: 0)
        let second = await broadcast.subscribe(.everything, after: batch.place)
        let more = try #require(await Self.next(second))
        #expect(more.flows.map(\.time) == [3, 4, 5] && !more.isIncomplete)
        await broadcast.send(Self.flows(6..<7), lost: 0)
        #expect(await Self.next(second)?.flows.map(\.time) == [6])
        // At the newest place there is nothing to catch up with.
        let third = await broadcast.subscribe(.everything, after: (await Self.place(after: broadcast)))
        await broadcast.send(Self.flows(8..<9), lost: 0)
        #expect(await Self.next(third)?.flows.map(\.time) == [8])
    }

    /// The place after one more flow.
    private static func place(after broadcast: FlowBroadcast) async -> LivePlace? {
        let reader = await broadcast.subscribe(.everything)
        await broadcast.send(Self.flows(7..<8), lost: 0)
        return await Self.next(reader)?.place
    }

    @Test func `the place moves on with flows that the reader's filter leaves out`() async throws {
        let broadcast = FlowBroadcast(seed: 1)
        let filter = try FlowFilter(parsing: "verdict:allowed")
        let reader = await broadcast.subscribe(filter)
        await broadcast.send(Self.flows(0..<100), lost: 0)
        await broadcast.send([FlowSamples.allowed(time: 100)], lost: 0)
        let place = try #require(await Self.next(reader)).place
        await broadcast.send([FlowSamples.allowed(time: 101)], lost: 0)
        let back = await broadcast.subscribe(filter, after: place)
        let batch = try #require(await Self.next(back))
        #expect(batch.flows.map(\.time) == [101] && !batch.isIncomplete)
    }

    @Test func `a place that is forgotten, of another process or of the future is a gap`() async throws {
        let broadcast = FlowBroadcast(seed: 1)
        let reader = await broadcast.subscribe(.everything)
        await broadcast.send(Self.flows(0..<1), lost: 0)
        let old = try #require(await Self.next(reader)).place
        let future = LivePlaces(seed: 1).place(1_000_000)
        let foreign = LivePlaces(seed: 2).place(1)
        await broadcast.send(Self.flows(1..<3 * FlowBroadcast.maximumRemembered), lost: 0)
        for place in [old, future, foreign] {
            let batch = await Self.next(await broadcast.subscribe(.everything, after: place))
            #expect(batch?.isIncomplete == true && batch?.flows.isEmpty == true && batch?.lost == 0)
        }
    }

    @Test func `what waits for a reader that came back is given in small batches`() async throws {
        let broadcast = FlowBroadcast(seed: 1)
        let reader = await broadcast.subscribe(.everything)
        await broadcast.send(Self.flows(0..<1), lost: 0)
        let place = try #require(await Self.next(reader)).place
        await broadcast.send(Self.flows(1..<15_000), lost: 0)
        let back = try #require(await broadcast.subscribe(.everything, after: place))
        var times: [Int64] = []
        for await batch in back {
            #expect(!batch.isIncomplete && batch.flows.count <= FlowBroadcast.maximumBatch)
            times += batch.flows.map(\.time)
            if !batch.hasMore { break }
        }
        #expect(times == (1..<15_000).map { Int64($0) })
    }
}
