// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Two edits of one text put together, line by line.
///
/// Where one side changed lines that the other left alone, the change is taken. Where both changed the same lines, or lines
/// that touch, and not to the same, nobody but their authors can say what is meant: that is a conflict, to be decided.
public struct LineMerge: Hashable, Sendable {
    public enum Side: String, Hashable, Sendable, Codable, CaseIterable { case mine, theirs }

    /// Lines of the three texts that stand in one place; lines carry their line breaks.
    public struct Conflict: Hashable, Sendable {
        public var base: String
        public var mine: String
        public var theirs: String
        /// 1-based, in the base.
        public var line: Int

        public subscript(side: Side) -> String { side == .mine ? mine : theirs }

        /// The lines of a side with everything that a reader cannot see written out.
        public func shown(_ side: Side) -> String {
            LineMerge.lines(self[side]).map { line in
                let isEnded = line.utf8.last == UInt8(ascii: "\n")
                return Escaped.plain(String(Substring(isEnded ? line.utf8.dropLast() : line.utf8)))
            }.joined(separator: "\n")
        }
    }

    enum Part: Hashable {
        case agreed(String)
        case conflict(Conflict)
    }

    let parts: [Part]

    public var conflicts: [Conflict] {
        parts.compactMap { part in
            guard case .conflict(let conflict) = part else { return nil }
            return conflict
        }
    }

    /// - Complexity: that of two `LineDifference`s.
    public init(base: String, mine: String, theirs: String) {
        let texts = (base: Self.lines(base), mine: Self.lines(mine), theirs: Self.lines(theirs))
        let toMine = Self.partners(LineScript.matches(texts.base, texts.mine), texts.base.count)
        let toTheirs = Self.partners(LineScript.matches(texts.base, texts.theirs), texts.base.count)
        var parts: [Part] = []
        var start = (base: 0, mine: 0, theirs: 0)
        for index in 0...texts.base.count {
            // The end of all three counts as a line that is in all of them.
            let isEnd = index == texts.base.count
            guard let mine = isEnd ? texts.mine.count : toMine[index],
                let theirs = isEnd ? texts.theirs.count : toTheirs[index]
            else { continue }
            parts += Self.part(
                texts.base[start.base..<index],
                texts.mine[start.mine..<mine],
                texts.theirs[start.theirs..<theirs],
                line: start.base + 1
            )
            if !isEnd { parts.append(.agreed(String(texts.base[index]))) }
            start = (index + 1, mine + 1, theirs + 1)
        }
        self.parts = parts
    }

    /// The text, with each conflict as it was decided; `nil` as long as one is not.
    public func text(_ decision: (Conflict) -> Side?) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .agreed(let text): result += text
            case .conflict(let conflict):
                guard let side = decision(conflict) else { return nil }
                result += conflict[side]
            }
        }
        return result
    }

    /// The text, where nothing has to be decided.
    public var text: String? { text { _ in nil } }

    private static func part(
        _ base: ArraySlice<Substring>,
        _ mine: ArraySlice<Substring>,
        _ theirs: ArraySlice<Substring>,
        line: Int
    ) -> [Part] {
        /// By bytes, as lines are matched.
        func isSame(_ one: ArraySlice<Substring>, _ other: ArraySlice<Substring>) -> Bool {
            one.elementsEqual(other) { $0.utf8.elementsEqual($1.utf8) }
        }
        if mine.isEmpty, theirs.isEmpty { return [] }
        if isSame(mine, theirs) || isSame(theirs, base) { return [.agreed(mine.joined())] }
        if isSame(mine, base) { return [.agreed(theirs.joined())] }
        return [
            .conflict(Conflict(base: base.joined(), mine: mine.joined(), theirs: theirs.joined(), line: line))
        ]
    }

    private static func partners(_ matches: [(old: Int, new: Int)], _ count: Int) -> [Int?] {
        var result = [Int?](repeating: nil, count: count)
        for match in matches { result[match.old] = match.new }
        return result
    }

    /// With their line breaks, so that putting them together again gives the same bytes.
    private static func lines(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var start = text.utf8.startIndex
        while let end = text.utf8[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let next = text.utf8.index(after: end)
            lines.append(Substring(text.utf8[start..<next]))
            start = next
        }
        if start < text.utf8.endIndex { lines.append(Substring(text.utf8[start...])) }
        return lines
    }
}
