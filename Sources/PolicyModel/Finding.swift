// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A located remark about the user's input.
///
/// A finding is not an error: findings are collected and returned beside the value. Codes and wording: docs/findings.md.
public struct Finding: Hashable, Sendable, Codable {
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        case error, warning, info

        private var rank: Int { self == .error ? 0 : self == .warning ? 1 : 2 }
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    /// A further remark to the same finding, with its own place where it has one.
    public struct Note: Hashable, Sendable, Codable {
        public var message: String
        public var location: SourceLocation?

        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// Stable code such as `V104`.
    public var code: String
    public var severity: Severity
    /// One sentence: what is wrong with the value shown, and what would be right.
    public var message: String
    public var location: SourceLocation
    public var notes: [Note]
    /// What would mend it, where that can be said as an edit of the text.
    public var fix: Fix?

    public init(
        _ code: String,
        _ severity: Severity,
        _ message: String,
        at location: SourceLocation,
        notes: [Note] = [],
        fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.location = location
        self.notes = notes
        self.fix = fix
    }
}

extension Finding: CustomStringConvertible {
    /// As compilers print: `path:line:column: error: [V105] …`, notes on the lines after it.
    public var description: String {
        var lines = ["\(location): \(severity.rawValue): [\(code)] \(message)"]
        for note in notes {
            lines.append("\(note.location ?? location): note: \(note.message)")
        }
        return lines.joined(separator: "\n")
    }
}
