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

    @Test func `a rate is over the part of its bucket that the range holds`() async throws {
        let store = MemoryFlowStore()
        // One each second, for 20 minutes.
        try await store.append((0..<1200).map { FlowSamples.denied(time: $0 * 1_000_000) }, losses: [])
        let end = 17 * Self.minute + 20_000_000
        let scene = try await Scene(store: store, now: end)
        let range = TimeRange(from: 2 * Self.minute + 30_000_000, to: end)
        for length in [range.to - range.from, 60 * Self.minute, 480 * Self.minute] {
            var wide = range
            wide.from = end - length
            let report = try await scene.environment.rate(StatisticsRequest(range: wide))
            let rates = report.buckets.filter { $0.start.microseconds >= 0 && !$0.isGap }
            #expect(rates.allSatisfy { abs($0.connectionsPerSecond - 1) < 0.001 }, "\(length): \(rates)")
            #expect(rates.last?.isIncomplete == (end % (Int64(report.bucketSeconds) * 1_000_000) != 0))
            let seconds = report.buckets.reduce(0) { $0 + $1.seconds }
            #expect(abs(seconds - Double(length) / 1_000_000) < 0.001)
        }
    }

    @Test func `a bucket of the past that the range cuts has ended`() async throws {
        let scene = try await Scene(store: MemoryFlowStore(), now: 3_600_000_000)
        let range = TimeRange(from: 0, to: 2 * Self.minute + 2_000_000)
        let report = try await scene.environment.rate(StatisticsRequest(range: range))
        #expect(report.buckets.last?.seconds == 2 && report.buckets.last?.isIncomplete == false)
    }

    @Test(
        arguments: [
            // Records are there: exact.
            (90, 630, nil, 90, 630), (90, 630, 80, 90, 630),
            // Gone at the start, at both ends, in the middle of the last minute, in the only one.
            (90, 630, 300, 60, 630), (90, 630, 900, 60, 660), (90, 630, 610, 60, 660), (90, 110, 300, 60, 120),
            (60, 660, 900, 60, 660),
        ] as [(Int64, Int64, Int64?, Int64, Int64)]
    )
    func `without records whole minutes are counted`(_ span: (Int64, Int64, Int64?, Int64, Int64)) {
        func micro(_ seconds: Int64) -> Int64 { seconds * 1_000_000 }
        let query = FlowQuery(range: TimeRange(from: micro(span.0), to: micro(span.1)))
        let counted = query.counted(recordsPrunedTo: span.2.map(micro))
        #expect(counted == TimeRange(from: micro(span.3), to: micro(span.4)))
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
