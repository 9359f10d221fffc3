// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The candidate that somebody who typed `text` most likely meant; `nil` when none is near.
///
/// Near means at most a third of the letters wrong (insert, delete, replace, or swap of neighbours), case not counted.
package func nearest(to text: String, among candidates: [String]) -> String? {
    let typed = Array(text.lowercased().utf8)
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() {
        let letters = Array(candidate.lowercased().utf8)
        guard letters.count <= 64 else { continue }
        let distance = editDistance(typed, letters)
        guard distance <= max(1, max(typed.count, letters.count) / 3) else { continue }
        if distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
}

/// Whether no other candidate is as near to `text` as `near` is.
package func isOnlyNearest(_ near: String, to text: String, among candidates: [String]) -> Bool {
    let typed = Array(text.lowercased().utf8)
    func distance(_ candidate: String) -> Int { editDistance(typed, Array(candidate.lowercased().utf8)) }
    let best = distance(near)
    return !candidates.contains { $0 != near && distance($0) <= best }
}

/// Optimal string alignment distance.
/// - Complexity: O(n·m).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
