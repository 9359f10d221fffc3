// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A filter's text, token by token, whether or not all of it can be read: what a list of chips is drawn from.
public struct FlowFilterReading: Hashable, Sendable {
    /// One token.
    public struct Part: Hashable, Sendable {
        public enum Content: Hashable, Sendable {
            case term(FlowFilter.Term)
            case problem(FlowFilterError.Problem)
        }

        /// As written.
        public var text: String
        /// Where it stands: 0-based, in Unicode scalars.
        public var range: Range<Int>
        public var content: Content
    }

    /// In the order written.
    public let parts: [Part]

    /// Text that is too long (`FlowFilter.longestText`) is read as one problem at its start.
    public init(_ text: String) {
        guard text.utf8.count <= FlowFilter.longestText else {
            let message = "The filter has \(text.utf8.count) bytes; the most that is read is \(FlowFilter.longestText)."
            let problem = FlowFilterError.Problem(token: String(text.prefix(20)), column: 1, message: message)
            parts = [Part(text: problem.token, range: problem.range, content: .problem(problem))]
            return
        }
        parts = FlowFilterToken.tokens(of: text).map { token in
            let content: Part.Content
            switch FlowFilter.term(token) {
            case .success(let term): content = .term(term)
            case .failure(let cause):
                content = .problem(
                    FlowFilterError.Problem(
                        token: token.written,
                        column: token.column,
                        message: cause.message,
                        suggestion: cause.suggestion
                    )
                )
            }
            let start = token.column - 1
            return Part(
                text: token.written,
                range: start..<start + token.written.unicodeScalars.count,
                content: content
            )
        }
    }

    /// What can be read of it; only to be asked for when there are no problems, or to show what the rest would give.
    public var filter: FlowFilter {
        FlowFilter(
            parts.compactMap { part in
                guard case .term(let term) = part.content else { return nil }
                return term
            }
        )
    }

    /// In the order written.
    public var problems: [FlowFilterError.Problem] {
        parts.compactMap { part in
            guard case .problem(let problem) = part.content else { return nil }
            return problem
        }
    }
}
