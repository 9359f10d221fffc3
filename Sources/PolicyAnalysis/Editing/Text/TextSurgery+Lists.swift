// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

extension TextSurgery {
    func insert(
        _ value: TextValue,
        before index: Int,
        of path: TreeEdit.Path
    ) throws(EditRefusal) -> [TextEdit] {
        let list = try place(path)
        let items = list.node.items
        guard !items.isEmpty else { return try set(path, .list([value]), after: []) }
        guard isFlow(list.node) else {
            let column = try column(dash(items[0]))
            let text = "- " + style.block(value, at: column + 2)
            guard index > 0 else {
                let start = try dash(items[0])
                return [TextEdit(start..<start, with: text + style.lineEnd + TextStyle.spaces(column))]
            }
            let place = try lineEnd(end(of: items[min(index, items.count) - 1]))
            return [TextEdit(place..<place, with: style.lineEnd + TextStyle.spaces(column) + text)]
        }
        let style = flowStyle(list.node)
        let separator = separator(Int(items[min(index, items.count - 1)].start.offset))
        guard index < items.count else {
            let end = try end(of: items[items.count - 1])
            return [TextEdit(end..<end, with: ",\(separator)\(style.flow(value))")]
        }
        let start = Int(try place(path + index).node.start.offset)
        return [TextEdit(start..<start, with: "\(style.flow(value)),\(separator)")]
    }

    func remove(_ index: Int, of list: Place, _ path: TreeEdit.Path) throws(EditRefusal) -> [TextEdit] {
        let items = list.node.items
        let item = try place(path).node
        guard items.count > 1 else { return try set(Array(path.dropLast()), .list([]), after: []) }
        let end = try end(of: item)
        guard isFlow(list.node) else { return [try removeLines(from: dash(item), through: end)] }
        if index == items.count - 1 { return [try removeText(self.end(of: items[index - 1])..<end, item)] }
        let next = try place(path.dropLast() + (index + 1)).node
        return [try removeText(Int(item.start.offset)..<Int(next.start.offset), item)]
    }

    func duplicate(_ index: Int, of path: TreeEdit.Path) throws(EditRefusal) -> [TextEdit] {
        let list = try place(path).node
        let item = try place(path + index).node
        let (start, end) = (Int(item.start.offset), try end(of: item))
        guard !holdsAnchor(start..<end) else { throw EditRefusal("it has an anchor or an alias", at: item.start) }
        guard !isFlow(list) else {
            return [TextEdit(end..<end, with: ",\(separator(start))\(text(start..<end))")]
        }
        let dash = try dash(item)
        let place = lineEnd(end)
        let copy = style.lineEnd + TextStyle.spaces(column(dash)) + text(dash..<end)
        return [TextEdit(place..<place, with: copy)]
    }

    /// Items change places; the space between them, blank lines too, stays where it is.
    func move(_ from: Int, to: Int, in path: TreeEdit.Path) throws(EditRefusal) -> [TextEdit] {
        let list = try place(path).node
        guard from != to, list.items.indices.contains(from), list.items.indices.contains(to) else { return [] }
        let touched = Array(min(from, to)...max(from, to))
        var chunks: [Range<Int>] = []
        for index in touched { chunks.append(try chunk(index, of: list, path)) }
        for (one, next) in zip(chunks, chunks.dropFirst()) where one.upperBound > next.lowerBound {
            throw refusal(path + from)
        }
        var order = Array(chunks.indices)
        order.insert(order.remove(at: from - touched[0]), at: to - touched[0])
        var moved = ""
        for (place, source) in order.enumerated() {
            moved += text(chunks[source])
            if place + 1 < chunks.count { moved += text(chunks[place].upperBound..<chunks[place + 1].lowerBound) }
        }
        return [TextEdit(chunks[0].lowerBound..<chunks[chunks.count - 1].upperBound, with: moved)]
    }

    /// An item as it moves: in a block list its lines with the comments above it, else its text.
    private func chunk(_ index: Int, of list: TextNode, _ path: TreeEdit.Path) throws(EditRefusal) -> Range<Int> {
        let item = try place(path + index).node
        let end = try end(of: item)
        guard !isFlow(list) else { return Int(item.start.offset)..<end }
        let dash = try dash(item)
        guard isFirstOnLine(dash) else { throw refusal(path + index) }
        return withCommentsAbove(lineStart(dash))..<lineEnd(end)
    }

    func transfer(
        _ index: Int,
        from source: TreeEdit.Path,
        to target: TreeEdit.Path
    ) throws(EditRefusal) -> [TextEdit] {
        let list = try place(source)
        let owner = try place(Array(source.dropLast())).node
        guard case .key(let name) = target.last, case .key(let own) = source.last, let key = list.key else {
            throw refusal(source)
        }
        let items = list.node.items
        let existing = owner.pairs.contains { $0.key.name == name } ? try place(target).node : nil
        let range = try chunk(index, of: list.node, source)
        guard !isFlow(list.node) else {
            let moved = text(range)
            let removal = items.count > 1 ? try remove(source + index) : try remove(source)
            guard existing == nil || isFlow(existing ?? owner), !(existing?.items.isEmpty ?? false) else {
                throw refusal(source)
            }
            if let last = existing?.items.last {
                let end = try end(of: last)
                return removal + [TextEdit(end..<end, with: ", \(moved)")]
            }
            if items.count == 1 { return try edits(.rename(Array(source.dropLast()) + own, name)) }
            guard isFlow(owner) else { return try transfer(moved, behind: list, named: name, removal) }
            let end = try end(of: list.node)
            return removal + [TextEdit(end..<end, with: ", \(flowStyle(owner).key(name, inFlow: true)): [\(moved)]")]
        }
        if let existing {
            guard let last = existing.items.last, !isFlow(existing) else { throw refusal(target) }
            let delta = try column(dash(last)) - column(dash(items[index]))
            let end = try lineEnd(end(of: last))
            let removal = items.count > 1 ? TextEdit(range.lowerBound..<pastBreak(range.upperBound), with: "") : nil
            let insertion = TextEdit(end..<end, with: style.lineEnd + (try shifted(text(range), by: delta, source)))
            if let removal { return [removal, insertion] }
            return try remove(source) + [insertion]
        }
        if items.count == 1 { return try edits(.rename(source, name)) }
        let heading = TextStyle.spaces(column(Int(key.start.offset))) + style.key(name) + ":" + style.lineEnd
        if index == items.count - 1 { return [TextEdit(range.lowerBound..<range.lowerBound, with: heading)] }
        let end = try lineEnd(end(of: list.node))
        return [
            TextEdit(range.lowerBound..<pastBreak(range.upperBound), with: ""),
            TextEdit(end..<end, with: style.lineEnd + heading + text(range)),
        ]
    }

    /// A list in brackets under a key on a line of its own gets a neighbour of the same kind.
    private func transfer(
        _ moved: String,
        behind list: Place,
        named name: String,
        _ removal: [TextEdit]
    ) throws(EditRefusal) -> [TextEdit] {
        guard let key = list.key else { throw alias(list.node.start) }
        let end = try lineEnd(end(of: list.node))
        let line = TextStyle.spaces(column(Int(key.start.offset))) + style.key(name) + ": [\(moved)]"
        return removal + [TextEdit(end..<end, with: style.lineEnd + line)]
    }

    /// Lines further right, or further left where there is room.
    private func shifted(_ text: String, by delta: Int, _ path: TreeEdit.Path) throws(EditRefusal) -> String {
        guard delta != 0 else { return text }
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let room = line.prefix { $0 == " " }.count
            guard line.count > room, line != "\r" else {
                lines.append(String(line))
                continue
            }
            guard room + delta >= 0 else { throw refusal(path) }
            lines.append(TextStyle.spaces(room + delta) + line.dropFirst(room))
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a part of the text seems to name an anchor or alias; quoted text is not looked into closely.
    private func holdsAnchor(_ range: Range<Int>) -> Bool {
        for index in range where bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "*") {
            let isStart = index == range.lowerBound || [0x20, 0x5B, 0x7B, 0x2C].contains(bytes[index - 1])
            if isStart { return true }
        }
        return false
    }
}
