// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One blank-separated piece of a filter's text, quotes resolved.
struct FlowFilterToken: Hashable {
    /// As written.
    var written: String
    /// 1-based, in Unicode scalars.
    var column: Int
    var isNegated = false
    /// The part before the first colon outside quotes; `nil` for a bare word.
    var key: String?
    var value: String
    var isUnterminated = false

    /// The token as written, with another key.
    func replacing(key: String) -> String {
        guard let colon = written.firstIndex(of: ":") else { return written }
        return (isNegated ? "-" : "") + key + written[colon...]
    }

    /// Splits at white space outside quotes; inside quotes a backslash takes the next character as it is.
    ///
    /// `-` negates; so does `!`, for command lines on which a leading `-` would be an option.
    static func tokens(of text: String) -> [FlowFilterToken] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [FlowFilterToken] = []
        var index = 0
        while index < scalars.count {
            if scalars[index].properties.isWhitespace {
                index += 1
            } else {
                tokens.append(token(scalars, &index))
            }
        }
        return tokens
    }

    private static func token(_ scalars: [Unicode.Scalar], _ index: inout Int) -> FlowFilterToken {
        let start = index
        var token = FlowFilterToken(written: "", column: start + 1, value: "")
        if scalars[index] == "-" || scalars[index] == "!", index + 1 < scalars.count {
            token.isNegated = true
            index += 1
        }
        var current = String.UnicodeScalarView()
        var sawQuote = false
        while index < scalars.count, !scalars[index].properties.isWhitespace {
            let scalar = scalars[index]
            index += 1
            if scalar == "\"" {
                sawQuote = true
                token.isUnterminated = !appendQuoted(scalars, &index, to: &current)
            } else if scalar == ":", token.key == nil, !sawQuote {
                token.key = String(current)
                current = String.UnicodeScalarView()
            } else {
                current.append(scalar)
            }
        }
        token.value = String(current)
        token.written = String(String.UnicodeScalarView(scalars[start..<index]))
        token.readAddressAsWord()
        return token
    }

    /// Appends up to the closing quote; `false` when there is none.
    private static func appendQuoted(
        _ scalars: [Unicode.Scalar],
        _ index: inout Int,
        to text: inout String.UnicodeScalarView
    ) -> Bool {
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "\"" { return true }
            if scalar == "\\", index < scalars.count {
                text.append(scalars[index])
                index += 1
            } else {
                text.append(scalar)
            }
        }
        return false
    }
}
