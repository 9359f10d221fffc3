// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One rule of nft's language, as far as the product writes it.
struct KernelRule {
    /// What a packet or its connection is asked for.
    enum Field: String, CaseIterable {
        case priority = "meta priority"
        case l4proto = "meta l4proto"
        case destinationPort = "th dport"
        case sourcePort = "th sport"
        case icmpType = "icmp type"
        case icmpv6Type = "icmpv6 type"
        case source4 = "ip saddr"
        case destination4 = "ip daddr"
        case source6 = "ip6 saddr"
        case destination6 = "ip6 daddr"

        /// nft's type of the value.
        var type: String {
            switch self {
            case .priority: "classid"
            case .l4proto: "inet_proto"
            case .destinationPort, .sourcePort: "inet_service"
            case .icmpType: "icmp_type"
            case .icmpv6Type: "icmpv6_type"
            case .source4, .destination4: "ipv4_addr"
            case .source6, .destination6: "ipv6_addr"
            }
        }
    }

    /// One step of a rule; a condition that does not hold ends the rule.
    enum Statement {
        case isIn([Field], set: String)
        case isAmong(Field, [ClosedRange<UInt128>])
        case verdictMap(Field, map: String)
        case setPriority(UInt128)
        case setPriorityFromMap(Field, map: String)
        case markIs(mask: UInt32, value: UInt32)
        case setMark(and: UInt32, or: UInt32)
        case connectionState(String)
        case direction(String)
        case isLocal(isSource: Bool)
        /// `limit rate over`: holds only when more packets come than a test sends.
        case isOverLimit
        case counter(String)
        case log
        case verdict(Verdict)
    }

    /// What ends a rule.
    enum Verdict: Hashable {
        case accept, drop, `return`
        case jump(String), goto(String)

        /// Reads `accept`, `jump name` and so on.
        init(_ text: String) throws {
            let words = text.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("accept", 1): self = .accept
            case ("drop", 1): self = .drop
            case ("return", 1): self = .return
            case ("jump", 2): self = .jump(words[1])
            case ("goto", 2): self = .goto(words[1])
            default: throw UnknownRule(text: text)
            }
        }
    }

    /// A text that is not in the grammar.
    struct UnknownRule: Error {
        var text: String
    }

    var statements: [Statement] = []

    /// - Throws: `UnknownRule` for anything that is not understood to its end.
    init(_ text: String) throws {
        var reader = RuleReader(text)
        while !reader.isAtEnd { statements.append(try reader.statement()) }
    }
}

/// Takes a rule's text apart.
private struct RuleReader {
    typealias Field = KernelRule.Field

    let text: String
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
