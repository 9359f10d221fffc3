// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Documents as YAML: what their JSON says, in block style, keys sorted.
enum YAMLText {
    static func document(_ value: some Encodable) throws -> String {
        let node = try JSONDecoder().decode(Node.self, from: Data(try JSONText.line(value).utf8))
        return try lines(node).joined(separator: "\n")
    }

    private enum Node: Decodable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case natural(UInt64)
        case number(Double)
        case text(String)
        case list([Node])
        case map([String: Node])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // A value has one of these types; that it is not the one tried is no error but the reason to try the next.
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .integer(value)
            } else if let value = try? container.decode(UInt64.self) {
                self = .natural(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode([Node].self) {
                self = .list(value)
            } else {
                self = .map(try container.decode([String: Node].self))
            }
        }
    }

    private static func lines(_ node: Node) throws -> [String] {
        switch node {
        case .null: return ["null"]
        case .boolean(let value): return ["\(value)"]
        case .integer(let value): return ["\(value)"]
        case .natural(let value): return ["\(value)"]
        case .number(let value): return ["\(value)"]
        case .text(let value): return [try scalar(value)]
        case .list(let items):
            guard !items.isEmpty else { return ["[]"] }
            return try items.flatMap { item in
                try lines(item).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        case .map(let members):
            guard !members.isEmpty else { return ["{}"] }
            return try members.sorted { $0.key < $1.key }.flatMap { try member($0.key, $0.value) }
        }
    }

    private static func member(_ key: String, _ node: Node) throws -> [String] {
        let nested = try lines(node)
        let key = try scalar(key)
        switch node {
        case .list(let items) where !items.isEmpty: return ["\(key):"] + nested
        case .map(let members) where !members.isEmpty: return ["\(key):"] + nested.map { "  " + $0 }
        default: return ["\(key): \(nested[0])"]
        }
    }

    private static let reserved: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// Plain where no reader can take it for anything but this text, else in double quotes, where JSON's escapes hold.
    private static func scalar(_ text: String) throws -> String {
        let isPlain =
            text.first.map { $0.isASCII && $0.isLetter } ?? false
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x5f: true
                default: false
                }
            }
        return isPlain && !reserved.contains(text.lowercased()) ? text : try JSONText.line(text)
    }
}
