// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// The addresses of one family cut into ranges inside which the same address blocks apply.
struct AddressSegments {
    /// A range of addresses and the blocks that contain all of it.
    struct Segment {
        var first: IPAddress
        var last: IPAddress
        /// Indices into the blocks that were given; never empty.
        ///
        /// Sorted.
        var blocks: [Int]
    }

    /// Sorted, disjoint; addresses outside every block are in no segment.
    private(set) var segments: [Segment] = []

    /// - Complexity: O(n log n) in the number of blocks and exceptions, plus the blocks per segment.
    init(_ blocks: [CIDRPeer], family: IPAddress.Family) {
        var edges: [(at: UInt128, block: Int, opens: Bool)] = []
        for (index, block) in blocks.enumerated() where block.prefix.family == family {
            for range in Self.ranges(of: block) {
                edges.append((range.lowerBound, index, true))
                // A range that ends at the last address has no edge behind it.
                if range.upperBound < UInt128.max { edges.append((range.upperBound + 1, index, false)) }
            }
        }
        edges.sort { $0.at < $1.at }
        let end: UInt128 = family == .v4 ? 0xffff_ffff : .max
        var open: [Int: Int] = [:]
        var position = 0
        while position < edges.count {
            let at = edges[position].at
            while position < edges.count, edges[position].at == at {
                let edge = edges[position]
                let depth = (open[edge.block] ?? 0) + (edge.opens ? 1 : -1)
                open[edge.block] = depth == 0 ? nil : depth
                position += 1
            }
            guard !open.isEmpty else { continue }
            let last = position < edges.count ? edges[position].at - 1 : end
            segments.append(
                Segment(
                    first: IPAddress(family: family, bits: at),
                    last: IPAddress(family: family, bits: last),
                    blocks: open.keys.sorted()
                )
            )
        }
    }

    /// The blocks that contain an address.
    /// - Complexity: O(log n) in the number of segments.
    func blocks(containing address: IPAddress) -> [Int] {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].last < address { low = middle + 1 } else { high = middle }
        }
        guard low < segments.count, segments[low].first <= address else { return [] }
        return segments[low].blocks
    }

    /// The block without its exceptions, as disjoint ranges.
    private static func ranges(of block: CIDRPeer) -> [ClosedRange<UInt128>] {
        let exceptions = block.except.filter { $0.family == block.prefix.family }
            .map { $0.base.bits...$0.last.bits }.sorted { $0.lowerBound < $1.lowerBound }
        var result: [ClosedRange<UInt128>] = []
        var start = block.prefix.base.bits
        let end = block.prefix.last.bits
        for exception in exceptions where exception.upperBound >= start && exception.lowerBound <= end {
            if exception.lowerBound > start { result.append(start...exception.lowerBound - 1) }
            guard exception.upperBound < end else { return result }
            start = max(start, exception.upperBound + 1)
        }
        result.append(start...end)
        return result
    }
}
