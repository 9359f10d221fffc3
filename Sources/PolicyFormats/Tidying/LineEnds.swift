// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyModel

/// Blanks and line ends: none and one LF at the end of every line, one line end at the end of the text.
enum LineEnds {
    /// - Parameter isLast: whether the text ends with these lines.
    static func edits(_ lines: TextLines, isLast: Bool) -> [TextEdit] {
        var edits: [TextEdit] = []
        var lines = lines.lines
        // A text of blanks alone has nothing to tidy, and a string at the end may count the lines after it.
        if isLast, let last = lines.lastIndex(where: { $0.trimmed > $0.start }), !lines[last].endsInLongText,
            !lines[last...].contains(where: \.endsInLongText), let end = lines.last
        {
            edits += ending(lines[last], end.end + end.lineEnd)
            lines.removeLast(lines.count - last)
        }
        for line in lines {
            let start = line.endsInLongText ? line.end : line.trimmed
            let end = line.end + max(0, line.lineEnd - 1)
            if start < end { edits.append(TextEdit(start..<end, with: "")) }
        }
        return edits
    }

    /// The edits that make one line feed of everything behind the last line with something in it.
    private static func ending(_ line: TextLines.Line, _ end: Int) -> [TextEdit] {
        guard line.lineEnd > 0 else { return [TextEdit(line.trimmed..<end, with: "\n")] }
        let lineFeed = line.end + line.lineEnd - 1
        return [TextEdit(line.trimmed..<lineFeed, with: ""), TextEdit((lineFeed + 1)..<end, with: "")]
            .filter { $0.start < $0.end }
    }
}

/// Blanks behind the colons of keys: one, where the value is on the same line.
enum KeyBlanks {
    static func edits(in roots: [TextNode], of lines: TextLines) -> [TextEdit] {
        var edits: Set<TextEdit> = []
        for root in roots { add(root, lines.bytes, to: &edits) }
        return Array(edits)
    }

    private static func add(_ node: TextNode, _ bytes: [UInt8], to edits: inout Set<TextEdit>) {
        for item in node.items { add(item, bytes, to: &edits) }
        for pair in node.pairs {
            // A set, because what an alias stands for comes again with the same places.
            if let edit = edit(pair, bytes) { edits.insert(edit) }
            add(pair.value, bytes, to: &edits)
        }
    }

    private static func edit(_ pair: TextPair, _ bytes: [UInt8]) -> TextEdit? {
        let (start, end) = (Int(pair.key.end.offset), Int(pair.value.start.offset))
        // An alias has the place of its anchor, and nothing has the place where it would end.
        guard start < end, end < bytes.count, pair.value.start.offset < pair.value.end.offset,
            let colon = bytes[start..<end].firstIndex(where: { !TextLines.isBlank($0) }),
            bytes[colon] == UInt8(ascii: ":"), bytes[(colon + 1)..<end].allSatisfy(TextLines.isBlank)
        else { return nil }
        let isTidy = end == colon + 1 || (end == colon + 2 && bytes[colon + 1] == UInt8(ascii: " "))
        return isTidy ? nil : TextEdit((colon + 1)..<end, with: " ")
    }
}
