// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
internal import PolicyModel

/// A text that is read, and what it takes to change it by the smallest replacement.
struct EditableText {
    /// Texts larger than this are not edited by form: every edit reads the text twice.
    static let maximumBytes = 1 << 20

    let bytes: [UInt8]
    /// By document of the text; empty ones are left out.
    let roots: [TextNode]
    let style: TextStyle
    /// Offsets of the lines.
    let lines: [Int]

    static let limits = TextLimits(bytes: maximumBytes, nodes: 100_000)

    /// - Throws: why the text cannot be read.
    init(_ bytes: [UInt8]) throws(TextFailure) {
        var roots: [TextNode] = []
        let problem = TextReader.read(bytes, limits: Self.limits) { root in
            roots.append(root)
            return true
        }
        if let problem { throw TextFailure(problem: problem) }
        self.bytes = bytes
        self.roots = roots
        style = TextStyle(bytes, roots)
        lines = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    /// Why a text cannot be read.
    struct TextFailure: Error {
        var problem: TextProblem
    }

    /// The text after one change of a document.
    ///
    /// The new text is read again: unless it says exactly what was meant, in this document and in all others, nothing
    /// is changed.
    func applying(_ edit: TreeEdit, to document: Int) throws(EditRefusal) -> EditableText {
        guard roots.indices.contains(document) else {
            throw EditRefusal("there is no such document", at: TextMark(line: 1, column: 1, offset: 0))
        }
        let root = roots[document]
        let surgery = TextSurgery(bytes: bytes, root: root, style: style)
        guard let expected = TextValue(root).applying(edit) else { throw surgery.refusal(edit.path) }
        let edits = try surgery.edits(edit)
        // A result that cannot be read is refused like one that says something else.
        guard let changed = Self.applying(edits, to: bytes), let result = try? EditableText(changed),
            result.roots.count == roots.count, TextValue(result.roots[document]) == expected
        else { throw surgery.refusal(edit.path) }
        for (index, other) in roots.enumerated() where index != document {
            guard TextValue(other) == TextValue(result.roots[index]) else { throw surgery.refusal(edit.path) }
        }
        return result
    }

    /// Bytes with edits made; `nil` when they touch each other or lie outside.
    static func applying(_ edits: [TextEdit], to bytes: [UInt8]) -> [UInt8]? {
        var result = bytes
        var last = bytes.count
        // Of two at one place the insertion comes second in the text.
        for edit in edits.sorted().reversed() {
            guard edit.start >= 0, edit.start <= edit.end, edit.end <= last else { return nil }
            result.replaceSubrange(edit.start..<edit.end, with: Array(edit.replacement.utf8))
            last = edit.start
        }
        return result
    }
}

extension TreeEdit {
    /// What the edit is about, for messages.
    var path: Path {
        switch self {
        case .set(let path, _, _), .remove(let path), .rename(let path, _): path
        case .insert(let list, _, _): list
        case .move(let list, let from, _): list + from
        case .duplicate(let list, let index): list + index
        case .transfer(let object, let from, let index, _): object + from + index
        }
    }
}
