// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

extension DNSNamePattern {
    /// Whether a DNS name is meant by this (Cilium documentation, "DNS based").
    ///
    /// Names are compared without case and without the dot at the end. In a pattern `*` stands for any characters inside one
    /// label, alone for every name; `**.` at the beginning stands for one label or more.
    /// - Complexity: O(name × pattern).
    public func matches(_ name: String) -> Bool {
        let name = Self.normalised(name)
        switch self {
        case .name(let wanted): return name == Self.normalised(wanted)
        case .pattern(let pattern):
            let pattern = Self.normalised(pattern)
            if pattern.isEmpty || pattern.allSatisfy({ $0 == Self.star }) { return true }
            guard pattern.starts(with: Array("**.".utf8)) else { return Self.matches(name[...], pattern[...]) }
            let rest = pattern.dropFirst(3)
            return name.indices.contains { index in
                index > 0 && name[index] == Self.dot && Self.matches(name[(index + 1)...], rest)
                    && name[..<index].split(separator: Self.dot, omittingEmptySubsequences: false)
                        .allSatisfy { !$0.isEmpty }
            }
        }
    }

    private static let dot = UInt8(ascii: ".")
    private static let star = UInt8(ascii: "*")

    private static func normalised(_ name: String) -> [UInt8] {
        var bytes = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if bytes.count > 1, bytes.last == dot { bytes.removeLast() }
        return bytes
    }

    /// Remembers the last star and goes back to it, so that no pattern takes exponential time.
    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, wanted) = (name.startIndex, pattern.startIndex)
        var retry: (at: Int, wanted: Int)?
        while at < name.endIndex {
            if wanted < pattern.endIndex, pattern[wanted] == star {
                wanted += 1
                retry = (at, wanted)
            } else if wanted < pattern.endIndex, pattern[wanted] == name[at] {
                at += 1
                wanted += 1
            } else if let last = retry, name[last.at] != dot {
                // The star takes one more character, but never a dot.
                at = last.at + 1
                wanted = last.wanted
                retry = (at, wanted)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == star }
    }
}
