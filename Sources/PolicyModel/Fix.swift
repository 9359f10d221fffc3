// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Edits of one document that mend what a finding is about.
public struct Fix: Hashable, Sendable, Codable {
    /// What a button says: `Replace with "ingress"`.
    public var title: String
    /// In the order of the text, none touching another; all or none are made.
    public var edits: [TextEdit]
    /// Whether it may be made without asking: it says what was meant beyond doubt.
    public var isSafe: Bool

    public init(_ title: String, _ edits: [TextEdit], isSafe: Bool) {
        self.title = title
        self.edits = edits.sorted()
        self.isSafe = isSafe
    }
}

/// Bytes of a document that are replaced; everything outside of them stays as it is.
public struct TextEdit: Hashable, Sendable, Codable, Comparable {
    /// First byte, from 0.
    public var start: Int
    /// Just past the last byte; `start` for an insertion.
    public var end: Int
    public var replacement: String

    /// - Precondition: `range.lowerBound >= 0`.
    public init(_ range: Range<Int>, with replacement: String) {
        precondition(range.lowerBound >= 0, "an edit starts inside its document")
        start = range.lowerBound
        end = range.upperBound
        self.replacement = replacement
    }

    public static func < (left: TextEdit, right: TextEdit) -> Bool {
        (left.start, left.end, left.replacement) < (right.start, right.end, right.replacement)
    }
}
