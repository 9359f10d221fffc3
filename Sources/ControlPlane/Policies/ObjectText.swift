// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

/// Finds the part of a file that one object is written in.
enum ObjectText {
    /// The YAML document around a place, without its `---`; it holds more than one object where the object is an item of a
    /// `List`.
    ///
    /// A line that begins with `---` always ends a document (YAML 1.2, 9.1.2), also inside block scalars.
    /// - Complexity: O(text).
    static func document(in text: String, at location: SourceLocation) -> String {
        // A line end of two characters is one in Swift.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard lines.indices.contains(location.line - 1) else { return text }
        var (start, end) = (location.line - 1, location.line - 1)
        while start > 0, !isMarker(lines[start - 1]) { start -= 1 }
        while end < lines.count, !isMarker(lines[end]) { end += 1 }
        return lines[start..<end].joined(separator: "\n")
    }

    private static func isMarker(_ line: Substring) -> Bool {
        guard line.hasPrefix("---") || line.hasPrefix("...") else { return false }
        return line.dropFirst(3).first.map { " \t".contains($0) } ?? true
    }
}
