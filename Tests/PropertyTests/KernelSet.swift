// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import NftablesRuleset

/// A set or map as the kernel would hold it: keys of numbers, compared part by part.
struct KernelSet {
    var types: [String]
    var isMap: Bool
    var elements: [(key: [ClosedRange<UInt128>], value: String)] = []

    /// - Throws: for elements that nft would refuse: wrong number of parts, values of another type, ranges where the set
    ///   has no intervals, overlapping ranges of addresses.
    init(_ set: NamedSet) throws {
        types = set.key
        isMap = set.data != nil
        for (text, value) in set.elements {
            let parts = text.split(separator: " ").filter { $0 != "." }.map(String.init)
            guard parts.count == set.key.count, value.isEmpty == (set.data == nil) else {
                throw KernelRule.UnknownRule(text: "element \(text) : \(value)")
            }
            let key = try zip(parts, set.key).map { try Self.range($0, $1) }
            guard set.isInterval || key.allSatisfy({ $0.lowerBound == $0.upperBound }) else {
                throw KernelRule.UnknownRule(text: "range \(text) in a set without intervals")
            }
            elements.append((key, value))
        }
        guard set.isInterval, set.key.count == 1 else { return }
        let sorted = elements.map { $0.key[0] }.sorted { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.upperBound >= next.lowerBound {
            throw KernelRule.UnknownRule(text: "ranges overlap at \(next.lowerBound)")
        }
    }

    /// The value of the element that has the key; empty for a set.
    func find(_ key: [UInt128]) -> String? {
        elements.first { element in zip(element.key, key).allSatisfy { $0.contains($1) } }?.value
    }

    /// Reads `a` or `a-b` of one of nft's types.
    static func range(_ text: String, _ type: String) throws -> ClosedRange<UInt128> {
        // `ipv6-icmp` has a dash and is no range.
        let parts = type == "inet_proto" ? [text] : text.split(separator: "-").map(String.init)
        guard (1...2).contains(parts.count), let first = parts.first, let last = parts.last else {
            throw KernelRule.UnknownRule(text: text)
        }
        let (low, high) = (try value(first, type), try value(last, type))
        guard low <= high else { throw KernelRule.UnknownRule(text: text) }
        return low...high
    }

    /// Reads one value of one of nft's types.
    static func value(_ text: String, _ type: String) throws -> UInt128 {
        var value: UInt128?
        switch type {
        case "ipv4_addr", "ipv6_addr":
            let address = IPAddress(text)
            value = address?.family == (type == "ipv4_addr" ? .v4 : .v6) ? address?.bits : nil
        case "classid":
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0, radix: 16) }
            if parts.count == 2, let major = parts[0], let minor = parts[1] {
                value = UInt128(major) << 16 | UInt128(minor)
            }
        case "inet_proto":
            value = text == "icmp" ? 1 : text == "ipv6-icmp" ? 58 : UInt8(text).map { UInt128($0) }
        case "inet_service": value = UInt16(text).map { UInt128($0) }
        case "icmp_type", "icmpv6_type": value = UInt8(text).map { UInt128($0) }
        case "mark": value = text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16).map { UInt128($0) } : nil
        default: value = nil
        }
        guard let value else { throw KernelRule.UnknownRule(text: "\(type) \(text)") }
        return value
    }
}
