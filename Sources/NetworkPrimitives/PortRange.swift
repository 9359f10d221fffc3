// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// An inclusive range of port numbers (or of ICMP types, for the ICMP protocols).
public struct PortRange: Hashable, Sendable, Codable, Comparable {
    public let lowerBound: UInt16
    public let upperBound: UInt16

    /// Every port, 0...65535.
    public static let all = PortRange(0, 65535)

    /// - Precondition: `lower <= upper`.
    public init(_ lower: UInt16, _ upper: UInt16) {
        precondition(lower <= upper, "port range must not end before it starts")
        self.lowerBound = lower
        self.upperBound = upper
    }

    /// The range that holds one port.
    public init(_ port: UInt16) { self.init(port, port) }

    public var isSinglePort: Bool { lowerBound == upperBound }

    public func contains(_ port: UInt16) -> Bool { lowerBound <= port && port <= upperBound }

    public static func < (left: PortRange, right: PortRange) -> Bool {
        (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
}

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

    public func union(_ other: PortSet) -> PortSet { PortSet(ranges + other.ranges) }

    public mutating func formUnion(_ range: PortRange) { self = PortSet(ranges + [range]) }
}
