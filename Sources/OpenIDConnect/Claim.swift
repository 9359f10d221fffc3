// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import JWTKit

/// One value of a token, of whatever shape: which claims matter is configured.
enum Claim: Codable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([Claim])
    case object([String: Claim])
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            // Each of these fails for the other shapes; the last one says why nothing fits.
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Claim].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: Claim].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }

    var text: String? { if case .text(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self, value.isFinite { value } else { nil } }

    /// One text or a list of texts, as a list; `nil` for anything else.
    var texts: [String]? {
        switch self {
        case .text(let value): [value]
        case .list(let values):
            values.allSatisfy { $0.text != nil } ? values.compactMap(\.text) : nil
        default: nil
        }
    }
}

/// Everything that a token says, checked by `IDTokenRules` and not here.
struct Claims: JWTPayload {
    var values: [String: Claim]

    init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([String: Claim].self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
