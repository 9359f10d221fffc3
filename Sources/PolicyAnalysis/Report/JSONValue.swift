// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A JSON value to be written; fields keep their order, so the same value gives the same text.
package enum JSONValue: Sendable {
    case string(String)
    case number(Int)
    case bool(Bool)
    case array([JSONValue])
    case fields([Field])

    /// A field of an object.
    package struct Field: Sendable {
        var name: String
        var value: JSONValue
    }

    /// An object with fields in this order.
    package static func object(_ pairs: [(String, JSONValue)]) -> JSONValue {
        .fields(pairs.map { Field(name: $0.0, value: $0.1) })
    }

    /// The text on one line (RFC 8259).
    package var text: String {
        var result = ""
        write(to: &result, indent: nil)
        return result
    }

    /// The text over several lines, two blanks a level.
    package var indentedText: String {
        var result = ""
        write(to: &result, indent: 0)
        return result + "\n"
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .string(let string): text += Self.quoted(string)
        case .number(let number): text += "\(number)"
        case .bool(let bool): text += bool ? "true" : "false"
        case .array(let items):
            Self.write(items.map { (nil, $0) }, "[", "]", to: &text, indent: indent)
        case .fields(let fields):
            Self.write(fields.map { ($0.name, $0.value) }, "{", "}", to: &text, indent: indent)
        }
    }

    private static func write(
        _ parts: [(name: String?, value: JSONValue)],
        _ open: String,
        _ close: String,
        to text: inout String,
        indent: Int?
    ) {
        guard !parts.isEmpty else {
            text += open + close
            return
        }
        let inner = indent.map { $0 + 1 }
        func newLine(_ level: Int?) -> String { level.map { "\n" + String(repeating: "  ", count: $0) } ?? "" }
        text += open
        for (index, part) in parts.enumerated() {
            if index > 0 { text += indent == nil ? ", " : "," }
            text += newLine(inner)
            if let name = part.name { text += quoted(name) + ": " }
            part.value.write(to: &text, indent: inner)
        }
        text += newLine(indent) + close
    }

    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // The line separators end lines in JavaScript.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
