// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyFormats
internal import PolicyModel

/// One document of a text as a form, with the way to each of its parts.
struct FormIndex {
    let text: EditableText
    let index: Int
    private(set) var document: FormDocument
    /// By id of a part.
    private(set) var paths: [String: TreeEdit.Path]

    init(_ text: EditableText, document index: Int) {
        (self.text, self.index) = (text, index)
        let root = text.roots[index]
        let marks = FormMarks(text, root: root)
        let kindText = root["kind"]?.string
        let name = root["metadata"]?["name"]?.string
        let namespace = root["metadata"]?["namespace"]?.string
        let title = [kindText ?? "Document", [namespace, name].compactMap { $0 }.joined(separator: "/")]
        document = FormDocument(
            index: index,
            span: marks.span(root, key: nil),
            title: Escaped.plain(title.filter { !$0.isEmpty }.joined(separator: " ")),
            form: nil,
            locked: nil
        )
        let kind = kindText.flatMap(PolicyKind.init)
        if let kind, kind == .networkPolicy || kind == .ciliumNetworkPolicy || kind == .ciliumClusterwideNetworkPolicy,
            root["spec"].map({ $0.isNull || !$0.pairs.isEmpty || $0.isEmptyObject }) ?? true
        {
            var reader = FormReader(kind: kind, marks: marks)
            document.form = reader.form(root)
        } else {
            document.locked = LockedBlock(
                part: marks.part("document", root, key: nil, []),
                title: Escaped.plain(kindText ?? "Unknown kind"),
                description: kindText == nil
                    ? "This document does not say its kind." : "The form has no fields for this kind of object."
            )
        }
        paths = marks.paths
    }
}

/// Makes the parts of a form: ids, ways and places.
///
/// A class, for all readers of one document write into it: copies of a large one would cost more than reading.
final class FormMarks {
    private let surgery: TextSurgery
    /// Offsets of the lines.
    private let lines: [Int]
    private(set) var paths: [String: TreeEdit.Path] = [:]
    private var lockedCounts: [String: Int] = [:]

    init(_ text: EditableText, root: TextNode) {
        surgery = TextSurgery(bytes: text.bytes, root: root, style: text.style)
        lines = text.lines
    }

    /// Where a node stands, with its key; that of an alias is its anchor's.
    func span(_ node: TextNode, key: TextKey?) -> TextSpan {
        let isAlias = (key?.end.offset ?? 0) > node.start.offset
        let start = Int((isAlias ? node.start : key?.start ?? node.start).offset)
        // A place for looking only: where the end is not sure, that of the mark will do.
        let end = max(start, (try? surgery.end(of: node)) ?? Int(node.end.offset))
        return TextSpan(start: start, end: end, firstLine: line(of: start), lastLine: line(of: max(start, end - 1)))
    }

    /// The number of the next locked block of a part.
    func nextLocked(_ id: String) -> Int {
        let number = lockedCounts[id, default: 0]
        lockedCounts[id] = number + 1
        return number
    }

    func part(_ id: String, _ node: TextNode, key: TextKey?, _ path: TreeEdit.Path) -> FormPart {
        paths[id] = path
        return FormPart(id: id, path: Escaped.plain(path.description), span: span(node, key: key))
    }

    private func line(of offset: Int) -> Int {
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension TextNode {
    var isEmptyObject: Bool {
        guard case .mapping(let pairs) = content else { return false }
        return pairs.isEmpty
    }

    var isObject: Bool {
        guard case .mapping = content else { return false }
        return true
    }

    var isList: Bool {
        guard case .sequence = content else { return false }
        return true
    }

    /// The text of a scalar of any type but null.
    var scalarText: String? {
        guard case .scalar(let scalar) = content, !scalar.isNull else { return nil }
        return scalar.text
    }

    func pair(_ key: String) -> TextPair? { pairs.first { $0.key.name == key } }
}
