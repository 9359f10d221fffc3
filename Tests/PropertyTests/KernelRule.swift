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
        case isNotIn([Field], set: String)
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
        var reader = KernelRuleReader(text)
        while !reader.isAtEnd { statements.append(try reader.statement()) }
    }
}
