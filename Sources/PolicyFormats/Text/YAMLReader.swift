// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CLibYAML

/// Reads YAML 1.1 from libyaml's events into nodes.
struct YAMLReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: TextLimits
    private var marks: MarkReader

    /// - Parameters:
    ///   - bytes: well-formed UTF-8 without a byte order mark.
    ///   - isASCII: whether bytes and scalars are the same thing.
    ///   - skipped: bytes of the document before `bytes`.
    ///   - limits: the bounds.
    init(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool, skipped: Int, limits: TextLimits) {
        self.bytes = bytes
        self.limits = limits
        self.marks = MarkReader(bytes, isASCII: isASCII, skipped: skipped)
    }

    mutating func read(_ body: (TextNode) -> Bool) -> TextProblem? {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            return TextProblem("out of memory", at: TextMark(line: 1, column: 1, offset: 0))
        }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
        var builder = NodeBuilder(limits: limits)
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(&parser, &event) == 1 else { return problem(of: parser) }
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT: return nil
            case YAML_DOCUMENT_START_EVENT: builder.restart()
            case YAML_DOCUMENT_END_EVENT:
                if let root = builder.root, !root.isNull, !body(root) { return nil }
            default:
                if let problem = feed(&event, to: &builder) ?? builder.problem { return problem }
            }
        }
    }

    private mutating func feed(_ event: inout yaml_event_t, to builder: inout NodeBuilder) -> TextProblem? {
        let start = marks.mark(event.start_mark)
        switch event.type {
        case YAML_MAPPING_START_EVENT:
            if let problem = Self.tagProblem(event.data.mapping_start.tag, allowed: "map", at: start) { return problem }
            builder.open(isMapping: true, anchor: Self.text(event.data.mapping_start.anchor), at: start)
        case YAML_SEQUENCE_START_EVENT:
            if let problem = Self.tagProblem(event.data.sequence_start.tag, allowed: "seq", at: start) {
                return problem
            }
            builder.open(isMapping: false, anchor: Self.text(event.data.sequence_start.anchor), at: start)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT:
            builder.close(at: marks.mark(event.end_mark))
        case YAML_ALIAS_EVENT:
            builder.alias(Self.text(event.data.alias.anchor) ?? "", at: start)
        case YAML_SCALAR_EVENT:
            guard let scalar = Self.scalar(&event) else {
                let tag = Self.text(event.data.scalar.tag) ?? ""
                return TextProblem("the tag \"\(shown(tag))\" does not fit or is unknown", at: start)
            }
            let end = marks.mark(event.end_mark)
            builder.scalar(scalar, anchor: Self.text(event.data.scalar.anchor), start: start, end: end)
        default: break
        }
        return nil
    }

    private static func scalar(_ event: inout yaml_event_t) -> TextScalar? {
        let data = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        if let tag = Self.text(data.tag) { return TextScalar(text, tag: tag) }
        return data.style == YAML_PLAIN_SCALAR_STYLE ? TextScalar(plain: text) : TextScalar(string: text)
    }

    private static func tagProblem(
        _ tag: UnsafeMutablePointer<UInt8>?,
        allowed: String,
        at mark: TextMark
    )
        -> TextProblem?
    {
        guard let text = text(tag), text != "tag:yaml.org,2002:\(allowed)", text != "!" else { return nil }
        return TextProblem("the tag \"\(shown(text))\" does not fit or is unknown", at: mark)
    }

    private static func text(_ bytes: UnsafeMutablePointer<UInt8>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    private mutating func problem(of parser: yaml_parser_t) -> TextProblem {
        let message = parser.problem.map { String(cString: $0) } ?? "the text is not YAML"
        guard parser.error != YAML_READER_ERROR else {
            return TextProblem(message, at: marks.mark(byteOffset: parser.problem_offset))
        }
        let context = parser.context.map { " " + String(cString: $0) } ?? ""
        return TextProblem(message + context, at: marks.mark(parser.problem_mark))
    }
}

/// Turns libyaml's marks, which count scalars, into marks with byte offsets.
private struct MarkReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let isASCII: Bool
    private let skipped: Int
    /// The last place asked for; the next one is near.
    private var scalarIndex = 0
    private var byteIndex = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool, skipped: Int) {
        self.bytes = bytes
        self.isASCII = isASCII
        self.skipped = skipped
    }

    mutating func mark(_ mark: yaml_mark_t) -> TextMark {
        TextMark(line: mark.line + 1, column: mark.column + 1, offset: skipped + byteOffset(ofScalar: mark.index))
    }

    /// The mark of a byte; for problems only, it counts from the start.
    func mark(byteOffset: Int) -> TextMark {
        var line = 1
        var column = 1
        for byte in bytes.prefix(byteOffset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return TextMark(line: line, column: column, offset: skipped + byteOffset)
    }

    private mutating func byteOffset(ofScalar index: Int) -> Int {
        guard !isASCII else { return index }
        while scalarIndex < index, byteIndex < bytes.count {
            byteIndex += 1
            while byteIndex < bytes.count, bytes[byteIndex] & 0xC0 == 0x80 { byteIndex += 1 }
            scalarIndex += 1
        }
        while scalarIndex > index, byteIndex > 0 {
            byteIndex -= 1
            while byteIndex > 0, bytes[byteIndex] & 0xC0 == 0x80 { byteIndex -= 1 }
            scalarIndex -= 1
        }
        return byteIndex
    }
}
