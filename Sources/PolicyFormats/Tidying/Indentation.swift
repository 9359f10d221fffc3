// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// Brings block indentation to two columns per level, line by line.
///
/// A line's column says which level it is on, as in YAML itself; levels are kept with the column they have and the one they
/// get. `- - key:` opens three levels at once.
struct Indentation {
    private struct Level {
        var column: Int
        var tidied: Int
    }

    private let bytes: [UInt8]
    private var levels: [Level] = []
    /// Comments that wait for the line after them.
    private var comments: [TextLines.Line] = []
    /// By how much the innermost level of the last line moves.
    private var shift = 0
    private var edits: [TextEdit] = []

    /// - Returns: `nil` where it cannot be tidied: tabs, keys written with `?`, text over several lines that would move.
    static func edits(_ lines: TextLines) -> [TextEdit]? {
        var indentation = Indentation(bytes: lines.bytes)
        for line in lines.lines {
            guard indentation.add(line) else { return nil }
        }
        indentation.placeComments(before: nil)
        return indentation.edits
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func add(_ line: TextLines.Line) -> Bool {
        switch line.role {
        case .passive: return true
        case .comment:
            // Behind a tab nobody can say what a column is.
            if bytes[line.content] == UInt8(ascii: "#") { comments.append(line) }
            return true
        case .marker:
            placeComments(before: nil)
            (levels, shift) = ([], 0)
            return true
        case .brackets: move(line, to: max(0, line.column + shift))
        case .block:
            guard addBlock(line) else { return false }
        }
        return shift == 0 || !line.hasLongText
    }

    private mutating func addBlock(_ line: TextLines.Line) -> Bool {
        guard !isUnknown(line.content, line.trimmed) else { return false }
        let outer = levels.last { $0.column <= line.column }
        let tidied = outer.map { $0.column == line.column ? $0.tidied : $0.tidied + 2 } ?? 0
        placeComments(before: Level(column: line.column, tidied: tidied))
        levels.removeAll { $0.column >= line.column }
        levels.append(Level(column: line.column, tidied: tidied))
        move(line, to: tidied)
        var place = line.content
        while place < line.trimmed, bytes[place] == UInt8(ascii: "-"), let last = levels.last {
            let dash = place
            place = bytes[(dash + 1)..<line.trimmed].firstIndex { $0 != UInt8(ascii: " ") } ?? line.trimmed
            let blanks = place - dash - 1
            // A negative number, a dash alone, or a comment behind one.
            guard blanks > 0, place < line.trimmed, bytes[place] != UInt8(ascii: "#") else { break }
            guard !isUnknown(place, line.trimmed) else { return false }
            if blanks > 1 { edits.append(TextEdit((dash + 1)..<place, with: " ")) }
            levels.append(Level(column: last.column + 1 + blanks, tidied: last.tidied + 2))
        }
        shift = levels.last.map { $0.tidied - $0.column } ?? 0
        return true
    }

    /// Whether what is written at a place has columns of its own kind: a tab, a key with `?`, its value.
    private func isUnknown(_ place: Int, _ end: Int) -> Bool {
        if bytes[place] == UInt8(ascii: "\t") { return true }
        guard bytes[place] == UInt8(ascii: "?") || bytes[place] == UInt8(ascii: ":") else { return false }
        return place + 1 == end || TextLines.isBlank(bytes[place + 1])
    }

    private mutating func move(_ line: TextLines.Line, to column: Int) {
        guard column != line.column else { return }
        edits.append(TextEdit(line.start..<line.content, with: String(repeating: " ", count: column)))
    }

    /// Moves the comments that wait: with the level whose column they have, of the lines before or of the next one, else with
    /// the level that they are inside of.
    private mutating func placeComments(before next: Level?) {
        for comment in comments {
            let same =
                levels.last { $0.column == comment.column } ?? next.flatMap { $0.column == comment.column ? $0 : nil }
            guard let level = same ?? levels.last(where: { $0.column < comment.column }) else { continue }
            move(comment, to: comment.column - level.column + level.tidied)
        }
        comments = []
    }
}
