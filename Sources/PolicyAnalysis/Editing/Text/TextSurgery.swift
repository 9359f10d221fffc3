// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

/// Why a change cannot be made in a text without touching what it is not about.
struct EditRefusal: Error, Hashable {
    /// A part of a sentence: `it is an alias`.
    var reason: String
    var mark: TextMark

    init(_ reason: String, at mark: TextMark) {
        self.reason = reason
        self.mark = mark
    }
}

/// Works out which bytes of a text to replace for one change of what it says.
///
/// What comes out is a proposal: `EditableText` reads the new text and takes it only when it says what was meant.
struct TextSurgery {
    let bytes: [UInt8]
    let root: TextNode
    let style: TextStyle

    /// A node with what it stands in.
    struct Place {
        var node: TextNode
        /// The key that it is the value of.
        var key: TextKey?
        /// Whether something around it is written with brackets.
        var isInside: Bool
        /// Whether it or anything around it is written with brackets.
        var isInFlow: Bool
    }

    func edits(_ edit: TreeEdit) throws(EditRefusal) -> [TextEdit] {
        switch edit {
        case .set(let path, let value, let neighbours): return try set(path, value, after: neighbours)
        case .insert(let list, let index, let value): return try insert(value, before: index, of: list)
        case .remove(let path): return try remove(path)
        case .move(let list, let from, let to): return try move(from, to: to, in: list)
        case .duplicate(let list, let index): return try duplicate(index, of: list)
        case .rename(let path, let name):
            guard let key = try place(path).key else { throw refusal(path) }
            return [try replace(key.start, key.end, of: key.name, with: .string(name))]
        case .transfer(let object, let from, let index, let to):
            return try transfer(index, from: object + from, to: object + to)
        }
    }

    // MARK: Places

    /// Finds a node, and makes sure that it is written where it stands and not elsewhere, as aliases are.
    func place(_ path: TreeEdit.Path) throws(EditRefusal) -> Place {
        var place = Place(node: root, key: nil, isInside: false, isInFlow: isFlow(root))
        for step in path {
            let outer = place.node
            switch step {
            case .key(let name):
                guard let pair = outer.pairs.first(where: { $0.key.name == name }) else {
                    throw EditRefusal("there is no \"\(Escaped.plain(name))\" here", at: outer.start)
                }
                place = Place(node: pair.value, key: pair.key, isInside: place.isInFlow, isInFlow: place.isInFlow)
                guard pair.value.start.offset >= pair.key.end.offset else { throw alias(pair.key.start) }
            case .item(let index):
                guard outer.items.indices.contains(index) else {
                    throw EditRefusal("there is no item \(index + 1) here", at: outer.start)
                }
                place = Place(node: outer.items[index], key: nil, isInside: place.isInFlow, isInFlow: place.isInFlow)
                let before = index == 0 ? outer.start : outer.items[index - 1].end
                guard place.node.start.offset >= before.offset else { throw alias(outer.start) }
            }
            guard place.node.start.offset <= place.node.end.offset, Int(place.node.end.offset) <= bytes.count else {
                throw alias(outer.start)
            }
            place.isInFlow = place.isInFlow || isFlow(place.node)
        }
        return place
    }

    func alias(_ mark: TextMark) -> EditRefusal { EditRefusal("it is an alias of another part", at: mark) }

    func refusal(_ path: TreeEdit.Path) -> EditRefusal {
        var mark = root.start
        // The nearest part of the way that is there tells the place.
        for count in path.indices.reversed() {
            if let place = try? place(Array(path[...count])) {
                mark = place.key?.start ?? place.node.start
                break
            }
        }
        return EditRefusal("it is written in a way that a small edit cannot be sure of", at: mark)
    }

    // MARK: Bytes

    func isFlow(_ node: TextNode) -> Bool {
        byte(Int(node.start.offset)) == UInt8(ascii: "[") || byte(Int(node.start.offset)) == UInt8(ascii: "{")
    }

    func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func lineStart(_ offset: Int) -> Int {
        var index = offset
        while index > 0, bytes[index - 1] != UInt8(ascii: "\n") { index -= 1 }
        return index
    }

    /// Where the line ends that holds the byte before `offset`; before its line break.
    func lineEnd(_ offset: Int) -> Int {
        var index = offset
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        if index > offset, index < bytes.count, bytes[index - 1] == UInt8(ascii: "\r") { index -= 1 }
        return index
    }

    /// Just past the line break at `end`; `end` at the end of the text.
    func pastBreak(_ end: Int) -> Int {
        var index = end
        if byte(index) == UInt8(ascii: "\r") { index += 1 }
        if byte(index) == UInt8(ascii: "\n") { index += 1 }
        return index
    }

    func column(_ offset: Int) -> Int { offset - lineStart(offset) }

    func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Whether nothing but spaces stands before a place on its line.
    func isFirstOnLine(_ offset: Int) -> Bool { isBlank(lineStart(offset)..<offset) }

    /// Just past the colon behind a key.
    func pastColon(_ key: TextKey) throws(EditRefusal) -> Int {
        var index = Int(key.end.offset)
        while byte(index) == UInt8(ascii: " ") || byte(index) == UInt8(ascii: "\t") { index += 1 }
        guard byte(index) == UInt8(ascii: ":") else {
            throw EditRefusal("its key is written in an uncommon way", at: key.start)
        }
        return index + 1
    }

    /// Just past a node's own text; the marks of block lists, objects and texts lie behind the blank lines after them.
    func end(of node: TextNode) throws(EditRefusal) -> Int {
        if !isFlow(node) {
            if let item = node.items.last {
                guard item.start.offset >= node.start.offset else { throw alias(node.start) }
                return try end(of: item)
            }
            if let pair = node.pairs.last {
                guard pair.value.start.offset >= pair.key.end.offset else { return try pastAlias(pair.key) }
                return try end(of: pair.value)
            }
        }
        let (start, end) = (Int(node.start.offset), Int(node.end.offset))
        guard start <= end, end <= bytes.count else { throw alias(node.start) }
        var last = end
        while last > start, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[last - 1]) { last -= 1 }
        return last
    }

    /// Just past `*name` behind a key.
    private func pastAlias(_ key: TextKey) throws(EditRefusal) -> Int {
        var index = try pastColon(key)
        while byte(index) == UInt8(ascii: " ") { index += 1 }
        guard byte(index) == UInt8(ascii: "*") else { throw alias(key.start) }
        while let byte = byte(index), ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(byte) { index += 1 }
        return index
    }

    /// The dash of a block list's item.
    func dash(_ item: TextNode) throws(EditRefusal) -> Int {
        var index = Int(item.start.offset) - 1
        while let byte = byte(index), [0x20, 0x0A, 0x0D].contains(byte) { index -= 1 }
        guard byte(index) == UInt8(ascii: "-"), index == 0 || [0x20, 0x0A].contains(bytes[index - 1]) else {
            throw EditRefusal("its list item is written in an uncommon way", at: item.start)
        }
        return index
    }

    /// Where the comment lines directly above a line begin; the line itself where there are none.
    func withCommentsAbove(_ line: Int) -> Int {
        var first = line
        while first > 0 {
            let above = lineStart(first - 1)
            guard let mark = bytes[above..<first].first(where: { $0 != UInt8(ascii: " ") }), mark == UInt8(ascii: "#")
            else { return first }
            first = above
        }
        return first
    }
}
