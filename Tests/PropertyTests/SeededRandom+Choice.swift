// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import TestSupport

extension SeededRandom {
    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    /// One of the values; there must be one.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &self)] }

    /// A number of the range.
    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// A generator of its own, independent of how much is taken from this one later.
    mutating func fork() -> SeededRandom { SeededRandom(seed: next()) }

    /// The seed of this run: `PALISADE_SEED` where it is set, else a new one.
    static let runSeed: UInt64 =
        ProcessInfo.processInfo.environment["PALISADE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
}
