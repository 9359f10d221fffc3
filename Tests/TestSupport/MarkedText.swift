// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// A text with places marked in it, so that tests name a place by its mark and not by numbers.
///
/// A mark is `⟦name⟧`; it is taken out of the text, and stands for the place of what follows it.
public struct MarkedText: Sendable {
    public var text: String
    private var places: [String: (line: Int, column: Int)] = [:]

    public init(_ marked: String) {
        var text = ""
        var (line, column) = (1, 1)
        var rest = marked[...]
        while let character = rest.first {
            if character == "⟦", let end = rest.firstIndex(of: "⟧") {
                places[String(rest[rest.index(after: rest.startIndex)..<end])] = (line, column)
                rest = rest[rest.index(after: end)...]
                continue
            }
            text.append(character)
            rest.removeFirst()
            if character == "\n" { (line, column) = (line + 1, 1) } else { column += character.unicodeScalars.count }
        }
        self.text = text
    }

    /// The text as a document.
    public func document(_ name: String = "test.yaml") -> SourceDocument {
        SourceDocument(name: name, bytes: Array(text.utf8))
    }

    /// The place of a mark; the document's name is `test.yaml` unless given.
    public func place(_ mark: String, in name: String = "test.yaml") -> SourceLocation? {
        places[mark].map { SourceLocation(document: name, line: $0.line, column: $0.column) }
    }
}
