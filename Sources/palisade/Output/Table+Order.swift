// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension Table {
    /// Orders the rows by one column: quantities by size and before other text; equal ones stay as they are.
    /// - Complexity: O(n log n) comparisons.
    mutating func sort(by column: Int, isDescending: Bool) {
        let keys = rows.map { Key($0[column]) }
        let order = rows.indices.sorted { left, right in
            if keys[left] == keys[right] { return left < right }
            return isDescending ? keys[right] < keys[left] : keys[left] < keys[right]
        }
        rows = order.map { rows[$0] }
    }

    private enum Key: Comparable {
        case quantity(Double)
        case text(String)

        /// Reads `35.9M`, `14.8%`, `<0.01 %`, `5432/TCP`, `4/6`, `12 (3 %)`, `8m`; anything else is text.
        init(_ cell: String) {
            let body = cell.hasPrefix("<") ? cell.dropFirst() : cell[...]
            let digits = body.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let rest = body.dropFirst(digits.count)
            let unit = rest.prefix { $0 != " " && $0 != "/" }
            guard let number = Double(digits), let factor = Self.factors[String(unit)] else {
                self = .text(cell)
                return
            }
            self = .quantity(number * factor)
        }

        private static let factors: [String: Double] = [
            "": 1, "%": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
            "s": 1, "m": 60, "h": 3600, "d": 86_400,
        ]
    }
}
