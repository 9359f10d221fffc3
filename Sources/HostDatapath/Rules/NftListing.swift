// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Reads what `nft -j list` prints.
enum NftListing {
    private struct Answer: Decodable {
        var nftables: [Item]
    }

    private struct Item: Decodable {
        var set: Elements?
        var rule: Rule?
        var counter: NamedCounter?
    }

    private struct NamedCounter: Decodable {
        var packets: UInt64
    }

    private struct Elements: Decodable {
        /// nft leaves this out when the set is empty.
        var elem: [UInt32]?
    }

    private struct Rule: Decodable {
        var chain: String
        var expr: [Expression]
    }

    private struct Expression: Decodable {
        struct Counts: Decodable {
            var packets: UInt64
            var bytes: UInt64
        }

        enum CodingKeys: CodingKey { case counter }

        var counts: Counts?

        init(from decoder: any Decoder) throws {
            // An expression is an object with one key, or a bare word; only counters matter here, and one that refers
            // to a named counter is a string.
            let container = try? decoder.container(keyedBy: CodingKeys.self)
            counts = try? container?.decodeIfPresent(Counts.self, forKey: .counter)
        }
    }

    /// The single element of the listed set; `nil` when the set is empty.
    static func generation(_ text: String) throws -> UInt32? {
        for item in try decode(text) {
            guard let set = item.set else { continue }
            guard let elements = set.elem, !elements.isEmpty else { return nil }
            guard elements.count == 1 else { throw NftError.unexpectedOutput(text: String(text.prefix(200))) }
            return elements[0]
        }
        throw NftError.unexpectedOutput(text: String(text.prefix(200)))
    }

    /// What the listed named counter has counted.
    static func namedCounter(_ text: String) throws -> UInt64? {
        try decode(text).compactMap(\.counter).first?.packets
    }

    /// Every counter in a rule, in the order of the rules.
    static func counters(_ text: String) throws -> [RuleCounter] {
        try decode(text).compactMap(\.rule).flatMap { rule in
            rule.expr.compactMap(\.counts).map {
                RuleCounter(chain: rule.chain, packets: $0.packets, bytes: $0.bytes)
            }
        }
    }

    private static func decode(_ text: String) throws -> [Item] {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(text.utf8)).nftables
        } catch is DecodingError {
            throw NftError.unexpectedOutput(text: String(text.prefix(200)))
        }
    }
}
