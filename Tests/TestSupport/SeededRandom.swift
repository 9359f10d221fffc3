// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A random generator (SplitMix64) that gives the same numbers for the same seed on every machine.
///
/// Put `seed` into the message of each expectation, so that a failure can be repeated with `init(seed:)`.
public struct SeededRandom: RandomNumberGenerator {
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64 = UInt64.random(in: 0...(.max))) {
        self.seed = seed
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
