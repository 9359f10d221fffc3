// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

extension TextSurgery {
    func set(_ path: TreeEdit.Path, _ value: TextValue, after neighbours: [String]) throws(EditRefusal) -> [TextEdit] {
        if case .key(let name) = path.last {
            let owner = try place(Array(path.dropLast()))
            if !owner.node.pairs.contains(where: { $0.key.name == name }) {
                // What was nothing, or empty brackets among lines, becomes lines.
                guard !owner.node.isNull, owner.isInside || path.count < 2 || !owner.node.isEmptyObject else {
                    return try set(Array(path.dropLast()), .fields([(name, value)]), after: [])
                }
                return [try add(name, value, to: owner, after: neighbours)]
            }
        }
        let place = try place(path)
        if case .scalar(let new) = value, case .scalar(let old) = place.node.content,
            place.node.start.offset < place.node.end.offset
        {
            return [try replace(place.node.start, place.node.end, of: old.text, with: new, inFlow: place.isInFlow)]
        }
        let isFilled = isFlow(place.node) && TextValue(place.node).isFilled
        guard let key = place.key, !place.isInside, !isFilled || !value.isFilled else {
            let (start, end) = (Int(place.node.start.offset), try end(of: place.node))
            guard start < end else { throw refusal(path) }
            let text =
                place.isInside || isFilled ? flowStyle(place.node).flow(value) : style.block(value, at: column(start))
            return [TextEdit(start..<end, with: text)]
        }
        return try replace(place, behind: key, with: value)
    }

    /// Replaces what stands behind a key.
    private func replace(
        _ place: Place,
        behind key: TextKey,
        with value: TextValue
    ) throws(EditRefusal) -> [TextEdit] {
        let colon = try pastColon(key)
        let end = max(colon, try self.end(of: place.node))
        let isBlock = place.node.start.line > key.start.line && !isFlow(place.node) && end > colon
        let column = column(Int(key.start.offset))
        guard isBlock else {
            guard value.isFilled else { return [TextEdit(colon..<end, with: style.behindKey(value, at: column))] }
            let lineEnd = lineEnd(end)
            return [
                TextEdit(colon..<end, with: ""),
                TextEdit(lineEnd..<lineEnd, with: style.behindKey(value, at: column)),
            ].filter { $0.start < $0.end || !$0.replacement.isEmpty }
        }
        let keyLine = lineEnd(colon)
        guard value.isFilled else {
            return [
                TextEdit(colon..<colon, with: style.behindKey(value, at: column)),
                TextEdit(keyLine..<lineEnd(end), with: ""),
            ]
        }
        return [TextEdit(keyLine..<lineEnd(end), with: style.behindKey(value, at: column))]
    }

    /// A new key with its value.
    private func add(
        _ name: String,
        _ value: TextValue,
        to owner: Place,
        after neighbours: [String]
    ) throws(EditRefusal) -> TextEdit {
        let pairs = owner.node.pairs
        guard case .mapping = owner.node.content else { throw EditRefusal("it is no object", at: owner.node.start) }
        guard let last = pairs.last(where: { neighbours.contains($0.key.name) }) ?? pairs.last else {
            // `{}`: what is new goes between its brackets.
            let start = Int(owner.node.start.offset)
            guard isFlow(owner.node) else { throw EditRefusal("it is no object", at: owner.node.start) }
            let style = flowStyle(owner.node)
            return TextEdit(
                (start + 1)..<(start + 1),
                with: "\(style.key(name, inFlow: true)): \(style.flow(value))"
            )
        }
        let end = try self.end(of: TextNode(.mapping([last]), start: last.key.start, end: last.value.end))
        guard isFlow(owner.node) else {
            let column = column(Int(pairs[0].key.start.offset))
            let place = lineEnd(end)
            let text = style.lineEnd + TextStyle.spaces(column) + style.pair(style.key(name), value, at: column)
            return TextEdit(place..<place, with: text)
        }
        let style = flowStyle(owner.node)
        let separator = self.separator(Int(last.key.start.offset))
        return TextEdit(end..<end, with: ",\(separator)\(style.key(name, inFlow: true)): \(style.flow(value))")
    }

    /// What stands between a comma and an item of brackets: a space, or a new line like that of the item.
    func separator(_ start: Int) -> String {
        guard isFirstOnLine(start) else { return " " }
        return style.lineEnd + text(lineStart(start)..<start)
    }

    /// The style for something in brackets: quoted like what is there.
    func flowStyle(_ node: TextNode) -> TextStyle {
        var style = style
        func firstKey(_ node: TextNode) -> TextKey? {
            node.pairs.first?.key ?? node.items.lazy.compactMap { firstKey($0) }.first
        }
        if let key = firstKey(node) { style.isJSON = style.isJSON || TextStyle.isQuoted(key, bytes) }
        return style
    }

    /// Another text for a scalar or key, with the quotes that it has.
    func replace(
        _ start: TextMark,
        _ end: TextMark,
        of old: String,
        with value: TextScalar.Value,
        inFlow: Bool = true
    ) throws(EditRefusal) -> TextEdit {
        let range = Int(start.offset)..<Int(end.offset)
        guard range.upperBound <= bytes.count, let first = bytes[range].first else { throw alias(start) }
        guard case .string(let new) = value, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") else {
            let isPlain = bytes[range].elementsEqual(old.utf8)
            guard isPlain || first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") else {
                throw EditRefusal("it has an anchor or a tag, or goes over several lines", at: start)
            }
            return TextEdit(range, with: style.scalar(value, inFlow: inFlow))
        }
        let mayBeSingle = first == UInt8(ascii: "'") && new.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x27 }
        return TextEdit(range, with: mayBeSingle ? "'\(new)'" : TextStyle.quoted(new))
    }

    func remove(_ path: TreeEdit.Path) throws(EditRefusal) -> [TextEdit] {
        let owner = try place(Array(path.dropLast()))
        switch path.last {
        case .item(let index): return try remove(index, of: owner, path)
        case .key(let name):
            let pairs = owner.node.pairs
            guard let index = pairs.firstIndex(where: { $0.key.name == name }) else { throw refusal(path) }
            guard pairs.count > 1 else { return try set(Array(path.dropLast()), .object([]), after: []) }
            let start = Int(pairs[index].key.start.offset)
            let node = TextNode(.mapping([pairs[index]]), start: pairs[index].key.start, end: pairs[index].value.end)
            let end = try self.end(of: node)
            guard isFlow(owner.node) else { return [try removeLines(from: start, through: end)] }
            guard index == pairs.count - 1 else {
                return [try removeText(start..<Int(pairs[index + 1].key.start.offset), node)]
            }
            let before = pairs[index - 1]
            let last = try self.end(of: TextNode(.mapping([before]), start: before.key.start, end: before.value.end))
            return [try removeText(last..<end, node)]
        case nil: throw refusal(path)
        }
    }

    /// Takes out a key or item that others follow or precede.
    func removeLines(from start: Int, through end: Int) throws(EditRefusal) -> TextEdit {
        let last = lineEnd(end)
        if isFirstOnLine(start) { return TextEdit(lineStart(start)..<pastBreak(last), with: "") }
        // It shares its line with a dash: what comes next moves up to the dash.
        var next = last
        while let byte = byte(next), [0x20, 0x0A, 0x0D].contains(byte) { next += 1 }
        return TextEdit(start..<next, with: "")
    }

    /// A comment between brackets would lose what it is about.
    func removeText(_ range: Range<Int>, _ node: TextNode) throws(EditRefusal) -> TextEdit {
        guard !bytes[range].contains(UInt8(ascii: "#")) else {
            throw EditRefusal("there is a comment between the brackets", at: node.start)
        }
        return TextEdit(range, with: "")
    }
}
