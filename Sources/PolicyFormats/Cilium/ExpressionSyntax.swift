// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A light check of regular expressions in RE2's syntax (github.com/google/re2, "Syntax").
///
/// It finds what people get wrong: unbalanced brackets, a repetition of nothing, and what RE2 leaves out. An expression that
/// passes may still be refused by an engine that compiles it.
enum ExpressionSyntax {
    /// What is wrong with an expression; `nil` when nothing was found.
    static func problem(_ text: String) -> String? {
        let letters = Array(text.unicodeScalars)
        var index = 0
        var groups = 0
        var canRepeat = false
        while index < letters.count {
            switch letters[index] {
            case "\\":
                guard index + 1 < letters.count else { return "it ends with a backslash" }
                if ("1"..."9").contains(letters[index + 1]) { return "backreferences are not supported" }
                index += 1
                canRepeat = true
            case "[":
                guard let end = endOfClass(letters, from: index) else { return "a \"[\" is not closed" }
                index = end
                canRepeat = true
            case "(":
                groups += 1
                let rest = String(String.UnicodeScalarView(letters[index...].prefix(4)))
                if ["(?=", "(?!", "(?<=", "(?<!"].contains(where: rest.hasPrefix) {
                    return "look-around is not supported"
                }
                if rest.hasPrefix("(?") { index += 1 }
                canRepeat = false
            case ")":
                groups -= 1
                guard groups >= 0 else { return "a \")\" has no \"(\"" }
                canRepeat = true
            case "*", "+", "?":
                guard canRepeat else { return "\"\(letters[index])\" repeats nothing" }
            case "|": canRepeat = false
            default: canRepeat = true
            }
            index += 1
        }
        return groups > 0 ? "a \"(\" is not closed" : nil
    }

    private static func endOfClass(_ letters: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start + 1
        if index < letters.count, letters[index] == "^" { index += 1 }
        // A bracket right at the start stands for itself.
        if index < letters.count, letters[index] == "]" { index += 1 }
        while index < letters.count, letters[index] != "]" {
            index += letters[index] == "\\" ? 2 : 1
        }
        return index < letters.count ? index : nil
    }
}
