// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import TestSupport

/// Writes manifests as YAML or JSON, each time in a style of its own: block or flow, quoted or plain, dense or spaced.
struct ManifestText {
    var random: SeededRandom

    /// A YAML document without its separator.
    mutating func yaml(_ manifest: Manifest) -> String {
        let text = blockValue(manifest, indent: 0, isKeyed: false)
        return String(text.drop { $0 == "\n" || $0 == " " })
    }

    /// A JSON text.
    mutating func json(_ manifest: Manifest) -> String {
        let space = random.chance(50) ? " " : ""
        let line = random.chance(30) ? "\n" : ""
        return json(manifest, space: space, line: line)
    }

    private mutating func json(_ manifest: Manifest, space: String, line: String) -> String {
        switch manifest {
        case .object(let pairs):
            var parts: [String] = []
            for pair in pairs {
                parts.append("\(quoted(pair.key)):\(space)\(json(pair.value, space: space, line: line))")
            }
            return "{\(line)\(parts.joined(separator: ",\(space)\(line)"))\(line)}"
        case .list(let items):
            var parts: [String] = []
            for item in items { parts.append(json(item, space: space, line: line)) }
            return "[\(parts.joined(separator: ",\(space)\(line)"))]"
        case .string(let text): return quoted(text, escapes: random.chance(5))
        case .int(let number): return "\(number)"
        case .bool(let truth): return "\(truth)"
        case .null: return "null"
        }
    }

    /// What follows a key's colon or a list item's dash, to the end of the line or of the indented block.
    private mutating func blockValue(_ manifest: Manifest, indent: Int, isKeyed: Bool) -> String {
        switch manifest {
        case .object(let pairs) where !pairs.isEmpty && (indent == 0 || random.chance(80)):
            let inset = String(repeating: " ", count: indent)
            var text = ""
            for pair in pairs {
                text += "\n\(inset)\(scalar(pair.key, inFlow: false)):"
                text += blockValue(pair.value, indent: indent + 2, isKeyed: true)
            }
            return text
        case .list(let items) where !items.isEmpty && random.chance(80):
            // Under a key, the dashes may stand as far left as the key.
            let column = isKeyed && indent >= 2 && random.chance(50) ? indent - 2 : indent
            let inset = String(repeating: " ", count: column)
            var text = ""
            for item in items {
                let value = blockValue(item, indent: column + 2, isKeyed: false)
                let isBlock = value.hasPrefix("\n")
                // A block may start on the line of its dash.
                let joined = isBlock && random.chance(70) ? " " + value.drop { $0 == "\n" || $0 == " " } : value
                text += "\n\(inset)-\(joined)"
            }
            return text
        case .null where random.chance(30): return ""
        default: return " " + flow(manifest)
        }
    }

    private mutating func flow(_ manifest: Manifest) -> String {
        switch manifest {
        case .object(let pairs):
            var parts: [String] = []
            for pair in pairs { parts.append("\(scalar(pair.key, inFlow: true)): \(flow(pair.value))") }
            return "{\(parts.joined(separator: ", "))}"
        case .list(let items):
            var parts: [String] = []
            for item in items { parts.append(flow(item)) }
            return "[\(parts.joined(separator: ", "))]"
        case .string(let text): return scalar(text, inFlow: true)
        case .int(let number): return "\(number)"
        case .bool(let truth): return "\(truth)"
        case .null: return random.pick(["null", "~", "Null", "NULL"])
        }
    }

    private mutating func scalar(_ text: String, inFlow: Bool) -> String {
        if Self.isPlain(text, inFlow: inFlow), random.chance(70) { return text }
        return random.chance(50)
            ? quoted(text) : "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }

    private func quoted(_ text: String, escapes: Bool = false) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where escapes && scalar.value < 0x80:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// Whether text means itself without quotes (YAML 1.1, "Plain Style"); a few that would be are left out.
    static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.first, let last = text.last, !words.contains(text.lowercased()) else { return false }
        let isWord = first.isLetter
        // An address block starts with a digit, and its slash keeps it from being a number.
        let isBlock = first.isNumber && text.contains("/")
        guard isWord || isBlock, last != ":" else { return false }
        return text.allSatisfy { letter in
            letter.isASCII
                && (letter.isLetter || letter.isNumber || "-_./".contains(letter) || (letter == ":" && !inFlow))
        }
    }
}
