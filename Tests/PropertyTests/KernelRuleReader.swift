// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Takes a rule's text apart.
struct KernelRuleReader {
    private typealias Field = KernelRule.Field

    private let text: String
    private var words: [String]
    private var position = 0

    init(_ text: String) {
        self.text = text
        words = text.split(separator: " ").map(String.init)
    }

    var isAtEnd: Bool { position >= words.count }

    mutating func statement() throws -> KernelRule.Statement {
        if let field = takeField() { return try afterField(field) }
        switch try word() {
        case "ct": return try connection()
        case "fib":
            let side = try word()
            guard ["saddr", "daddr"].contains(side) else { throw unknown }
            try expect("type", "local")
            return .isLocal(isSource: side == "saddr")
        case "counter":
            try expect("name")
            return .counter(try word())
        case "limit":
            try expect("rate", "over")
            guard try word().hasSuffix("/second") else { throw unknown }
            try expect("burst")
            guard Int(try word()) != nil else { throw unknown }
            try expect("packets")
            return .isOverLimit
        case "log":
            try expect("prefix")
            let prefix = try word()
            guard prefix.count == 12, prefix.hasPrefix("\"p"), prefix.hasSuffix("\"") else { throw unknown }
            try expect("group", "7350", "snaplen", "128")
            return .log
        case "jump": return .verdict(.jump(try word()))
        case "goto": return .verdict(.goto(try word()))
        case let other:
            let verdict = try KernelRule.Verdict(other)
            guard isAtEnd else { throw unknown }
            return .verdict(verdict)
        }
    }

    private mutating func afterField(_ first: Field) throws -> KernelRule.Statement {
        var fields = [first]
        while peek == "." {
            position += 1
            guard let next = takeField() else { throw unknown }
            fields.append(next)
        }
        let next = try word()
        if next.hasPrefix("@") { return .isIn(fields, set: String(next.dropFirst())) }
        if next == "!=" { return .isNotIn(fields, set: try setName()) }
        guard fields.count == 1 else { throw unknown }
        switch (next, first) {
        case ("vmap", _): return .verdictMap(first, map: try setName())
        case ("set", .priority):
            if let source = takeField() {
                try expect("map")
                return .setPriorityFromMap(source, map: try setName())
            }
            return .setPriority(try KernelSet.value(try word(), "classid"))
        case ("{", _):
            var ranges: [ClosedRange<UInt128>] = []
            var item = try word()
            while item != "}" {
                ranges.append(try KernelSet.range(item.hasSuffix(",") ? String(item.dropLast()) : item, first.type))
                item = try word()
            }
            return .isAmong(first, ranges)
        default: return .isAmong(first, [try KernelSet.range(next, first.type)])
        }
    }

    private mutating func connection() throws -> KernelRule.Statement {
        switch try word() {
        case "state":
            let state = try word()
            guard ["invalid", "related", "new", "established"].contains(state) else { throw unknown }
            return .connectionState(state)
        case "direction":
            let direction = try word()
            guard ["original", "reply"].contains(direction) else { throw unknown }
            return .direction(direction)
        case "mark":
            if peek == "&" {
                position += 1
                let mask = try number()
                try expect("==")
                return .markIs(mask: mask, value: try number())
            }
            try expect("set")
            guard peek == "ct" else { return .setMark(and: 0, or: try number()) }
            try expect("ct", "mark")
            switch try word() {
            case "&": return .setMark(and: try number(), or: 0)
            case "|": return .setMark(and: .max, or: try number())
            default: throw unknown
            }
        default: throw unknown
        }
    }

    private var unknown: KernelRule.UnknownRule { .init(text: text) }

    private var peek: String? { isAtEnd ? nil : words[position] }

    private mutating func word() throws -> String {
        guard !isAtEnd else { throw unknown }
        position += 1
        return words[position - 1]
    }

    private mutating func expect(_ expected: String...) throws {
        for expected in expected where try word() != expected { throw unknown }
    }

    private mutating func number() throws -> UInt32 {
        let text = try word()
        let value = text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
        guard let value else { throw unknown }
        return value
    }

    private mutating func setName() throws -> String {
        let name = try word()
        guard name.hasPrefix("@") else { throw unknown }
        return String(name.dropFirst())
    }

    private mutating func takeField() -> Field? {
        guard position + 1 < words.count, let field = Field(rawValue: words[position] + " " + words[position + 1])
        else {
            return nil
        }
        position += 2
        return field
    }
}
