// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A piece of HTML whose every text was escaped when it was made.
///
/// There is no way to put a string into a page without saying whether it is text or markup of our own: names come from
/// containers and clusters and are hostile (OWASP, "Output Encoding for HTML contexts").
public struct HTML: Sendable, Hashable {
    /// The markup, well-formed and safe.
    public private(set) var markup: String

    private init(markup: String) { self.markup = markup }

    public static let empty = HTML(markup: "")

    /// Text of anybody's.
    public static func text(_ text: String) -> HTML { HTML(markup: escaped(text)) }

    /// Markup of our own, written as a literal in the source: `StaticString` keeps values out.
    public static func literal(_ markup: StaticString) -> HTML { HTML(markup: "\(markup)") }

    /// An element with a content; attribute values are text, a `nil` value is an attribute left out, and an empty one of
    /// a boolean attribute stands for itself.
    public static func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String?> = [:],
        _ content: [HTML] = []
    ) -> HTML {
        element(name, attributes.map { HTML.Attribute($0.key, $0.value) }, content)
    }

    /// The same with attributes that were made before, of HTML and of SVG; names are literals of ours.
    static func element(_ name: StaticString, _ attributes: [Attribute], _ content: [HTML]) -> HTML {
        var markup = "<\(name)"
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            markup += " \(attribute.name)=\"\(escaped(value))\""
        }
        markup += ">"
        if voidElements.contains("\(name)") { return HTML(markup: markup) }
        for piece in content { markup += piece.markup }
        return HTML(markup: markup + "</\(name)>")
    }

    public static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.markup + right.markup) }

    /// The pieces one after the other.
    public static func joined(_ pieces: some Sequence<HTML>) -> HTML {
        HTML(markup: pieces.reduce(into: "") { $0 += $1.markup })
    }

    private static let voidElements: Set<String> = [
        "br", "hr", "img", "input", "link", "meta", "wbr", "col",
    ]

    /// Escapes for element content and for quoted attribute values; control characters that HTML forbids become U+FFFD.
    static func escaped(_ text: String) -> String {
        // Nearly every text is plain, and then there is nothing to copy.
        if text.utf8.allSatisfy(isPlain) { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where isForbidden(scalar): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Control characters but for tab and line feed.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n": false
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": true
        default: false
        }
    }

    /// Whether a byte of UTF-8 is certainly of nothing that is escaped; 0xC2 begins the upper control characters.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A: true
        case 0..<0x20, 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xC2: false
        default: true
        }
    }
}

extension HTML: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
}
