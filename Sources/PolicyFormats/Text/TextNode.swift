// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A place in a text: where a node starts, or where it ends.
package struct TextMark: Hashable, Sendable {
    /// 1-based.
    package var line: Int32
    /// 1-based, in Unicode scalars.
    package var column: Int32
    /// Bytes from the start of the document.
    package var offset: Int32

    package init(line: Int, column: Int, offset: Int) {
        self.line = Int32(clamping: line)
        self.column = Int32(clamping: column)
        self.offset = Int32(clamping: offset)
    }
}

/// One node of a YAML or JSON text, with its place.
///
/// Aliases are replaced by what they stand for; such nodes keep the place of the anchor.
package struct TextNode: Sendable {
    package enum Content: Sendable {
        case scalar(TextScalar)
        case sequence([TextNode])
        /// In the order of the text; no key occurs twice.
        case mapping([TextPair])
    }

    package var content: Content
    package var start: TextMark
    /// Just past the last byte.
    package var end: TextMark

    package init(_ content: Content, start: TextMark, end: TextMark) {
        self.content = content
        self.start = start
        self.end = end
    }

    /// Whether the node is a scalar that means "nothing".
    package var isNull: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.isNull
    }

    /// What messages call the node's type: `a list`, `the number 80`.
    package var typeDescription: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "an object"
        case .scalar(let scalar): scalar.value.typeDescription
        }
    }

    /// The value under a key of a mapping; `nil` where there is none, or the node is no mapping.
    package subscript(_ key: String) -> TextNode? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs.first { $0.key.name == key }?.value
    }

    /// The items of a sequence; empty for any other node.
    package var items: [TextNode] {
        guard case .sequence(let items) = content else { return [] }
        return items
    }

    /// The pairs of a mapping; empty for any other node.
    package var pairs: [TextPair] {
        guard case .mapping(let pairs) = content else { return [] }
        return pairs
    }

    /// The text of a scalar that is a string; `nil` for any other node.
    package var string: String? {
        guard case .scalar(let scalar) = content, scalar.isString else { return nil }
        return scalar.text
    }

    /// The value of a scalar that is a boolean; `nil` for any other node.
    package var bool: Bool? {
        guard case .scalar(let scalar) = content, case .bool(let value) = scalar.value else { return nil }
        return value
    }
}

/// A key of a mapping, with its place; keys are strings.
package struct TextKey: Sendable {
    package var name: String
    package var start: TextMark
    /// Just past the last byte.
    package var end: TextMark

    package init(_ name: String, start: TextMark, end: TextMark) {
        self.name = name
        self.start = start
        self.end = end
    }
}

/// A key of a mapping and what it is set to.
package struct TextPair: Sendable {
    package var key: TextKey
    package var value: TextNode

    package init(key: TextKey, value: TextNode) {
        self.key = key
        self.value = value
    }
}
