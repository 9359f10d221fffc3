// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// A text whose layout is tidied by the smallest edits; every other byte stays.
///
/// What is tidied, and nothing else:
/// - blanks at the end of lines, outside text over several lines (block scalars, folded strings);
/// - line ends: CRLF becomes LF everywhere (YAML reads both alike), the file ends with one line end;
/// - more than one blank between `:` or `-` and what follows on the same line;
/// - indentation of block style: two columns per level. Lists stay below their key or two columns inside it, as written.
///   Comments and the lines of bracketed text move with the block they are in.
///
/// Keys, quotes, comments, anchors and order are never touched. A text means the same afterwards, which is checked by reading
/// it again: a document (`---`) that would not keep its meaning, or in which text over several lines would have to move, keeps
/// its indentation.
public struct TidiedText: Sendable {
    /// The text with the edits made.
    public private(set) var bytes: [UInt8]
    /// In the order of the text, none touching another; empty when it is tidy already.
    public private(set) var edits: [TextEdit]
    /// Why the text cannot be read; it stays as it is then.
    public private(set) var finding: Finding?

    /// - Complexity: linear in bytes and values, as reading is; the text is read up to seven times.
    public init(_ document: SourceDocument, limits: TextLimits = TextLimits()) {
        (bytes, edits) = (document.bytes, [])
        if let problem = TextReader.read(bytes, limits: limits, body: { _ in true }) {
            let collector = FindingCollector(document: document, limit: 1)
            collector.report(problem)
            finding = collector.findings.first
            return
        }
        for piece in Self.pieces(bytes) {
            let text = Array(bytes[piece])
            let isLast = piece.upperBound == bytes.count
            edits += Self.edits(text, isLast: isLast, limits).map { $0.moved(by: piece.lowerBound) }
        }
        bytes = Self.applying(edits, to: bytes)
    }

    /// The parts of a text that begin with `---`, and what is before the first.
    private static func pieces(_ bytes: [UInt8]) -> [Range<Int>] {
        var starts = [0]
        var lineStart = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") || index == bytes.count - 1 {
            if lineStart > 0, bytes[lineStart...].starts(with: [0x2D, 0x2D, 0x2D]) { starts.append(lineStart) }
            lineStart = index + 1
        }
        return zip(starts, starts.dropFirst() + [bytes.count]).map { $0..<$1 }
    }

    /// The most edits that leave the meaning of one document as it is.
    private static func edits(_ bytes: [UInt8], isLast: Bool, _ limits: TextLimits) -> [TextEdit] {
        guard let roots = roots(bytes, limits), let lines = TextLines(bytes, roots) else { return [] }
        let ends = LineEnds.edits(lines, isLast: isLast)
        let blanks = KeyBlanks.edits(in: roots, of: lines)
        var choices = [ends + blanks, ends]
        if let indentation = Indentation.edits(lines) { choices.insert(ends + blanks + indentation, at: 0) }
        for choice in choices.map({ $0.sorted() }) {
            guard !choice.isEmpty else { return [] }
            guard let tidied = self.roots(applying(choice, to: bytes), limits) else { continue }
            if tidied.elementsEqual(roots, by: { $0.means(sameAs: $1) }) { return choice }
        }
        return []
    }

    private static func roots(_ bytes: [UInt8], _ limits: TextLimits) -> [TextNode]? {
        var roots: [TextNode] = []
        let problem = TextReader.read(bytes, limits: limits) {
            roots.append($0)
            return true
        }
        return problem == nil ? roots : nil
    }

    /// - Precondition: the edits are in order and do not overlap.
    private static func applying(_ edits: [TextEdit], to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        for edit in edits {
            result += bytes[copied..<edit.start]
            result += edit.replacement.utf8
            copied = edit.end
        }
        return result + bytes[copied...]
    }
}

extension TextEdit {
    fileprivate func moved(by bytes: Int) -> TextEdit { TextEdit((start + bytes)..<(end + bytes), with: replacement) }
}

extension TextNode {
    /// Whether two nodes have the same values in the same order, wherever they are written.
    func means(sameAs other: TextNode) -> Bool {
        switch (content, other.content) {
        case (.scalar(let one), .scalar(let two)): one == two
        case (.sequence(let one), .sequence(let two)): one.elementsEqual(two) { $0.means(sameAs: $1) }
        case (.mapping(let one), .mapping(let two)):
            one.elementsEqual(two) { $0.key.name == $1.key.name && $0.value.means(sameAs: $1.value) }
        default: false
        }
    }
}
