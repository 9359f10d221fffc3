// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The lines of one document, and what each of them is part of.
struct TextLines {
    /// What the beginning of a line is in.
    enum Role {
        /// Nothing but blanks, or inside a string over several lines.
        case passive
        case comment
        /// `---`, `...` or `%`.
        case marker
        /// Inside brackets that a line before opened.
        case brackets
        case block
    }

    struct Line {
        /// The first byte, behind a byte order mark.
        var start: Int
        /// The first byte that is no space.
        var content: Int
        /// Just past the last byte that is no blank; `start` for a line of blanks.
        var trimmed: Int
        /// Just past the last byte before the line end.
        var end: Int
        /// Bytes of the line end: 0 at the end of the text, 2 for CRLF.
        var lineEnd: Int
        var role: Role
        /// Whether text over several lines starts or goes on in the line.
        var hasLongText: Bool
        /// Whether blanks at the line's end belong to such text, or a line end that is missing would.
        var endsInLongText: Bool

        /// Spaces before the content.
        var column: Int { content - start }
    }

    let bytes: [UInt8]
    private(set) var lines: [Line] = []

    /// - Returns: `nil` for a text with line ends of the old kind, a CR alone, which only some programs take for any.
    init?(_ bytes: [UInt8], _ roots: [TextNode]) {
        self.bytes = bytes
        for (index, byte) in bytes.enumerated() where byte == 0x0D {
            guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return nil }
        }
        var spans = LongSpans(bytes)
        for root in roots { spans.add(root) }
        var (strings, brackets) = (SpanCursor(spans.strings), SpanCursor(spans.brackets))
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < bytes.count {
            let newline = bytes[start...].firstIndex(of: 0x0A)
            let hasReturn = newline.map { $0 > start && bytes[$0 - 1] == 0x0D } ?? false
            let end = (newline ?? bytes.count) - (hasReturn ? 1 : 0)
            lines.append(line(start, end, lineEnd: (newline == nil ? 0 : 1) + (hasReturn ? 1 : 0), &strings, &brackets))
            start = newline.map { $0 + 1 } ?? bytes.count
        }
    }

    private func line(
        _ start: Int,
        _ end: Int,
        lineEnd: Int,
        _ strings: inout SpanCursor,
        _ brackets: inout SpanCursor
    ) -> Line {
        let content = bytes[start..<end].firstIndex { $0 != UInt8(ascii: " ") } ?? end
        let trimmed = bytes[start..<end].lastIndex { !Self.isBlank($0) }.map { $0 + 1 } ?? start
        let (isInString, isInBrackets) = (strings.contains(start), brackets.contains(start))
        let role: Role
        switch content < trimmed ? bytes[content] : nil {
        case nil: role = .passive
        case _ where isInString: role = .passive
        case _ where isInBrackets: role = .brackets
        case UInt8(ascii: "#"): role = .comment
        case _ where isMarker(start): role = .marker
        default: role = .block
        }
        return Line(
            start: start,
            content: content,
            trimmed: trimmed,
            end: end,
            lineEnd: lineEnd,
            role: role,
            hasLongText: strings.touches(start..<end),
            endsInLongText: strings.touches(trimmed..<(end + lineEnd))
                || (lineEnd == 0 && strings.touches(max(start, trimmed - 1)..<trimmed))
        )
    }

    private func isMarker(_ start: Int) -> Bool {
        let line = bytes[start...]
        return line.first == UInt8(ascii: "%") || line.starts(with: [0x2D, 0x2D, 0x2D])
            || line.starts(with: [0x2E, 0x2E, 0x2E])
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// Where strings and brackets are that go over several lines.
private struct LongSpans {
    private let bytes: [UInt8]
    private(set) var strings: [Range<Int>] = []
    private(set) var brackets: [Range<Int>] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Adds what is in a node; an alias has the place of its anchor, and adds it again.
    mutating func add(_ node: TextNode) {
        for item in node.items { add(item) }
        for pair in node.pairs {
            add(pair.key.start, pair.key.end, to: \.strings)
            add(pair.value)
        }
        if case .scalar = node.content {
            add(node.start, node.end, to: \.strings)
        } else if isFlow(node) {
            add(node.start, node.end, to: \.brackets)
        }
    }

    private mutating func add(_ start: TextMark, _ end: TextMark, to list: WritableKeyPath<Self, [Range<Int>]>) {
        guard start.line < end.line, start.offset < end.offset, end.offset <= bytes.count else { return }
        self[keyPath: list].append(Int(start.offset)..<Int(end.offset))
    }

    /// Whether a list or object is written with brackets, behind its anchor and tag.
    private func isFlow(_ node: TextNode) -> Bool {
        var index = Int(node.start.offset)
        let isSpace: (UInt8) -> Bool = { TextLines.isBlank($0) || $0 == 0x0A || $0 == 0x0D }
        while index < bytes.count, bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "!") {
            while index < bytes.count, !isSpace(bytes[index]) { index += 1 }
            while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        }
        return index < bytes.count && (bytes[index] == UInt8(ascii: "[") || bytes[index] == UInt8(ascii: "{"))
    }
}

/// Goes through sorted spans once, for places that only grow.
private struct SpanCursor {
    /// In order, none touching another.
    private var spans: [Range<Int>] = []
    private var index = 0

    init(_ unsorted: [Range<Int>]) {
        for span in unsorted.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = spans.last, span.lowerBound < last.upperBound {
                spans[spans.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                spans.append(span)
            }
        }
    }

    /// Whether a place is inside a span and not its beginning.
    mutating func contains(_ place: Int) -> Bool {
        move(to: place)
        return index < spans.count && spans[index].lowerBound < place
    }

    /// Whether a span has bytes in a range that is not before any asked for.
    func touches(_ range: Range<Int>) -> Bool {
        var next = index
        while next < spans.count, spans[next].upperBound <= range.lowerBound { next += 1 }
        return next < spans.count && spans[next].lowerBound < range.upperBound
    }

    private mutating func move(to place: Int) {
        while index < spans.count, spans[index].upperBound <= place { index += 1 }
    }
}
