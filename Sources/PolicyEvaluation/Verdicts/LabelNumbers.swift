// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// Keys and values of labels as numbers from 1, so that comparing them is comparing integers.
struct LabelNumbers {
    private var keys: [String: UInt32] = [:]
    private var values: [String: UInt32] = [:]

    /// The number of a label of an endpoint, which is always of source `k8s`: key in the upper half, value in the lower.
    mutating func number(_ label: Label) -> UInt64 {
        UInt64(Self.number(label.key.name, &keys)) << 32 | UInt64(Self.number(label.value, &values))
    }

    /// The number of a key as selectors write it; 0 for a key that no endpoint has.
    func number(ofKey key: LabelKey) -> UInt32 {
        key.source == .k8s || key.source == .any ? keys[key.name] ?? 0 : 0
    }

    /// The number of a value; 0 for one that no endpoint has.
    func number(ofValue value: String) -> UInt32 { values[value] ?? 0 }

    private static func number(_ text: String, _ numbers: inout [String: UInt32]) -> UInt32 {
        if let known = numbers[text] { return known }
        let number = UInt32(numbers.count + 1)
        numbers[text] = number
        return number
    }
}
