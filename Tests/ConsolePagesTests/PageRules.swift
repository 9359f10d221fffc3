// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What must hold on every page, whatever it shows (`ux.md`, accessibility; content security policy).
struct PageRules {
    let page: StrictHTML
    private var found: [String] = []

    static func violations(_ document: String) -> [String] {
        var rules = PageRules(page: StrictHTML(document))
        rules.found = rules.page.problems
        rules.safety()
        rules.references()
        rules.headings()
        rules.tables()
        rules.controls()
        rules.drawings()
        rules.landmarks()
        return rules.found
    }

    private init(page: StrictHTML) { self.page = page }

    private mutating func safety() {
        for element in page.elements {
            for (key, value) in element.attributes {
                if key == "style" || key.hasPrefix("on") { found.append("<\(element.name)> has \(key)") }
                guard ["href", "src", "action", "formaction"].contains(key) else { continue }
                if !value.hasPrefix("/") && !value.hasPrefix("#") || value.hasPrefix("//") {
                    found.append("<\(element.name)> leads to \(value)")
                }
            }
            if element.name == "script", element.attributes["src"] == nil || !element.text.isEmpty {
                found.append("an inline script")
            }
            if element.name == "style" { found.append("an inline style sheet") }
        }
    }

    private mutating func references() {
        var ids: Set<String> = []
        for id in page.elements.compactMap({ $0.attributes["id"] }) where !ids.insert(id).inserted {
            found.append("id \(id) twice")
        }
        for element in page.elements {
            for key in ["for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "data-copy"] {
                for id in element.attributes[key]?.split(separator: " ") ?? [] where !ids.contains(String(id)) {
                    found.append("<\(element.name) \(key)> names \(id), which is not there")
                }
            }
        }
    }

    private mutating func headings() {
        let levels = page.elements.compactMap { element in
            element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
        }
        if levels.filter({ $0 == 1 }).count != 1 { found.append("h1: \(levels.filter { $0 == 1 }.count)") }
        for (before, after) in zip(levels, levels.dropFirst()) where after > before + 1 {
            found.append("h\(after) after h\(before)")
        }
    }

    private mutating func tables() {
        for (index, element) in page.elements.enumerated() {
            if element.name == "table" {
                let next = page.elements.indices.contains(index + 1) ? page.elements[index + 1] : nil
                if next?.name != "caption" { found.append("a table without a caption") }
            }
            if element.name == "th", element.attributes["scope"] == nil { found.append("th without scope") }
        }
    }

    private mutating func controls() {
        let labelled = Set(page.elements.compactMap { $0.name == "label" ? $0.attributes["for"] : nil })
        for (index, element) in page.elements.enumerated() {
            let hasLabel = element.attributes["aria-label"]?.isEmpty == false
            let isLabelled = element.attributes["id"].map(labelled.contains) ?? false
            let hasText = !element.text.filter { !$0.isWhitespace }.isEmpty
            switch element.name {
            case "a", "summary", "button":
                // A button of a script gets its text with its first number.
                if !hasLabel, !hasText, element.attributes["hidden"] == nil {
                    found.append("<\(element.name)> without a name")
                }
            case "input" where element.attributes["type"] == "hidden": break
            case "input", "select", "textarea":
                let label = page.ancestors(of: index).first { $0.name == "label" }
                if !hasLabel, !isLabelled, label?.text.filter({ !$0.isWhitespace }).isEmpty ?? true {
                    found.append("<\(element.name) \(element.attributes["name"] ?? "")> without a label")
                }
            case "form":
                let isPost = element.attributes["method"] == "post"
                let token = page.elements.indices.contains { inner in
                    page.elements[inner].attributes["name"] == "csrf" && page.elements[inner].parent == index
                }
                if isPost != token { found.append("a form by \(element.attributes["method"] ?? "?") and its token") }
            default: break
            }
            if let order = element.attributes["tabindex"], order != "0", order != "-1" {
                found.append("tabindex \(order)")
            }
        }
    }

    private mutating func drawings() {
        for element in page.elements where element.name == "svg" {
            let isNamed = element.attributes["role"] != nil && element.attributes["aria-label"] != nil
            if element.attributes["aria-hidden"] != "true", !isNamed { found.append("an svg without a name") }
        }
    }

    private mutating func landmarks() {
        for name in ["header", "main", "footer"] where page.elements.count(where: { $0.name == name }) != 1 {
            found.append("not one \(name)")
        }
        if page.elements.first?.attributes["lang"] == nil { found.append("no language") }
        let title = page.elements.first { $0.name == "title" }?.text ?? ""
        if !title.hasSuffix("Palisade") { found.append("title \(title)") }
    }
}
