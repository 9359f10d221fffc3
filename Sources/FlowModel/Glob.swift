// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A pattern of a filter: `*` is any text, everything else is itself; ASCII letters match in either case.
public struct Glob: Hashable, Sendable {
    /// Shared by copies: a filter hands its patterns around for every flow that it looks at.
    private final class Pattern: Sendable {
        let text: String
        let bytes: [UInt8]
        /// Matches what has the pattern anywhere in it.
        let anywhere: [UInt8]
        let hasStar: Bool
        let hasSlash: Bool

        init(_ text: String) {
            self.text = text
            bytes = text.utf8.map(Glob.folded)
            anywhere = [Glob.star] + bytes + [Glob.star]
            hasStar = bytes.contains(Glob.star)
            hasSlash = bytes.contains(UInt8(ascii: "/"))
        }
    }

    private let pattern: Pattern

    /// As written.
    public var text: String { pattern.text }
    /// Whether it has a slash, and so names a namespace as well.
    var hasSlash: Bool { pattern.hasSlash }

    private static let star = UInt8(ascii: "*")

    public init(_ text: String) { pattern = Pattern(text) }

    /// Whether the pattern matches the whole of `candidate`.
    /// - Complexity: O(pattern × candidate) at worst; without a star O(pattern), and no memory either way.
    public func matches(_ candidate: some StringProtocol) -> Bool {
        Self.withBytes(of: candidate) { candidate in
            let bytes = pattern.bytes
            guard !pattern.hasStar else { return Self.matches(bytes, candidate) }
            guard candidate.count == bytes.count else { return false }
            return bytes.indices.allSatisfy { Self.folded(candidate[$0]) == bytes[$0] }
        }
    }

    /// Whether the pattern matches some part of `candidate`.
    public func matchesPart(of candidate: some StringProtocol) -> Bool {
        Self.withBytes(of: candidate) { Self.matches(pattern.anywhere, $0) }
    }

    private static func withBytes(
        of candidate: some StringProtocol,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        candidate.utf8.withContiguousStorageIfAvailable(body)
            ?? Array(candidate.utf8).withUnsafeBufferPointer(body)
    }

    private static func matches(_ pattern: [UInt8], _ candidate: UnsafeBufferPointer<UInt8>) -> Bool {
        var patternIndex = 0
        var index = 0
        // Where to go on when the present attempt fails: after the last star, one byte further in the candidate.
        var retry: (pattern: Int, candidate: Int)?
        while index < candidate.count {
            if patternIndex < pattern.count, pattern[patternIndex] == star {
                retry = (patternIndex + 1, index)
                patternIndex += 1
            } else if patternIndex < pattern.count, pattern[patternIndex] == folded(candidate[index]) {
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

    // By bytes as well: texts that differ in normalisation are equal in Swift, and match other names.
    public static func == (left: Glob, right: Glob) -> Bool {
        left.pattern.bytes == right.pattern.bytes && left.text == right.text
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// The candidate that is nearest to what was typed, if one is near enough to suggest.
/// - Complexity: O(candidates × lengths).
package func nearest(to typed: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, typed.count / 3 + 1)
    var best: (distance: Int, lengthDifference: Int, candidate: String)?
    for candidate in candidates {
        let distance = editDistance(Array(typed.lowercased()), Array(candidate.lowercased()))
        guard distance <= limit, distance < candidate.count else { continue }
        // A slip of the hand that keeps the length is likelier than a letter too many.
        let found = (distance, abs(candidate.count - typed.count), candidate)
        if best.map({ found < ($0.distance, $0.lengthDifference, $0.candidate) }) ?? true { best = found }
    }
    return best?.candidate
}

/// Optimal string alignment distance: insert, delete, replace, or swap of neighbours.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    guard left.count <= 100, right.count <= 100 else { return 100 }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
