// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Bytes that somebody wrote, and where they came from.
public struct SourceDocument: Hashable, Sendable {
    /// What messages call it: a path, `-` for standard input.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A place in a source document.
public struct SourceLocation: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The document's name.
    public var document: String
    /// 1-based.
    public var line: Int
    /// 1-based, counted in Unicode scalars.
    public var column: Int

    public init(document: String, line: Int, column: Int) {
        self.document = document
        self.line = line
        self.column = column
    }

    /// `path:line:column`.
    public var description: String { "\(document):\(line):\(column)" }

    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.document, left.line, left.column) < (right.document, right.line, right.column)
    }
}
