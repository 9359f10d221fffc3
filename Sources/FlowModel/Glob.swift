// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A pattern of a filter: `*` is any text, everything else is itself; ASCII letters match in either case.
public struct Glob: Hashable, Sendable {
    /// As written.
    public let text: String
    private let bytes: [UInt8]

    private static let star = UInt8(ascii: "*")

    public init(_ text: String) {
        self.text = text
        bytes = text.utf8.map(Self.folded)
    }

    /// Whether the pattern matches the whole of `candidate`.
    /// - Complexity: O(pattern × candidate) at worst.
    public func matches(_ candidate: some StringProtocol) -> Bool { matches(Array(candidate.utf8.map(Self.folded))) }

    /// Whether the pattern matches some part of `candidate`.
    public func matchesPart(of candidate: some StringProtocol) -> Bool {
        Self.matches([Self.star] + bytes + [Self.star], Array(candidate.utf8.map(Self.folded)))
    }

    private func matches(_ candidate: [UInt8]) -> Bool { Self.matches(bytes, candidate) }

    private static func matches(_ pattern: [UInt8], _ candidate: [UInt8]) -> Bool {
        var patternIndex = 0
        var index = 0
        // Where to go on when the present attempt fails: after the last star, one byte further in the candidate.
        var retry: (pattern: Int, candidate: Int)?
        while index < candidate.count {
            if patternIndex < pattern.count, pattern[patternIndex] == star {
                retry = (patternIndex + 1, index)
                patternIndex += 1
            } else if patternIndex < pattern.count, pattern[patternIndex] == candidate[index] {
                patternIndex += 1
                index += 1
            } else if let last = retry {
                retry = (last.pattern, last.candidate + 1)
                patternIndex = last.pattern
                index = last.candidate + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == star }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte + 32 : byte }
}

/// The candidate that is nearest to what was typed, if one is near enough to suggest.
/// - Complexity: O(candidates × lengths).
package func nearest(to typed: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, typed.count / 3 + 1)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
        let distance = editDistance(Array(typed.lowercased()), Array(candidate.lowercased()))
        guard distance <= limit, distance < candidate.count else { continue }
        if best.map({ (distance, candidate) < ($0.distance, $0.candidate) }) ?? true { best = (distance, candidate) }
    }
    return best?.candidate
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    guard left.count <= 100, right.count <= 100 else { return 100 }
    var row = Array(0...right.count)
    for (leftIndex, leftCharacter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = leftIndex + 1
        for (rightIndex, rightCharacter) in right.enumerated() {
            let above = row[rightIndex + 1]
            let substitution = diagonal + (leftCharacter == rightCharacter ? 0 : 1)
            row[rightIndex + 1] = min(substitution, above + 1, row[rightIndex] + 1)
            diagonal = above
        }
    }
    return row[right.count]
}
