// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A set of port numbers as sorted, disjoint, non-adjacent ranges.
public struct PortSet: Hashable, Sendable {
    public private(set) var ranges: [PortRange]

    public static let empty = PortSet([])
    public static let all = PortSet([.all])

    /// The union of the ranges, in any order, overlapping or not.
    /// - Complexity: O(n log n) in the number of ranges.
    public init(_ ranges: some Sequence<PortRange>) {
        var merged: [PortRange] = []
        for range in ranges.sorted() {
            if let last = merged.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                merged[merged.count - 1] = PortRange(last.lowerBound, max(last.upperBound, range.upperBound))
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    private init(sortedDisjoint ranges: [PortRange]) { self.ranges = ranges }

    public var isEmpty: Bool { ranges.isEmpty }
    public var isAll: Bool { ranges == [.all] }

    /// - Complexity: O(log n) in the number of ranges.
    public func contains(_ port: UInt16) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < port { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= port
    }

    public func union(_ other: PortSet) -> PortSet {
        if isEmpty || other.isAll { return other }
        if other.isEmpty || isAll { return self }
        return PortSet(ranges + other.ranges)
    }

    /// - Complexity: O(n + m) in the numbers of ranges.
    public func intersection(_ other: PortSet) -> PortSet {
        var result: [PortRange] = []
        var (left, right) = (0, 0)
        while left < ranges.count, right < other.ranges.count {
            let (one, two) = (ranges[left], other.ranges[right])
            let lower = max(one.lowerBound, two.lowerBound)
            let upper = min(one.upperBound, two.upperBound)
            if lower <= upper { result.append(PortRange(lower, upper)) }
            if one.upperBound < two.upperBound { left += 1 } else { right += 1 }
        }
        return PortSet(sortedDisjoint: result)
    }

    public func subtracting(_ other: PortSet) -> PortSet { intersection(other.complement) }

    /// Every port that is not in the set.
    public var complement: PortSet {
        var result: [PortRange] = []
        var next = 0
        for range in ranges {
            if Int(range.lowerBound) > next { result.append(PortRange(UInt16(next), range.lowerBound - 1)) }
            next = Int(range.upperBound) + 1
        }
        if next <= 65535 { result.append(PortRange(UInt16(next), 65535)) }
        return PortSet(sortedDisjoint: result)
    }

    public mutating func formUnion(_ range: PortRange) { self = PortSet(ranges + [range]) }
}
