// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

struct FlowAggregatorTests {
    @Test func `flows of one kind and minute are one count`() {
        var aggregator = FlowAggregator()
        for second in 0..<120 { aggregator.add(FlowSamples.denied(time: Int64(second) * 1_000_000)) }
        let deltas = aggregator.takeDeltas()
        #expect(deltas.map(\.window) == [0, 60_000_000])
        #expect(deltas.map(\.count.flows) == [60, 60])
        #expect(deltas[0].count.firstSeen == 0 && deltas[0].count.lastSeen == 59_000_000)
        #expect(aggregator.takeDeltas().isEmpty)
    }

    @Test func `a connection with two records counts once, with the bytes of its end`() {
        var start = FlowSamples.allowed(time: 1)
        (start.bytes, start.packets) = (0, 0)
        var end = FlowSamples.allowed(time: 5)
        (end.report, end.bytes, end.packets) = (.ended, 900, 7)
        var aggregator = FlowAggregator()
        aggregator.add(start)
        aggregator.add(end)
        let deltas = aggregator.takeDeltas()
        #expect(deltas.map(\.count.flows) == [1])
        #expect(deltas[0].count.bytes == 900)
    }

    @Test func `past the bound totals stay exact and names are given up`() {
        var aggregator = FlowAggregator(keyLimit: 10)
        for port in UInt16(0)..<100 {
            var flow = FlowSamples.denied(time: 1)
            flow.destinationPort = port
            aggregator.add(flow)
        }
        let deltas = aggregator.takeDeltas()
        #expect(aggregator.overflowed == 90)
        #expect(deltas.count == 11)
        #expect(deltas.filter(\.key.isOther).map(\.count.flows) == [90])
        #expect(deltas.map(\.count.flows).reduce(0, +) == 100)
    }

    @Test func `memory does not grow with the number of minutes`() {
        var aggregator = FlowAggregator(keyLimit: 1)
        for minute in 0..<1000 {
            aggregator.add(FlowSamples.denied(time: Int64(minute) * FlowWindow.length))
            #expect(aggregator.takeDeltas().count == 1)
        }
        #expect(aggregator.overflowed == 0)
    }

    @Test(arguments: [(-1, -60_000_000), (0, 0), (59_999_999, 0), (60_000_000, 60_000_000)] as [(Int64, Int64)])
    func `windows start at whole minutes`(_ time: Int64, _ start: Int64) {
        #expect(FlowWindow.start(of: time) == start)
    }
}
