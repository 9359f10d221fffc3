// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Text from files and clusters, made harmless for the place where it goes.
package enum Escaped {
    /// For terminals and line formats: control, format and other invisible characters as `\u{1b}`; any length.
    package static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isVisible(scalar) {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(result)
    }

    /// A JSON string with its quotes (RFC 8259).
    package static func json(_ text: String) -> String {
        // Nearly all text is this; the other way asks Unicode about every scalar.
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) { return "\"\(text)\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case let scalar where isVisible(scalar): result.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    /// A CSV cell (RFC 4180); text that a spreadsheet would take for a formula gets an apostrophe before it.
    package static func csv(_ text: String) -> String {
        var cell = plain(text)
        if let first = cell.utf8.first, "=+-@\t".utf8.contains(first) { cell = "'" + cell }
        let needsQuotes = cell.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") }
        return needsQuotes ? "\"" + cell.doubling("\"") + "\"" : cell
    }

    /// A cell of a Markdown table: no character of it is markup.
    package static func markdown(_ text: String) -> String {
        var result = ""
        for character in plain(text).unicodeScalars {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "|", "\\", "`", "*", "_", "[", "]", "~", "#", "!": result += "\\\(character)"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// Content or attribute value of XML.
    package static func xml(_ text: String) -> String {
        var result = ""
        for character in plain(text).unicodeScalars {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A quoted identifier or label of the DOT language.
    package static func dot(_ text: String) -> String {
        "\"" + plain(text).doubling("\\").replacing("\"", "\\\"") + "\""
    }

    /// A quoted label of Mermaid, which knows entities by number and takes HTML for markup.
    package static func mermaid(_ text: String) -> String {
        var result = "\""
        for scalar in plain(text).unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", "-", "_", ".", "/", ",", ":", "[", "]", "(", ")":
                result.unicodeScalars.append(scalar)
            default: result += "#\(scalar.value);"
            }
        }
        return result + "\""
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

extension String {
    fileprivate func doubling(_ scalar: Unicode.Scalar) -> String { replacing(scalar, "\(scalar)\(scalar)") }

    /// By scalars: a quote with a mark combined to it is one character, and still ends a quoted text.
    fileprivate func replacing(_ scalar: Unicode.Scalar, _ text: String) -> String {
        var result = String.UnicodeScalarView()
        for next in unicodeScalars {
            if next == scalar { result.append(contentsOf: text.unicodeScalars) } else { result.append(next) }
        }
        return String(result)
    }
}
