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
        guard let expression = RequestExpression(pattern) else { return .limited }
        return expression.matches(value) ? .yes : .no
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
