// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Documents as JSON text; keys sorted, so that equal documents give equal text.
enum JSONText {
    static func pretty(_ value: some Encodable) throws -> String { try text(value, [.prettyPrinted]) }

    static func line(_ value: some Encodable) throws -> String { try text(value, []) }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return Escaping.json(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
