// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Two texts line by line: what goes, what comes, and what stays around it.
public struct LineDifference: Hashable, Sendable, Codable {
    public enum Sign: String, Hashable, Sendable, Codable, CaseIterable {
        case added = "+"
        case removed = "-"
        case unchanged = " "
    }

    public struct Line: Hashable, Sendable, Codable {
        public var sign: Sign
        /// 1-based in the old text; `nil` for an added line.
        public var old: Int?
        /// 1-based in the new text; `nil` for a removed line.
        public var new: Int?
        /// Without its line break.
        public var text: String

        /// The text with everything that a reader cannot see written out: direction marks could make a line look like
        /// another one.
        public var shown: String { Escaped.plain(text) }
    }

    /// Lines that are shown together.
    public struct Hunk: Hashable, Sendable, Codable {
        /// Unchanged lines that are left out before it.
        public var skipped: Int
        /// What it is in: `shop/allow-web → inbound → rule 2 → ports`; empty where that is not known.
        public var path: String
        public var lines: [Line]
    }

    public var hunks: [Hunk]
    /// Unchanged lines that are left out after the last hunk.
    public var skippedAtEnd: Int

    public var added: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.sign == .added } } }
    public var removed: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.sign == .removed } } }

    /// - Parameters:
    ///   - old: the deployed text.
    ///   - new: the text of the draft.
    ///   - context: unchanged lines that are shown around a change.
    ///   - path: what a line of the new text is in; called once for each hunk with its first changed line.
    /// - Complexity: O((n + m) · d) in lines and differences, in linear space; past `LineScript.maximumCost` differences
    ///   the rest of a stretch is taken as replaced.
    public init(old: String, new: String, context: Int = 3, path: (Line) -> String = { _ in "" }) {
        let (oldLines, newLines) = (Self.lines(old), Self.lines(new))
        let all = Self.all(oldLines, newLines, LineScript.matches(oldLines, newLines))
        var shown = [Bool](repeating: false, count: all.count)
        for (index, line) in all.enumerated() where line.sign != .unchanged {
            for near in max(0, index - context)...min(all.count - 1, index + context) { shown[near] = true }
        }
        var hunks: [Hunk] = []
        var skipped = 0
        for (index, line) in all.enumerated() {
            guard shown[index] else {
                skipped += 1
                continue
            }
            if index == 0 || !shown[index - 1] {
                hunks.append(Hunk(skipped: skipped, path: "", lines: []))
                skipped = 0
            }
            hunks[hunks.count - 1].lines.append(line)
        }
        for index in hunks.indices {
            if let first = hunks[index].lines.first(where: { $0.sign != .unchanged }) {
                hunks[index].path = path(first)
            }
        }
        self.hunks = hunks
        skippedAtEnd = skipped
    }

    /// Line by line: `+`, `-` or a space before each, `⋯ 24 unchanged lines` for what is left out, `@@ path` before a hunk.
    public var text: [String] {
        var result: [String] = []
        for hunk in hunks {
            if hunk.skipped > 0 { result.append(Self.gap(hunk.skipped)) }
            if !hunk.path.isEmpty { result.append("@@ \(hunk.path)") }
            result += hunk.lines.map { $0.sign.rawValue + Escaped.plain($0.text) }
        }
        if skippedAtEnd > 0, !hunks.isEmpty { result.append(Self.gap(skippedAtEnd)) }
        return result
    }

    /// `⋯ 24 unchanged lines`.
    public static func gap(_ count: Int) -> String { "⋯ \(count) unchanged line\(count == 1 ? "" : "s")" }

    private static func lines(_ text: String) -> [Substring] {
        // Bytes, because a carriage return and a line feed are one character in Swift.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }

    private static func all(_ old: [Substring], _ new: [Substring], _ matches: [(old: Int, new: Int)]) -> [Line] {
        var result: [Line] = []
        var (oldIndex, newIndex) = (0, 0)
        for match in matches + [(old.count, new.count)] {
            for index in oldIndex..<match.old {
                result.append(Line(sign: .removed, old: index + 1, new: nil, text: String(old[index])))
            }
            for index in newIndex..<match.new {
                result.append(Line(sign: .added, old: nil, new: index + 1, text: String(new[index])))
            }
            guard match.old < old.count else { break }
            result.append(Line(sign: .unchanged, old: match.old + 1, new: match.new + 1, text: String(old[match.old])))
            (oldIndex, newIndex) = (match.old + 1, match.new + 1)
        }
        return result
    }
}

/// The shortest way from one list of lines to another, in linear space.
///
/// After Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
enum LineScript {
    /// Differences that are looked for before a stretch counts as replaced.
    static let maximumCost = 2_000

    /// Pairs of indices of equal lines, ascending in both.
    static func matches(_ old: [Substring], _ new: [Substring]) -> [(old: Int, new: Int)] {
        // Lines become numbers: they are compared often. By bytes, for texts that differ in normalisation are equal in Swift.
        var numbers: [[UInt8]: Int] = [:]
        func number(_ line: Substring) -> Int {
            let bytes = Array(line.utf8)
            if let known = numbers[bytes] { return known }
            numbers[bytes] = numbers.count
            return numbers.count - 1
        }
        var search = Search(old: old.map(number), new: new.map(number))
        search.match(0..<old.count, 0..<new.count)
        return search.matches
    }

    private struct Search {
        let old: [Int]
        let new: [Int]
        var matches: [(old: Int, new: Int)] = []

        init(old: [Int], new: [Int]) { (self.old, self.new) = (old, new) }

        mutating func match(_ one: Range<Int>, _ other: Range<Int>) {
            var (left, right) = (one, other)
            while let first = left.first, let second = right.first, old[first] == new[second] {
                matches.append((first, second))
                (left, right) = (left.dropFirst(), right.dropFirst())
            }
            var tail: [(old: Int, new: Int)] = []
            while let last = left.last, let second = right.last, old[last] == new[second] {
                tail.append((last, second))
                (left, right) = (left.dropLast(), right.dropLast())
            }
            if !left.isEmpty, !right.isEmpty, let middle = middle(left, right) {
                match(left.lowerBound..<middle.old, right.lowerBound..<middle.new)
                match(middle.old..<left.upperBound, middle.new..<right.upperBound)
            }
            matches += tail.reversed()
        }

        /// A point that a shortest way goes through; `nil` when there is none nearer than the bound, or nothing is equal.
        private func middle(_ left: Range<Int>, _ right: Range<Int>) -> (old: Int, new: Int)? {
            let (n, m) = (left.count, right.count)
            let delta = n - m
            let limit = min((n + m + 1) / 2, maximumCost)
            let offset = limit + 1
            var forward = [Int](repeating: 0, count: 2 * offset + 1)
            var backward = forward
            for cost in 0...limit {
                for k in stride(from: -cost, through: cost, by: 2) {
                    var x =
                        k == -cost || (k != cost && forward[offset + k - 1] < forward[offset + k + 1])
                        ? forward[offset + k + 1] : forward[offset + k - 1] + 1
                    while x < n, x - k >= 0, x - k < m, old[left.lowerBound + x] == new[right.lowerBound + x - k] {
                        x += 1
                    }
                    forward[offset + k] = x
                    let mirrored = delta - k
                    guard delta % 2 != 0, abs(mirrored) < cost, x <= n, x - k <= m, x + backward[offset + mirrored] >= n
                    else { continue }
                    return point(x, x - k, left, right)
                }
                for k in stride(from: -cost, through: cost, by: 2) {
                    var x =
                        k == -cost || (k != cost && backward[offset + k - 1] < backward[offset + k + 1])
                        ? backward[offset + k + 1] : backward[offset + k - 1] + 1
                    while x < n, x - k >= 0, x - k < m,
                        old[left.upperBound - 1 - x] == new[right.upperBound - 1 - x + k]
                    { x += 1 }
                    backward[offset + k] = x
                    let mirrored = delta - k
                    guard delta % 2 == 0, abs(mirrored) <= cost, x <= n, x - k <= m, x + forward[offset + mirrored] >= n
                    else { continue }
                    return point(n - x, m - x + k, left, right)
                }
            }
            return nil
        }

        /// A point inside, and not at a corner, so that both halves are smaller.
        private func point(_ x: Int, _ y: Int, _ left: Range<Int>, _ right: Range<Int>) -> (old: Int, new: Int)? {
            guard (0...left.count).contains(x), (0...right.count).contains(y) else { return nil }
            guard (x, y) != (0, 0), (x, y) != (left.count, right.count) else { return nil }
            return (left.lowerBound + x, right.lowerBound + y)
        }
    }
}
