// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// The text of a filter as tokens, so that terms can be put in and taken out without touching the others.
public struct FilterText: Hashable, Sendable {
    /// As written, in order.
    public var tokens: [String]

    /// Splits at white space outside quotes.
    public init(_ text: String) {
        var tokens: [String] = []
        var current = ""
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if !isQuoted, character.isWhitespace {
                if !current.isEmpty { tokens.append(current) }
                current = ""
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\" && !isEscaped
            current.append(character)
        }
        if !current.isEmpty { tokens.append(current) }
        self.tokens = tokens
    }

    public var text: String { tokens.joined(separator: " ") }

    /// With the token at the end, or without it when it is there already; its opposite goes.
    public func toggling(_ token: String) -> FilterText {
        var result = self
        if tokens.contains(token) {
            result.tokens.removeAll { $0 == token }
        } else {
            let opposite = token.hasPrefix("-") ? String(token.dropFirst()) : "-" + token
            result.tokens.removeAll { $0 == opposite }
            result.tokens.append(token)
        }
        return result
    }

    public func removing(at index: Int) -> FilterText {
        var result = self
        if tokens.indices.contains(index) { result.tokens.remove(at: index) }
        return result
    }

    /// Without the tokens of a key, and with one of them when it is given: the switch of verdicts.
    public func setting(_ key: String, to value: String?) -> FilterText {
        var result = self
        result.tokens.removeAll { $0.hasPrefix("\(key):") }
        if let value { result.tokens.append("\(key):\(value)") }
        return result
    }

    /// One token for a value, quoted where the grammar needs it.
    public static func term(_ key: String, _ value: String) -> String {
        let needsQuotes = value.isEmpty || value.contains { $0.isWhitespace || $0 == "\"" || $0 == "\\" }
        guard needsQuotes else { return "\(key):\(value)" }
        let escaped = value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\(key):\"\(String(escaped))\""
    }

    /// What is wrong with each token; `nil` where nothing is.
    public var problems: [String?] {
        tokens.map { token in
            do throws(FlowFilterError) {
                _ = try FlowFilter(parsing: token)
                return nil
            } catch {
                return error.problems.first?.message ?? "\(error)"
            }
        }
    }
}
