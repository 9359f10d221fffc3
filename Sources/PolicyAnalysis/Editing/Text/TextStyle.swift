// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats

/// How a text is written, so that what is new in it looks like the rest.
struct TextStyle: Hashable, Sendable {
    var lineEnd = "\n"
    /// Spaces from an object's keys to those of an object inside.
    var step = 2
    /// Whether the dashes of a list stand further right than its key.
    var indentsLists = true
    /// Whether keys and strings always have double quotes.
    var isJSON = false

    init() {}

    /// The style of the first lists and objects that show it.
    init(_ bytes: [UInt8], _ roots: [TextNode]) {
        if let first = bytes.firstIndex(of: UInt8(ascii: "\n")), first > 0, bytes[first - 1] == UInt8(ascii: "\r") {
            lineEnd = "\r\n"
        }
        var (hasStep, hasList) = (false, false)
        for root in roots where !(hasStep && hasList) { look(at: root, bytes, &hasStep, &hasList) }
        isJSON =
            bytes.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            .map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } ?? false
            && roots.first?.pairs.first.map { Self.isQuoted($0.key, bytes) } ?? true
    }

    /// Whether a key is written with double quotes.
    static func isQuoted(_ key: TextKey, _ bytes: [UInt8]) -> Bool {
        let start = Int(key.start.offset)
        return bytes.indices.contains(start) && bytes[start] == UInt8(ascii: "\"")
    }

    private mutating func look(at node: TextNode, _ bytes: [UInt8], _ hasStep: inout Bool, _ hasList: inout Bool) {
        guard let first = node.pairs.first?.key else {
            for item in node.items where !(hasStep && hasList) { look(at: item, bytes, &hasStep, &hasList) }
            return
        }
        for pair in node.pairs where !(hasStep && hasList) {
            let isBelow = pair.value.start.line > pair.key.start.line && first.start.column == pair.key.start.column
            if isBelow, let inner = pair.value.pairs.first, inner.key.start.column > first.start.column, !hasStep {
                hasStep = true
                step = min(Int(inner.key.start.column - first.start.column), 16)
            }
            if isBelow, !pair.value.items.isEmpty, bytes.indices.contains(Int(pair.value.start.offset)),
                bytes[Int(pair.value.start.offset)] == UInt8(ascii: "-"), !hasList
            {
                hasList = true
                indentsLists = pair.value.start.column > first.start.column
            }
            look(at: pair.value, bytes, &hasStep, &hasList)
        }
    }

    // MARK: Writing

    /// A value on one line, as it may stand in brackets.
    func flow(_ value: TextValue) -> String {
        switch value {
        case .object(let pairs):
            "{\(pairs.map { "\(key($0.key, inFlow: true)): \(flow($0.value))" }.joined(separator: ", "))}"
        case .list(let items): "[\(items.map(flow).joined(separator: ", "))]"
        case .scalar(let scalar): self.scalar(scalar, inFlow: true)
        }
    }

    /// What stands behind a key and its colon, or behind a dash, in lines; the first without a break before it.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - column: where the key or dash stands.
    func behindKey(_ value: TextValue, at column: Int) -> String {
        if case .scalar(let scalar) = value { return " \(self.scalar(scalar))" }
        guard value.isFilled else { return " \(flow(value))" }
        let inner = column + (value.items.isEmpty || indentsLists ? step : 0)
        return lineEnd + Self.spaces(inner) + block(value, at: inner)
    }

    /// A value as lines; the first one has no spaces before it, so that it may come behind a dash.
    func block(_ value: TextValue, at column: Int) -> String {
        let separator = lineEnd + Self.spaces(column)
        switch value {
        case .object(let pairs) where !pairs.isEmpty:
            return pairs.map { pair(key($0.key), $0.value, at: column) }.joined(separator: separator)
        case .list(let items) where !items.isEmpty:
            return items.map { "- " + block($0, at: column + 2) }.joined(separator: separator)
        case .scalar(let scalar): return self.scalar(scalar)
        default: return flow(value)
        }
    }

    /// `key: value`, in as many lines as it takes.
    func pair(_ key: String, _ value: TextValue, at column: Int) -> String { "\(key):\(behindKey(value, at: column))" }

    func key(_ name: String, inFlow: Bool = false) -> String {
        !isJSON && Self.isPlain(name, inFlow: inFlow) ? name : Self.quoted(name)
    }

    func scalar(_ value: TextScalar.Value, inFlow: Bool = false) -> String {
        switch value {
        case .null: "null"
        case .bool(let truth): truth ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let text): text
        case .string(let text): !isJSON && Self.isPlain(text, inFlow: inFlow) ? text : Self.quoted(text)
        }
    }

    static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// Text in double quotes, right in YAML and in JSON.
    static func quoted(_ text: String) -> String { Escaped.json(text) }

    /// Whether text means itself without quotes; a few that would are left out.
    static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.utf8.first, TextScalar(plain: text).isString else { return false }
        func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isWord(first) && text.utf8.last != UInt8(ascii: ":")
            && text.utf8.allSatisfy { isWord($0) || [0x2D, 0x2E, 0x2F, 0x5F].contains($0) || ($0 == 0x3A && !inFlow) }
    }
}
