// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Foundation
import JWTKit

/// The issuer's public keys at one moment.
struct SigningKeys: Sendable {
    /// Keys of one document at most; more are refused.
    private static let mostKeys = 100

    private var keys: [JWK] = []
    /// Seconds since 1970.
    let fetched: Double

    /// Reads a JWK set (RFC 7517); keys that cannot be used for signatures that are accepted are passed over.
    /// - Throws: `IssuerError` `misconfigured` for something else.
    init(_ bytes: Data, fetched: Double) throws {
        self.fetched = fetched
        guard let document = try? JSONDecoder().decode([String: Claim].self, from: bytes),
            case .list(let items) = document["keys"], items.count <= Self.mostKeys
        else { throw IssuerError(.misconfigured, "The issuer's keys cannot be read.") }
        for item in items {
            guard case .object(let fields) = item, fields["use"] == nil || fields["use"]?.text == "sig" else {
                continue
            }
            // A key of a kind that is not known here signs nothing that would be accepted.
            guard let key = try? JSONDecoder().decode(JWK.self, from: JSONEncoder().encode(item)) else { continue }
            keys.append(key)
        }
    }

    /// The key that a token names, if it is one for the algorithm; the only one that fits when it names none.
    func key(_ header: TokenHeader) -> JWK? {
        let type: JWK.KeyType =
            switch header.alg {
            case "ES256": .ecdsa
            case "EdDSA": .octetKeyPair
            default: .rsa
            }
        let fitting = keys.filter { key in
            key.keyType == type && (key.algorithm == nil || key.algorithm?.rawValue == header.alg)
        }
        if let kid = header.kid { return fitting.first { $0.keyIdentifier?.string == kid } }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// Checks the signature.
    /// - Throws: `IssuerError` `refused`.
    static func verify(_ token: String, _ header: TokenHeader, with key: JWK) async throws -> Claims {
        var key = key
        // The token does not choose: the algorithm was checked against the list and the key's kind before.
        key.algorithm = JWK.Algorithm(rawValue: header.alg)
        key.keyIdentifier = JWKIdentifier(string: header.kid ?? "only")
        do {
            let collection = JWTKeyCollection()
            try await collection.add(jwk: key, isDefault: true)
            return try await collection.verify(token, as: Claims.self)
        } catch {
            throw IssuerError(.refused, "The issuer's id token is refused: its signature does not hold.")
        }
    }
}

/// The part of a token that says how it is signed.
struct TokenHeader: Decodable, Sendable {
    var alg: String
    var kid: String?

    /// - Throws: `IssuerError` `refused` for text that is no token, or is signed in a way that is not accepted.
    init(of token: String) throws {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        var text = String(parts[0].replacing("-", with: "+").replacing("_", with: "/"))
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard parts.count == 3, token.utf8.count <= 65_536, let bytes = Data(base64Encoded: text),
            let header = try? JSONDecoder().decode(TokenHeader.self, from: bytes),
            IDTokenRules.algorithms.contains(header.alg)
        else { throw IssuerError(.refused, "The issuer's id token is refused: it is not signed as it has to be.") }
        self = header
    }
}
