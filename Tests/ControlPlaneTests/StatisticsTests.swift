// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

@testable import ControlPlane

struct TimeBucketsTests {
    @Test(
        arguments: [
            (300, 5), (900, 5), (1800, 10), (3600, 30), (3 * 3600, 60), (8 * 3600, 300), (86_400, 600),
            (3 * 86_400, 1800), (7 * 86_400, 3600), (30 * 86_400, 21_600), (365 * 86_400, 2 * 86_400),
        ] as [(Int64, Int64)]
    )
    func `buckets are as long as the range asks for`(_ seconds: Int64, _ bucket: Int64) {
        let buckets = TimeBuckets.chart(TimeRange(from: 7, to: 7 + seconds * 1_000_000), hasRecords: true)
        #expect(buckets.length == bucket * 1_000_000)
        #expect(buckets.count <= TimeBuckets.most)
        #expect(TimeBuckets.chart(buckets.range, hasRecords: false).length >= 60_000_000)
    }

    @Test func `buckets cover the range, each moment once`() {
        var random = SeededRandom()
        for _ in 0..<500 {
            let from = Int64.random(in: 0..<1 << 50, using: &random)
            let range = TimeRange(from: from, to: from + Int64.random(in: 1..<1 << 43, using: &random))
            for buckets in [TimeBuckets.chart(range, hasRecords: true), TimeBuckets.sparkline(range)] {
                let parts = (0..<buckets.count).map(buckets.covered)
                #expect(parts.first?.from == range.from && parts.last?.to == range.to, "seed \(random.seed)")
                #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.to == $1.from }, "seed \(random.seed)")
                #expect(parts.indices.allSatisfy { buckets.index(of: parts[$0].from) == $0 }, "seed \(random.seed)")
            }
            #expect(TimeBuckets.sparkline(range).count <= Sparkline.mostBuckets, "seed \(random.seed)")
            #expect(TimeBuckets.chart(range, hasRecords: true).count <= TimeBuckets.most, "seed \(random.seed)")
        }
    }
}

struct StatisticsTests {
    private static let minute: Int64 = 60_000_000

    @Test func `a bucket says when nothing was collected, what was lost, and that it still runs`() async throws {
        let store = MemoryFlowStore()
        try await store.append(
            [FlowSamples.denied(time: 61_000_000), FlowSamples.allowed(time: 64_000_000)],
            losses: [
                FlowLoss(from: 10_000_000, to: 12_000_000, source: .stopped, count: 0),
                FlowLoss(from: 33_000_000, to: 41_000_000, source: .packetLog, count: 9),
            ]
        )
        let scene = try await Scene(store: store, now: 117_000_000)
        let request = StatisticsRequest(range: TimeRange(from: 0, to: 2 * Self.minute))
        let report = try await scene.environment.rate(request)
        #expect(report.bucketSeconds == 5 && report.buckets.count == 24)
        #expect(report.buckets.indices.filter { report.buckets[$0].isGap } == [2])
        #expect(report.buckets.map(\.lost).reduce(0, +) == 9 && report.buckets[6].lost == 9)
        #expect(report.buckets.indices.filter { report.buckets[$0].isIncomplete } == [23])
        #expect(report.buckets[12].dropped.connections == 1 && report.buckets[12].allowed.connections == 1)
        let totals = try await scene.environment.totals(request).totals
        #expect(report.buckets.reduce(0) { $0 + $1.dropped.packets } == totals.dropped.packets)
    }

    @Test func `totals compare with the time before where that is kept`() async throws {
        let store = MemoryFlowStore()
        try await store.append([30, 90, 100].map { FlowSamples.denied(time: $0 * 1_000_000) }, losses: [])
        let environment = try await Scene(store: store).environment
        var request = StatisticsRequest(range: TimeRange(from: Self.minute, to: 2 * Self.minute))
        #expect(try await environment.totals(request).previous == nil)
        request.comparesWithPrevious = true
        let report = try await environment.totals(request)
        #expect(report.totals.dropped.connections == 2 && report.previous?.dropped.connections == 1)
    }

    @Test func `drops bring their course over the range`() async throws {
        let store = MemoryFlowStore()
        let times: [Int64] = [1, 2, 65, 3000]
        try await store.append(times.map { FlowSamples.denied(time: $0 * 1_000_000) }, losses: [])
        try await store.append([FlowSamples.allowed(time: 5)], losses: [])
        let environment = try await Scene(store: store).environment
        let request = StatisticsRequest(range: TimeRange(from: 0, to: 60 * Self.minute))
        let drops = try await environment.drops(request)
        let line = try #require(drops.items.first?.sparkline)
        #expect(drops.items.count == 1 && line.counts.reduce(0, +) == 4)
        #expect(line.counts[0] == 3 && line.counts.count <= Sparkline.mostBuckets)
    }

    @Test func `gaps of one cause that touch are one`() {
        let losses = [
            FlowLoss(from: 0, to: 10, source: .stopped, count: 0),
            FlowLoss(from: 5, to: 6, source: .packetLog, count: 3),
            FlowLoss(from: 10, to: 20, source: .stopped, count: 0),
            FlowLoss(from: 7, to: 9, source: .packetLog, count: 4),
            FlowLoss(from: 90_000_000, to: 90_000_001, source: .packetLog, count: 1),
        ]
        let gaps = CollectionGaps(losses, isCounted: true).gaps
        #expect(gaps.map(\.cause) == ["palisade was not running", "kernel queue overflow", "kernel queue overflow"])
        #expect(gaps.map(\.lost) == [0, 7, 1])
        #expect(gaps[0].to == Timestamp(microseconds: 20))
        #expect(CollectionGaps(losses, isCounted: false).gaps.allSatisfy { $0.lost == 0 })
    }
}
