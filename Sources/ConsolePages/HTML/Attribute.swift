// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension HTML {
    /// One attribute: a name of ours and a text of anybody's.
    struct Attribute: Sendable {
        let name: StaticString
        /// `nil`: left out.
        let value: String?

        init(_ name: StaticString, _ value: String?) {
            self.name = name
            self.value = value
        }
    }
}

extension HTML.Attribute {
    static func `class`(_ names: String?) -> Self { .init("class", names) }
    static func id(_ id: String) -> Self { .init("id", id) }
    /// Links lead inside the console only: `Link` cannot say anything else.
    static func href(_ link: Link) -> Self { .init("href", "\(link)") }
    /// The stable hook of tests: `flows.row.ID`.
    static func testID(_ id: String) -> Self { .init("data-testid", id) }
    static func title(_ text: String?) -> Self { .init("title", text) }
    static func label(_ text: String?) -> Self { .init("aria-label", text) }
    static func type(_ word: StaticString) -> Self { .init("type", "\(word)") }
    static func name(_ name: String) -> Self { .init("name", name) }
    static func value(_ value: String?) -> Self { .init("value", value) }
    /// A boolean attribute, there or not.
    static func flag(_ name: StaticString, _ isSet: Bool = true) -> Self { .init(name, isSet ? "" : nil) }
    /// A number of a drawing, with one decimal at most, so that the same data give the same bytes.
    static func number(_ name: StaticString, _ value: Double) -> Self { .init(name, Figures.coordinate(value)) }
    static let hidden = Self("aria-hidden", "true")
}

/// An element: `tag("p", .class("note")) { "Nothing needs you." }`; strings in it are text.
func tag(_ name: StaticString, _ attributes: HTML.Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    .element(name, attributes, [content()])
}

/// The same with attributes from elsewhere.
func tag(_ name: StaticString, _ attributes: [HTML.Attribute], @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    .element(name, attributes, [content()])
}

/// The pieces without an element around them.
func group(@HTMLBuilder content: () -> HTML) -> HTML { content() }

/// Puts pieces after each other; strings are escaped.
@resultBuilder
enum HTMLBuilder {
    static func buildExpression(_ html: HTML) -> HTML { html }
    static func buildExpression(_ text: String) -> HTML { .text(text) }
    static func buildBlock(_ pieces: HTML...) -> HTML { .joined(pieces) }
    static func buildArray(_ pieces: [HTML]) -> HTML { .joined(pieces) }
    static func buildOptional(_ piece: HTML?) -> HTML { piece ?? .empty }
    static func buildEither(first piece: HTML) -> HTML { piece }
    static func buildEither(second piece: HTML) -> HTML { piece }
}
