// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Forms and their fields, the same everywhere.
enum Form {
    /// A form that changes something: always POST, always with the token against forgery.
    static func post(
        _ action: Link,
        _ context: PageContext,
        _ attributes: HTML.Attribute...,
        @HTMLBuilder content: () -> HTML
    ) -> HTML {
        tag("form", [.init("method", "post"), .init("action", "\(action)")] + attributes) {
            tag("input", .type("hidden"), .name("csrf"), .value(context.csrfToken))
            content()
        }
    }

    /// A form that asks: GET, with what the address already says and the form does not.
    static func get(
        _ action: Link,
        keeping parameters: [Link.Parameter] = [],
        _ attributes: HTML.Attribute...,
        @HTMLBuilder content: () -> HTML
    ) -> HTML {
        tag("form", [.init("method", "get"), .init("action", "\(Link(segments: action.segments))")] + attributes) {
            for parameter in parameters {
                tag("input", .type("hidden"), .name(parameter.name), .value(parameter.value))
            }
            content()
        }
    }

    /// A labelled input; a problem stands beside it and is tied to it.
    static func input(
        _ label: String,
        name: String,
        id: String,
        value: String? = nil,
        hint: String? = nil,
        problem: String? = nil,
        _ attributes: HTML.Attribute...
    ) -> HTML {
        let described = [hint == nil ? nil : "\(id)-hint", problem == nil ? nil : "\(id)-problem"].compactMap { $0 }
        let tied: [HTML.Attribute] = [
            .id(id), .name(name), .value(value), .init("aria-invalid", problem == nil ? nil : "true"),
            .init("aria-describedby", described.isEmpty ? nil : described.joined(separator: " ")),
        ]
        return tag("div", .class("field")) {
            tag("label", .init("for", id)) { label }
            tag("input", tied + attributes)
            if let hint { tag("p", .class("hint"), .id("\(id)-hint")) { hint } }
            if let problem {
                tag("p", .class("problem"), .id("\(id)-problem")) {
                    Icon.warning
                    tag("span") { problem }
                }
            }
        }
    }

    /// A labelled choice of (value, text).
    static func select(
        _ label: String,
        name: String,
        id: String,
        options: [(value: String, text: String)],
        selected: String?
    ) -> HTML {
        tag("div", .class("field")) {
            tag("label", .init("for", id)) { label }
            tag("select", .id(id), .name(name)) {
                for option in options {
                    tag("option", .value(option.value), .flag("selected", option.value == selected)) { option.text }
                }
            }
        }
    }

    /// One of several things that a page offers.
    static func button(_ title: String, _ attributes: HTML.Attribute...) -> HTML {
        tag("button", [.type("submit")] + attributes) { title }
    }

    static func submit(_ title: String, _ attributes: HTML.Attribute...) -> HTML {
        tag("button", [.type("submit"), .class("primary")] + attributes) { title }
    }
}
