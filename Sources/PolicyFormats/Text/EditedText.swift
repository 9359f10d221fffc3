// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

package import PolicyModel

/// A text that edits are worked out for: what to write where, so that only what is meant changes.
///
/// Each function gives `nil` where the text is written in a way that a small edit cannot be sure of: block scalars, escapes,
/// tags, a list item that shares its line.
package struct EditedText: Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The edit that puts `text` in the place of a scalar and keeps its quotes.
    package func replacing(_ node: TextNode, with text: String) -> TextEdit? {
        guard case .scalar(let scalar) = node.content else { return nil }
        return replacing(scalar.text, from: node.start, to: node.end, with: text)
    }

    /// The edit that gives a key another name and keeps its quotes.
    package func replacing(_ key: TextKey, with name: String) -> TextEdit? {
        replacing(key.name, from: key.start, to: key.end, with: name)
    }

    private func replacing(_ old: String, from start: TextMark, to end: TextMark, with text: String) -> TextEdit? {
        guard var range = range(Int(start.offset), Int(end.offset)), let first = bytes[range].first else { return nil }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard range.count >= 2, bytes[range.upperBound - 1] == first else { return nil }
            range = (range.lowerBound + 1)..<(range.upperBound - 1)
        } else if !Self.isPlain(text) {
            return nil
        }
        guard bytes[range].elementsEqual(old.utf8) else { return nil }
        return TextEdit(range, with: text)
    }

    /// The edit that takes an item out of a list.
    ///
    /// In a block list the item's lines go, and a comment behind it.
    package func removing(_ index: Int, from list: TextNode) -> TextEdit? {
        let items = list.items
        guard items.indices.contains(index), hasOwnItems(list) else { return nil }
        let (start, end) = (Int(items[index].start.offset), Int(items[index].end.offset))
        guard isFlow(list) else { return removingLines(from: start, through: lastByte(of: items[index])) }
        if items.count == 1 { return range(start, end).map { TextEdit($0, with: "") } }
        let found =
            index == items.count - 1
            ? range(Int(items[index - 1].end.offset), end) : range(start, Int(items[index + 1].start.offset))
        guard let range = found, !range.isEmpty, !bytes[range].contains(UInt8(ascii: "#")) else { return nil }
        return TextEdit(range, with: "")
    }

    /// The edit that puts a new item before an item of a list; `text` must be right in YAML's flow style.
    package func inserting(_ text: String, before index: Int, of list: TextNode) -> TextEdit? {
        let items = list.items
        guard items.indices.contains(index), hasOwnItems(list) else { return nil }
        let start = Int(items[index].start.offset)
        if isFlow(list) { return TextEdit(start..<start, with: "\(text), ") }
        guard let dash = dash(before: start) else { return nil }
        let column = dash - lineStart(of: dash)
        return TextEdit(dash..<dash, with: "- \(text)\n" + String(repeating: " ", count: column))
    }

    /// The edits that make one item of two objects next to each other in a list.
    package func joining(_ item: TextNode, _ next: TextNode) -> [TextEdit]? {
        let start = Int(next.start.offset)
        if isFlow(item), isFlow(next) {
            guard let range = range(Int(item.end.offset) - 1, start + 1), !bytes[range].contains(UInt8(ascii: "#"))
            else { return nil }
            return [TextEdit(range, with: ", ")]
        }
        guard !isFlow(item), !isFlow(next), let dash = dash(before: start) else { return nil }
        return [TextEdit(dash..<(dash + 1), with: " ")]
    }

    /// Whether a list or object is written with brackets.
    package func isFlow(_ node: TextNode) -> Bool {
        let start = Int(node.start.offset)
        guard bytes.indices.contains(start) else { return false }
        return bytes[start] == UInt8(ascii: "[") || bytes[start] == UInt8(ascii: "{")
    }

    /// Where a node's own text ends; the marks of block lists and objects lie behind the blank lines after them.
    private func lastByte(of node: TextNode) -> Int {
        if !isFlow(node) {
            if let item = node.items.last { return lastByte(of: item) }
            if let pair = node.pairs.last {
                return pair.value.start.offset == pair.value.end.offset
                    ? Int(pair.key.end.offset) : lastByte(of: pair.value)
            }
        }
        return Int(node.end.offset)
    }

    /// The range, when it lies in the text; marks of aliases are those of their anchors and need not be in order.
    private func range(_ lower: Int, _ upper: Int) -> Range<Int>? {
        lower >= 0 && lower <= upper && upper <= bytes.count ? lower..<upper : nil
    }

    /// Whether all items are written in the list itself and not elsewhere, as aliases are.
    private func hasOwnItems(_ list: TextNode) -> Bool {
        var last = list.start.offset
        return list.items.allSatisfy { item in
            defer { last = max(last, item.end.offset) }
            return item.start.offset >= last && item.start.offset <= item.end.offset
        } && Int(last) <= bytes.count
    }

    private func removingLines(from start: Int, through end: Int) -> TextEdit? {
        // An alias at the end has the place of its anchor, which comes before.
        guard end >= start, let dash = dash(before: start) else { return nil }
        let first = lineStart(of: dash)
        guard bytes[first..<dash].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
        var last = end
        while last < bytes.count, bytes[last] == UInt8(ascii: " ") || bytes[last] == UInt8(ascii: "\t") { last += 1 }
        if last < bytes.count, bytes[last] == UInt8(ascii: "#") {
            while last < bytes.count, bytes[last] != UInt8(ascii: "\n") { last += 1 }
        }
        if last < bytes.count, bytes[last] == UInt8(ascii: "\r") { last += 1 }
        guard last == bytes.count || bytes[last] == UInt8(ascii: "\n") else { return nil }
        return TextEdit(first..<min(last + 1, bytes.count), with: "")
    }

    /// The dash of a block list's item, when nothing but blanks lies between.
    private func dash(before start: Int) -> Int? {
        var index = start - 1
        while index >= 0, bytes[index] == UInt8(ascii: " ") { index -= 1 }
        guard index >= 0, index < start - 1, bytes[index] == UInt8(ascii: "-") else { return nil }
        // It must not be the end of a word.
        guard index == 0 || bytes[index - 1] == UInt8(ascii: " ") || bytes[index - 1] == UInt8(ascii: "\n") else {
            return nil
        }
        return index
    }

    private func lineStart(of offset: Int) -> Int {
        var index = offset
        while index > 0, bytes[index - 1] != UInt8(ascii: "\n") { index -= 1 }
        return index
    }

    /// Whether a text means itself as a plain scalar, in brackets too.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        let isLetter: (UInt8) -> Bool = { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isLetter(first)
            && text.utf8.allSatisfy { isLetter($0) || [0x2D, 0x2E, 0x2F, 0x3A, 0x5F].contains($0) }
            && text.utf8.last != UInt8(ascii: ":")
    }
}
