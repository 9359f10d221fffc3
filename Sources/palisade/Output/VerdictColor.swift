// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Colours for verdicts; the word itself always says the same.
enum VerdictColor {
    /// The word in its colour; other words as they are.
    static func painted(_ word: String) -> String {
        let code: Int
        switch word {
        case "ALLOWED", "allowed": code = 32
        case "DROPPED", "NOT ALLOWED": code = 31
        case "WOULD-DROP", "WOULD DROP": code = 33
        default: return word
        }
        return "\u{1b}[\(code)m\(word)\u{1b}[0m"
    }
}
