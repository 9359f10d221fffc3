// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// Counts over time, split by verdict.
public struct TrafficSeries: Hashable, Sendable {
    public struct Bucket: Hashable, Sendable {
        public var start: Timestamp
        public var allowed: UInt64
        public var dropped: UInt64
        public var wouldDrop: UInt64
        /// What the counts are of, where that is not the whole bucket: the range begins or ends inside it, or it goes on.
        public var seconds: Double?
        /// Nothing was recorded: the counts mean nothing, and are drawn as a gap.
        public var isGap: Bool
        /// It has not ended yet; drawn dotted.
        public var isIncomplete: Bool

        public init(
            start: Timestamp,
            allowed: UInt64,
            dropped: UInt64,
            wouldDrop: UInt64,
            seconds: Double? = nil,
            isGap: Bool = false,
            isIncomplete: Bool = false
        ) {
            self.start = start
            self.allowed = allowed
            self.dropped = dropped
            self.wouldDrop = wouldDrop
            self.seconds = seconds
            self.isGap = isGap
            self.isIncomplete = isIncomplete
        }

        var total: UInt64 { [allowed, dropped, wouldDrop].reduce(0) { $0.addingReportingOverflow($1).partialValue } }
    }

    /// Positive.
    public var bucketSeconds: Int
    /// Oldest first, without holes; at most 200 are drawn.
    public var buckets: [Bucket]

    public init(bucketSeconds: Int, buckets: [Bucket]) {
        self.bucketSeconds = max(1, bucketSeconds)
        self.buckets = Array(buckets.suffix(200))
    }

    /// What a count of the bucket is per second; `nil` where nothing was recorded, and of less than a second, which one
    /// packet more or less would double.
    func rate(_ count: (Bucket) -> UInt64, _ bucket: Bucket) -> Double? {
        hasRate(bucket) ? Double(count(bucket)) / seconds(bucket) : nil
    }

    func seconds(_ bucket: Bucket) -> Double { bucket.seconds ?? Double(bucketSeconds) }

    func hasRate(_ bucket: Bucket) -> Bool { !bucket.isGap && seconds(bucket) >= 1 }

    /// Stretches of buckets, by index, without a gap inside.
    var stretches: [Range<Int>] {
        var result: [Range<Int>] = []
        var start: Int?
        for (index, bucket) in buckets.enumerated() {
            if !hasRate(bucket) {
                if let first = start { result.append(first..<index) }
                start = nil
            } else if start == nil {
                start = index
            }
        }
        if let first = start { result.append(first..<buckets.count) }
        return result
    }

    /// Stretches of gaps, by index.
    var gaps: [Range<Int>] {
        var result: [Range<Int>] = []
        for (index, bucket) in buckets.enumerated() where bucket.isGap {
            if let last = result.last, last.upperBound == index {
                result[result.count - 1] = last.lowerBound..<(index + 1)
            } else {
                result.append(index..<(index + 1))
            }
        }
        return result
    }
}
