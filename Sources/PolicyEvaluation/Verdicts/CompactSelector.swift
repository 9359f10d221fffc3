// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// A selector over numbered labels of endpoints.
struct CompactSelector {
    /// One requirement beyond a single label.
    struct Need {
        var key: UInt32
        /// Ascending; empty: any value.
        var values: [UInt32]
        /// Whether the key must have one of the values, in contrast to none of them.
        var isWanted: Bool
    }

    /// The number of the namespace that it demands; 0: any.
    var namespace: UInt32 = 0
    /// Labels that all must be there.
    var labels: [UInt64] = []
    var needs: [Need] = []
    /// Whether it demands what no endpoint has.
    var isImpossible = false

    init(_ selector: Selector, _ numbers: LabelNumbers) {
        for requirement in selector.requirements {
            switch requirement {
            case .isIn(let key, let values) where values.count == 1:
                let label = UInt64(numbers.number(ofKey: key)) << 32 | UInt64(numbers.number(ofValue: values[0]))
                isImpossible = isImpossible || label >> 32 == 0 || label & 0xffff_ffff == 0
                if key.name == WellKnownLabel.namespace.name, namespace == 0 {
                    namespace = UInt32(truncatingIfNeeded: label)
                } else {
                    labels.append(label)
                }
            case .isIn(let key, let values): add(key, values, isWanted: true, numbers)
            case .isNotIn(let key, let values): add(key, values, isWanted: false, numbers)
            case .exists(let key): add(key, nil, isWanted: true, numbers)
            case .doesNotExist(let key): add(key, nil, isWanted: false, numbers)
            }
        }
    }

    private mutating func add(_ key: LabelKey, _ values: [String]?, isWanted: Bool, _ numbers: LabelNumbers) {
        let number = numbers.number(ofKey: key)
        let known = values?.map { numbers.number(ofValue: $0) }.filter { $0 != 0 }.sorted()
        // What nobody has is wanted in vain, and excluded for free.
        if number == 0 || known == [] {
            isImpossible = isImpossible || isWanted
            return
        }
        needs.append(Need(key: number, values: known ?? [], isWanted: isWanted))
    }

    /// Whether it selects an endpoint of a namespace with these labels, ascending.
    func matches(namespace other: UInt32, _ own: ArraySlice<UInt64>) -> Bool {
        guard namespace == 0 || namespace == other, !isImpossible else { return false }
        for label in labels where !own.contains(label) { return false }
        for need in needs {
            let value = own.first { UInt32(truncatingIfNeeded: $0 >> 32) == need.key }
                .map { UInt32(truncatingIfNeeded: $0) }
            let has = value.map { need.values.isEmpty || need.values.contains($0) } ?? false
            if has != need.isWanted { return false }
        }
        return true
    }
}
