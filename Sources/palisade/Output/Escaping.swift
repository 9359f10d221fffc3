// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Makes text from containers, files and networks harmless for where it is shown.
enum Escaping {
    /// Control characters, and those that change the direction of text, as `\u{1b}`.
    static func terminal(_ text: String, keepsLines: Bool = false) -> String {
        guard !text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isHarmless = !isControl(scalar) || (keepsLines && (scalar == "\n" || scalar == "\t"))
            if isHarmless {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(result)
    }

    /// JSON text whose strings show control characters, and those that change the direction of text, as `\\u001b`.
    ///
    /// Outside of strings JSON has none but line feeds.
    static func json(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 == 0x0a || (0x20...0x7e).contains($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isControl(scalar), scalar != "\n" else {
                result.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
                )
            }
        }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// A field of RFC 4180; a text that a spreadsheet would run as a formula gets an apostrophe.
    static func csv(_ text: String) -> String {
        var text = terminal(text)
        if let first = text.first, "=+-@".contains(first), Double(text) == nil { text = "'" + text }
        guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// A cell of a Markdown table.
    static func markdown(_ text: String) -> String {
        var result = ""
        for character in terminal(text) {
            if "\\`*_|<>[]#".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
