// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A place in a stream of live flows, as text: readers hand it back to go on after it (`Last-Event-ID`).
///
/// It says nothing by itself: numbers would tell how many flows there were of namespaces that the reader does not see.
public struct LivePlace: Hashable, Sendable, LosslessStringConvertible {
    fileprivate var value: UInt64
    /// Of the process: a place of an earlier one is none here.
    fileprivate var origin: UInt64

    fileprivate init(value: UInt64, origin: UInt64) {
        self.value = value
        self.origin = origin
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let origin = UInt64(parts[0], radix: 16), let value = UInt64(parts[1], radix: 16) else {
            return nil
        }
        self.init(value: value, origin: origin)
    }

    public var description: String { "\(String(origin, radix: 16))-\(String(value, radix: 16))" }
}

/// Turns numbers into places and back with a secret of the process: four rounds of a Feistel network.
struct LivePlaces: Sendable {
    private let keys: [UInt32]
    private let origin: UInt64

    init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            // SplitMix64: spreads the seed over the keys.
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        keys = (0..<4).map { _ in UInt32(truncatingIfNeeded: next()) }
        origin = next()
    }

    func place(_ number: UInt64) -> LivePlace {
        LivePlace(value: permuted(number, keys), origin: origin)
    }

    /// `nil` for a place of another process.
    func number(_ place: LivePlace) -> UInt64? {
        guard place.origin == origin else { return nil }
        let swapped = place.value << 32 | place.value >> 32
        let back = permuted(swapped, keys.reversed())
        return back << 32 | back >> 32
    }

    private func permuted(_ number: UInt64, _ keys: [UInt32]) -> UInt64 {
        var (left, right) = (UInt32(truncatingIfNeeded: number >> 32), UInt32(truncatingIfNeeded: number))
        for key in keys { (left, right) = (right, left ^ Self.mixed(right, key)) }
        return UInt64(left) << 32 | UInt64(right)
    }

    private static func mixed(_ half: UInt32, _ key: UInt32) -> UInt32 {
        var mixed = (half ^ key) &* 0x9e37_79b1
        mixed ^= mixed >> 15
        mixed = mixed &* 0x85eb_ca6b
        return mixed ^ (mixed >> 13)
    }
}
