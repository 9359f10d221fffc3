// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
import PolicyModel

/// Neighbouring addresses of one family, both ends included.
public struct AddressRange: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var first: IPAddress
    public var last: IPAddress

    public init(_ first: IPAddress, _ last: IPAddress) {
        self.first = first
        self.last = last
    }

    /// Whether this is a whole address family.
    public var isEverything: Bool {
        first.bits == 0 && last.bits == (first.family == .v4 ? 0xffff_ffff : UInt128.max)
    }

    public func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && first <= address && address <= last
    }

    /// `10.0.0.0-10.255.255.255`.
    public var description: String { "\(first)-\(last)" }

    public static func < (left: AddressRange, right: AddressRange) -> Bool {
        (left.first, left.last) < (right.first, right.last)
    }

    /// An address family cut at both ends of each block; the ranges of the blocks in `without` are left out.
    ///
    /// No block of the family has only a part of a range. - Complexity: O(blocks · log blocks).
    static func ranges(
        _ family: IPAddress.Family,
        cutBy blocks: some Sequence<Prefix>,
        without: [Prefix]
    ) -> [AddressRange] {
        let highest: UInt128 = family == .v4 ? 0xffff_ffff : .max
        var starts: Set<UInt128> = [0]
        for block in Array(blocks) + without where block.family == family {
            starts.insert(block.base.bits)
            if block.last.bits < highest { starts.insert(block.last.bits + 1) }
        }
        let sorted = starts.sorted()
        return sorted.indices.compactMap { index in
            let first = IPAddress(family: family, bits: sorted[index])
            guard !without.contains(where: { $0.contains(first) }) else { return nil }
            let end = index + 1 < sorted.count ? sorted[index + 1] - 1 : highest
            return AddressRange(first, IPAddress(family: family, bits: end))
        }
    }
}

extension ClusterSnapshot {
    /// Every address block that a rule or a CIDR group names, with the exceptions.
    var namedBlocks: Set<Prefix> {
        var blocks = Set(cidrGroups.flatMap(\.prefixes))
        for rule in policies.lazy.flatMap(\.specs).flatMap(\.rules) {
            guard case .anyOf(let peers) = rule.peers else { continue }
            for peer in peers {
                switch peer {
                case .cidr(let block):
                    blocks.insert(block.prefix)
                    blocks.formUnion(block.except)
                case .cidrGroup(_, let except): blocks.formUnion(except)
                default: continue
                }
            }
        }
        return blocks
    }
}
