// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

@testable import ControlPlane

struct TrafficTallyTests {
    @Test func everyTotalIsTheSumOfItsParts() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for scope in [nil, Set(["shop"]), Set(["data", "shop"])] {
            var tally = TrafficTally()
            for _ in 0..<500 {
                let sample = [FlowSamples.denied(), FlowSamples.allowed(), FlowSamples.wouldDrop()].randomElement(
                    using: &random
                )
                var flow = sample ?? FlowSamples.denied()
                if Bool.random(using: &random) { swap(&flow.source, &flow.destination) }
                let count = FlowCount(
                    flows: UInt64.random(in: 0...9, using: &random),
                    packets: UInt64.random(in: 0...99, using: &random),
                    bytes: UInt64.random(in: 0...9999, using: &random),
                    firstSeen: 0,
                    lastSeen: 0
                )
                tally.add(FlowKey(flow), count, scope: scope)
            }
            let totals = tally.totals
            #expect(totals.total == totals.inbound + totals.outbound + totals.internal, "seed \(seed)")
            #expect(totals.total == totals.allowed + totals.dropped + totals.wouldDrop, "seed \(seed)")
            #expect(totals.droppedShare == Double(totals.dropped.packets) / Double(totals.total.packets))
        }
    }

    @Test func trafficOutsideTheScopeIsNotCounted() {
        var tally = TrafficTally()
        let count = FlowCount(flows: 1, packets: 2, bytes: 3, firstSeen: 0, lastSeen: 0)
        tally.add(FlowKey(FlowSamples.wouldDrop()), count, scope: ["data"])
        #expect(tally.totals == TrafficTotals())
        tally.add(FlowKey(FlowSamples.denied()), count, scope: ["data"])
        #expect(tally.totals.inbound.packets == 2 && tally.totals.outbound.packets == 0)
        tally.add(FlowKey(FlowSamples.denied()), count, scope: ["shop"])
        #expect(tally.totals.outbound.bytes == 3)
    }
}
