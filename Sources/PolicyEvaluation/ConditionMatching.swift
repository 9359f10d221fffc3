// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

extension Condition {
    /// Whether a request passes the condition; `limited` where the question does not say enough about it.
    func match(_ request: RequestFacts) -> Match {
        switch self {
        case .http(let patterns):
            guard let http = request.http else { return .limited }
            return Match.any(patterns.map { $0.match(http) })
        case .dns(let names):
            guard let name = request.dnsQuery else { return .limited }
            return names.contains { $0.matches(name) } ? .yes : .no
        case .authentication(let mode): return mode == "test-always-fail" ? .no : .limited
        case .kafka, .l7, .serverNames, .tls, .listener: return .limited
        }
    }
}

extension HTTPMatch {
    /// Regular expressions match whole values; one that this engine cannot read leaves the answer open.
    fileprivate func match(_ request: RequestFacts.HTTP) -> Match {
        var match = Self.match(method, request.method).and(Self.match(path, request.path))
        if let host {
            match = match.and(request.host.map { Self.match(host, $0) } ?? .limited)
        }
        for header in headers { match = match.and(Self.match(header: header, request.headers)) }
        return match
    }

    private static func match(_ pattern: String?, _ value: String) -> Match {
        guard let pattern, !pattern.isEmpty else { return .yes }
        // What is no expression of Swift's may still be one of the proxy's.
        guard isCheap(pattern, on: value), let expression = try? Regex(pattern) else { return .limited }
        // Matching fails where a match cannot be computed; an allow rule then matches nothing.
        let found = try? expression.wholeMatch(in: value)
        return found == nil ? .no : .yes
    }

    /// Whether an expression is judged here at all: the proxy's matcher takes linear time (RE2), ours goes back and forth.
    ///
    /// Both texts are other people's. Repeated groups may take exponential time; each other repetition multiplies the tries
    /// by the length of the value, and each choice doubles them. More than a million are not made.
    private static func isCheap(_ pattern: String, on value: String) -> Bool {
        var tries = 1.0
        var previous: Unicode.Scalar?
        // Blanks may mean nothing in an expression.
        for scalar in pattern.unicodeScalars where !scalar.properties.isWhitespace {
            switch scalar {
            case "*", "+", "{":
                if previous == ")" { return false }
                tries *= Double(value.count + 1)
            case "?", "|": tries *= 2
            default: break
            }
            previous = scalar
        }
        return tries <= 1_000_000
    }

    /// A header that the question does not name is left open when no header is named at all.
    private static func match(header: String, _ headers: [String: String]) -> Match {
        guard !headers.isEmpty else { return .limited }
        let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks }
        guard let name = parts.first, let value = headers[name.lowercased()] else { return .no }
        return parts.count == 1 || parts[1] == value ? .yes : .no
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
