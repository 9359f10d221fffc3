// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Positions by id of a key; -1 for one that is not part of the answer.
///
/// Ids are given out in order, so that nearly all are found by their number.
struct SlotTable {
    private static let direct = 1 << 20
    private static let unknown = Int32.min
    private var low: [Int32] = []
    private var high: [Int64: Int32] = [:]

    subscript(id: Int64) -> Int32? {
        get {
            guard id >= 0, id < Self.direct else { return high[id] }
            guard id < low.count, low[Int(id)] != Self.unknown else { return nil }
            return low[Int(id)]
        }
        set {
            let slot = newValue ?? Self.unknown
            guard id >= 0, id < Self.direct else {
                high[id] = newValue
                return
            }
            if id >= low.count {
                let count = max(Int(id) + 1, 2 * low.count, 4096)
                low += [Int32](repeating: Self.unknown, count: min(count, Self.direct) - low.count)
            }
            low[Int(id)] = slot
        }
    }
}
