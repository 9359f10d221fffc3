// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A parser of the strict kind: everything it does not expect is a problem.
struct StrictHTML {
    struct Element {
        var name: String
        var attributes: [String: String]
        var parent: Int?
        var text = ""
    }

    private(set) var elements: [Element] = []
    private(set) var problems: [String] = []
    private var open: [Int] = []

    /// Elements whose text is looked at.
    private static let named: Set<String> = ["a", "button", "summary", "label", "title", "script", "text"]
    private static let void: Set<String> = ["br", "hr", "img", "input", "link", "meta", "wbr", "col"]
    private static let names: Set<String> = Set(
        """
        html head meta title link script body a header nav main footer aside section div p span h1 h2 h3 h4 ul ol li dl dt \
        dd table caption thead tbody tfoot tr th td form fieldset legend label input select option textarea button datalist \
        details summary figure figcaption svg path rect line circle text g defs pattern title time code pre kbd strong small \
        em del ins br abbr
        """.split(separator: " ").map(String.init)
    )

    init(_ document: String) {
        var rest = Substring(document)
        if rest.hasPrefix("<!doctype html>\n") { rest = rest.dropFirst(16) } else { problems.append("no doctype") }
        while let start = rest.firstIndex(of: "<") {
            text(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else {
                problems.append("a tag without an end")
                return
            }
            tag(rest[rest.index(after: start)..<end])
            rest = rest[rest.index(after: end)...]
        }
        text(rest)
        if !open.isEmpty { problems.append("not closed: \(open.map { elements[$0].name })") }
    }

    private mutating func text(_ text: Substring) {
        var rest = text
        while let index = rest.firstIndex(of: "&") {
            let entity = rest[index...].prefix(6)
            if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(where: entity.hasPrefix) {
                problems.append("a bare & in \(text.prefix(40))")
            }
            rest = rest[rest.index(after: index)...]
        }
        if text.contains(">") { problems.append("a bare > in \(text.prefix(40))") }
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        for index in open where Self.named.contains(elements[index].name) { elements[index].text += text }
    }

    private mutating func tag(_ content: Substring) {
        if content.hasPrefix("/") {
            let name = String(content.dropFirst())
            guard let last = open.popLast(), elements[last].name == name else {
                problems.append("</\(name)> closes something else")
                return
            }
            return
        }
        let name = String(content.prefix { $0 != " " })
        if !Self.names.contains(name) { problems.append("unexpected element <\(name)>") }
        elements.append(
            Element(name: name, attributes: attributes(content.dropFirst(name.count), of: name), parent: open.last)
        )
        if !Self.void.contains(name) { open.append(elements.count - 1) }
    }

    private mutating func attributes(_ text: Substring, of name: String) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text
        while !rest.isEmpty {
            guard rest.first == " ", let equals = rest.firstIndex(of: "=") else {
                problems.append("cannot read attributes of <\(name)>: \(rest.prefix(40))")
                return result
            }
            let key = String(rest[rest.index(after: rest.startIndex)..<equals])
            let value = rest[equals...].dropFirst(2)
            guard rest[equals...].dropFirst().first == "\"", let end = value.firstIndex(of: "\"") else {
                problems.append("a value without quotes in <\(name) \(key)>")
                return result
            }
            if key.contains(where: { !($0.isLetter || $0.isNumber || $0 == "-") }) {
                problems.append("attribute \(key)")
            }
            if result.updateValue(String(value[..<end]), forKey: key) != nil {
                problems.append("twice: \(name) \(key)")
            }
            if value[..<end].contains("<") { problems.append("a bare < in \(name) \(key)") }
            rest = value[end...].dropFirst()
        }
        return result
    }

    func ancestors(of index: Int) -> [Element] {
        var result: [Element] = []
        var next = elements[index].parent
        while let parent = next {
            result.append(elements[parent])
            next = elements[parent].parent
        }
        return result
    }
}
