// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// YAML in block style, for objects that people go on editing.
enum BlockText {
    /// The text of an object; strings are quoted only where they must be.
    ///
    /// - Parameters:
    ///   - value: the object. A field named `#` is no field: its text says which comments go above the object.
    ///   - comments: lines by that text.
    static func yaml(_ value: JSONValue, comments: [String: [String]]) -> String {
        var lines: [String] = []
        write(value, indent: 0, first: "", comments, &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func write(
        _ value: JSONValue,
        indent: Int,
        first: String,
        _ comments: [String: [String]],
        _ lines: inout [String]
    ) {
        let blanks = String(repeating: " ", count: indent)
        // What stands before the first line instead of its blanks: a dash.
        var start = first.isEmpty ? blanks : first
        guard case .fields(let fields) = value else { return lines.append(start + scalar(value)) }
        for (name, field) in fields.map({ ($0.name, $0.value) }) where name != "#" {
            let key = start + scalar(.string(name)) + ":"
            start = blanks
            switch field {
            case .fields(let inner) where !inner.isEmpty:
                lines.append(key)
                write(field, indent: indent + 2, first: "", comments, &lines)
            case .array(let items) where !items.isEmpty:
                lines.append(key)
                for item in items {
                    if case .fields(let inner) = item,
                        case .string(let mark)? = inner.first(where: { $0.name == "#" })?.value
                    {
                        lines += (comments[mark] ?? []).map { blanks + $0 }
                        if inner.count == 1 {
                            lines.append(blanks + "- {}")
                            continue
                        }
                    }
                    write(item, indent: indent + 2, first: blanks + "- ", comments, &lines)
                }
            default: lines.append("\(key) \(scalar(field))")
            }
        }
        if fields.isEmpty { lines.append(start + "{}") }
    }

    private static func scalar(_ value: JSONValue) -> String {
        guard case .string(let text) = value else { return value.text }
        return isPlain(text) ? text : value.text
    }

    /// Whether a string means itself without quotes: a word that is no number and no word of YAML's own.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic, text.utf8.count > 1
        else {
            return false
        }
        let words: Set = ["yes", "no", "on", "off", "true", "false", "null", "nan", "inf"]
        return !words.contains(text.lowercased())
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
            }
    }
}
