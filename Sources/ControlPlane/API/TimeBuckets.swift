// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// How a range is divided in time: buckets of one length that start at multiples of it.
public struct TimeBuckets: Hashable, Sendable {
    public let range: TimeRange
    /// What the counts are of: a little more than the range where they are kept by whole minutes alone.
    private let counted: TimeRange
    /// Microseconds.
    public let length: Int64
    /// The start of the first bucket; the range may begin inside it.
    public let start: Int64
    /// At least 1.
    public let count: Int

    /// Buckets of one chart at most.
    public static let most = 200

    /// The ranges up to which a bucket is so long, both in seconds.
    private static let steps: [(range: Int64, bucket: Int64)] = [
        (900, 5), (1800, 10), (3600, 30), (3 * 3600, 60), (8 * 3600, 300), (86_400, 600), (3 * 86_400, 1800),
        (7 * 86_400, 3600), (30 * 86_400, 6 * 3600),
    ]

    init(_ range: TimeRange, seconds: Int64, counted: TimeRange? = nil) {
        self.range = range
        self.counted = counted ?? range
        length = seconds * 1_000_000
        let rest = range.from % length
        start = range.from - (rest < 0 ? rest + length : rest)
        count = max(1, Int((range.to - start + length - 1) / length))
    }

    /// The buckets of a chart over the range.
    ///
    /// - Parameters:
    ///   - hasRecords: whether records are kept for all of it; without them no bucket is under a minute.
    ///   - counted: from `FlowQuery.counted`; the range itself when `nil`.
    public static func chart(_ range: TimeRange, hasRecords: Bool, counted: TimeRange? = nil) -> TimeBuckets {
        let seconds = (range.to - range.from + 999_999) / 1_000_000
        let days = (seconds / 86_400 + Int64(most) - 2) / (Int64(most) - 2)
        let step = steps.first { seconds <= $0.range }?.bucket ?? max(1, days) * 86_400
        return TimeBuckets(range, seconds: hasRecords ? step : max(60, step), counted: counted)
    }

    /// The buckets of a sparkline: at most `Sparkline.mostBuckets`, lengths that counts are kept in.
    static func sparkline(_ range: TimeRange) -> TimeBuckets {
        let seconds = (range.to - range.from + 999_999) / 1_000_000
        let lengths: [Int64] = [
            60, 120, 300, 600, 900, 1200, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400,
        ]
        // One bucket more than the division says, where the range begins inside one.
        let most = Int64(Sparkline.mostBuckets) - 1
        let length = lengths.first { seconds <= $0 * most }
        return TimeBuckets(range, seconds: length ?? ((seconds / most) / 86_400 + 1) * 86_400)
    }

    /// The bucket that a time lies in; times outside are in the nearest one.
    func index(of time: Int64) -> Int { min(max(0, Int((time - start) / length)), count - 1) }

    /// The part of a bucket that was counted.
    func covered(_ index: Int) -> TimeRange {
        let begin = start + Int64(index) * length
        return TimeRange(from: max(begin, counted.from), to: min(begin + length, counted.to))
    }

    var sparkline: Sparkline {
        Sparkline(
            start: Timestamp(microseconds: start),
            bucketSeconds: Int(length / 1_000_000),
            counts: [UInt64](repeating: 0, count: count)
        )
    }
}
