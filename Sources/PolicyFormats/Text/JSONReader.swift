// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Reads JSON (RFC 8259) into the same nodes as YAML.
///
/// Strict: what is not JSON is left to the YAML reader, whose messages then say what is wrong.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let skipped: Int
    private var index = 0
    private var line = 1
    private var lineStart = 0
    /// Continuation bytes of multi-byte scalars on this line before `index`.
    private var continuations = 0
    private var builder: NodeBuilder
    private let limits: TextLimits

    /// What a text turned out to be.
    enum Result {
        /// Nothing but JSON values one after the other.
        case documents([TextNode])
        /// JSON up to a value that goes past a bound, or has equal keys.
        case problem(TextProblem)
        case notJSON
    }

    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>,
        skipped: Int,
        limits: TextLimits
    ) -> Result {
        var reader = JSONReader(bytes, skipped: skipped, limits: limits)
        reader.skipSpace()
        guard reader.byte == UInt8(ascii: "{") || reader.byte == UInt8(ascii: "[") else { return .notJSON }
        var documents: [TextNode] = []
        while reader.index < bytes.count {
            reader.builder = NodeBuilder(limits: limits, used: reader.builder.total)
            let isRead = reader.value(depth: 0)
            if let problem = reader.builder.problem { return .problem(problem) }
            guard isRead, let root = reader.builder.root else { return .notJSON }
            documents.append(root)
            reader.skipSpace()
        }
        return .documents(documents)
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, skipped: Int, limits: TextLimits) {
        self.bytes = bytes
        self.skipped = skipped
        self.limits = limits
        self.builder = NodeBuilder(limits: limits)
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private var mark: TextMark {
        TextMark(line: line, column: index - lineStart - continuations + 1, offset: skipped + index)
    }

    private mutating func skipSpace() {
        while let byte {
            switch byte {
            case UInt8(ascii: "\n"):
                index += 1
                line += 1
                lineStart = index
                continuations = 0
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
            default: return
            }
        }
    }

    private mutating func consume(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        guard depth <= limits.depth, builder.problem == nil else { return false }
        switch byte {
        case UInt8(ascii: "{"): return container(isMapping: true, depth: depth)
        case UInt8(ascii: "["): return container(isMapping: false, depth: depth)
        case UInt8(ascii: "\""): return string()
        case .some: return word()
        case nil: return false
        }
    }

    private mutating func container(isMapping: Bool, depth: Int) -> Bool {
        let close = isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")
        builder.open(isMapping: isMapping, anchor: nil, at: mark)
        index += 1
        skipSpace()
        var isFirst = true
        while !consume(close) {
            if !isFirst {
                guard consume(UInt8(ascii: ",")) else { return false }
                skipSpace()
            }
            isFirst = false
            if isMapping {
                guard byte == UInt8(ascii: "\""), string() else { return false }
                skipSpace()
                guard consume(UInt8(ascii: ":")) else { return false }
                skipSpace()
            }
            guard value(depth: depth + 1) else { return false }
            skipSpace()
        }
        builder.close(at: mark)
        return builder.problem == nil
    }

    private mutating func word() -> Bool {
        let start = mark
        let first = index
        while let byte, Self.isWordByte(byte) { index += 1 }
        let text = String(decoding: bytes[first..<index], as: UTF8.self)
        let scalar = TextScalar(plain: text)
        switch scalar.value {
        case .null where text == "null", .bool where text == "true" || text == "false": break
        case .integer where Self.isNumber(bytes[first..<index]), .number where Self.isNumber(bytes[first..<index]):
            break
        default: return false
        }
        builder.scalar(scalar, anchor: nil, start: start, end: mark)
        return true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Whether a number that YAML accepts is JSON's too: no plus sign, no leading zero or dot, decimal.
    private static func isNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard let first = digits.first, (0x30...0x39).contains(first) else { return false }
        guard first == 0x30, let second = digits.dropFirst().first else { return true }
        return second == UInt8(ascii: ".") || second | 0x20 == UInt8(ascii: "e")
    }

    private mutating func string() -> Bool {
        let start = mark
        index += 1
        let first = index
        // Most strings have no escapes: their bytes are taken as they are.
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { return false }
            if byte & 0xC0 == 0x80 { continuations += 1 }
            index += 1
        }
        var text = String(decoding: bytes[first..<index], as: UTF8.self)
        if byte == UInt8(ascii: "\\") {
            guard let whole = escapedString(from: first) else { return false }
            text = whole
        }
        guard consume(UInt8(ascii: "\"")) else { return false }
        builder.scalar(TextScalar(string: text), anchor: nil, start: start, end: mark)
        return true
    }

    /// Goes on with a string at its first backslash; `nil` for a bad escape.
    private mutating func escapedString(from first: Int) -> String? {
        var result = Array(bytes[first..<index])
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\\") else {
                if byte & 0xC0 == 0x80 { continuations += 1 }
                result.append(byte)
                index += 1
                continue
            }
            guard let scalar = escape(), scalar.value != 0 else { return nil }
            result.append(contentsOf: String(Character(scalar)).utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard index + 1 < bytes.count else { return nil }
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return unicodeEscape()
        default: return nil
        }
    }

    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let high = hexUnit() else { return nil }
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
        guard consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")), let low = hexUnit(),
            (0xDC00..<0xE000).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func hexUnit() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        let digits = bytes[index..<(index + 4)]
        guard digits.allSatisfy({ Self.isWordByte($0) && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
