// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// What is wrong with the text of a filter.
public struct FlowFilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that cannot be read.
    public struct Problem: Hashable, Sendable {
        /// The token as written.
        public var token: String
        /// Where it starts: 1-based, counted in Unicode scalars.
        public var column: Int
        /// One sentence with the value and what would be right.
        public var message: String
        /// The token that was probably meant, to put in its place; `nil` when nothing comes close.
        public var suggestion: String?

        /// Where it stands in the text: 0-based, in Unicode scalars.
        public var range: Range<Int> { column - 1..<column - 1 + token.unicodeScalars.count }
    }

    /// In order of their columns; never empty.
    public var problems: [Problem]

    public var description: String {
        problems.map { "filter:1:\($0.column): error: \($0.message)" }.joined(separator: "\n")
    }
}

extension FlowFilter: CustomStringConvertible {
    /// Keys that the grammar has elsewhere and that nothing records here.
    private static let keysOfOtherEnvironments: Set<String> = [
        "svc", "dns", "identity", "node", "l7.method", "l7.path", "l7.status", "cluster", "env",
    ]

    /// The longest text that is read; far beyond what people type.
    public static let longestText = 16_384

    /// Reads the text of a filter; text without any token is the filter that matches everything.
    /// - Throws: all the problems at once. A token that cannot be read is never ignored.
    public init(parsing text: String) throws(FlowFilterError) {
        let reading = FlowFilterReading(text)
        guard reading.problems.isEmpty else { throw FlowFilterError(problems: reading.problems) }
        self = reading.filter
    }

    /// The filter in its own grammar; reading it gives an equal filter.
    public var description: String { terms.map(\.description).joined(separator: " ") }

    static func term(_ token: FlowFilterToken) -> Result<Term, FlowFilterValueError> {
        if token.isUnterminated { return .failure("A quote is opened and not closed in \(token.written).") }
        guard let keyText = token.key else {
            if token.value.isEmpty { return .failure("An empty word finds nothing; remove it.") }
            return .success(Term(isNegated: token.isNegated, key: .text, value: .glob(Glob(token.value))))
        }
        let (side, name) = split(keyText)
        guard let key = Key(rawValue: name), key != .text else { return .failure(unknownKey(token, name, side)) }
        if side != .either, !key.hasSides {
            var error: FlowFilterValueError =
                "\"\(name)\" has no sides: write \(name):\(token.value) without \(side.rawValue)"
            error.suggestion = token.replacing(key: name)
            return .failure(error)
        }
        if token.value.isEmpty { return .failure("\"\(keyText):\" needs a value after the colon.") }
        return FlowFilterValueReader.value(token.value, of: key)
            .map { Term(isNegated: token.isNegated, side: side, key: key, value: $0) }
            .mapError { error in
                var error = error
                // The reader suggests a value; what is put in place is the whole token.
                error.suggestion = error.suggestion.map { "\(token.isNegated ? "-" : "")\(keyText):\($0)" }
                return error
            }
    }

    private static func split(_ key: String) -> (Side, String) {
        for side in [Side.source, .destination] where key.hasPrefix(side.rawValue) {
            return (side, String(key.dropFirst(side.rawValue.count)))
        }
        return (.either, key)
    }

    private static func unknownKey(_ token: FlowFilterToken, _ name: String, _ side: Side) -> FlowFilterValueError {
        let written = token.key ?? ""
        if keysOfOtherEnvironments.contains(name) || name.hasPrefix("l7.") {
            return "Filter key \"\(name)\" is not recorded in this environment."
        }
        let known = Key.allCases.map(\.rawValue).filter { !$0.isEmpty }
        // A key that can take the value is likelier than one that cannot: `prot:tcp` is not a port.
        let fitting = known.filter { text in
            guard let key = Key(rawValue: text) else { return false }
            if case .success = FlowFilterValueReader.value(token.value, of: key) { return true }
            return false
        }
        if let close = nearest(to: name, among: fitting) ?? nearest(to: name, among: known) {
            var error: FlowFilterValueError = "Unknown filter key \"\(written)\". Did you mean \"\(close)\"?"
            let hasSides = Key(rawValue: close)?.hasSides ?? false
            error.suggestion = token.replacing(key: (hasSides ? side.rawValue : "") + close)
            return error
        }
        return
            "Unknown filter key \"\(written)\". Keys: \(known.joined(separator: ", ")). Quote the word to search for it."
    }
}

extension FlowFilter.Term: CustomStringConvertible {
    public var description: String {
        let sign = isNegated ? "-" : ""
        guard key != .text else { return sign + Self.quoted(value.description, isWord: true) }
        return "\(sign)\(side.rawValue)\(key.rawValue):\(Self.quoted(value.description, isWord: false))"
    }

    private static func quoted(_ text: String, isWord: Bool) -> String {
        let needsQuotes =
            text.isEmpty
            || text.unicodeScalars.contains { scalar in
                scalar.properties.isWhitespace || scalar == "\"" || scalar == "\\" || (isWord && scalar == ":")
            } || (isWord && (text.hasPrefix("-") || text.hasPrefix("!")))
        guard needsQuotes else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return "\"\(escaped)\""
    }
}

extension FlowFilter.Value: CustomStringConvertible {
    public var description: String {
        switch self {
        case .glob(let glob): glob.text
        case .prefix(let prefix): prefix.length == prefix.family.bitWidth ? "\(prefix.base)" : "\(prefix)"
        case .range(let range):
            range.isSinglePort ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        case .ipProtocol(let proto):
            IPProtocol(name: proto.description).map { "\($0)".lowercased() } ?? "\(proto.rawValue)"
        case .verdict(let verdict): verdict == .wouldDrop ? "would-drop" : verdict.rawValue.lowercased()
        case .direction(let direction): direction == .ingress ? "in" : "out"
        case .kind(let kind): kind.rawValue
        case .reason(let reason): reason.rawValue
        case .tcpFlag(let flag): flag.name.lowercased()
        case .flag(let flag): flag ? "yes" : "no"
        case .report(let report): report.rawValue
        }
    }
}
