// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Crypto
import CryptoExtras
import Foundation

struct RSAKey: SmallIssuer.PrivateKey {
    let name: String
    /// PS256 instead of RS256.
    let isPSS: Bool
    let key: _RSA.Signing.PrivateKey

    init(_ name: String, isPSS: Bool = false) throws {
        self.name = name
        self.isPSS = isPSS
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    var document: [String: String] {
        // A key that cannot say its numbers is one that nobody can use.
        guard let numbers = try? key.publicKey.getKeyPrimitives() else { return [:] }
        // One that says no algorithm serves both.
        let algorithm = isPSS ? ["alg": "PS256"] : [:]
        let fields = [
            "kty": "RSA", "kid": name, "use": "sig", "n": SmallIssuer.base64URL(numbers.modulus),
            "e": SmallIssuer.base64URL(numbers.publicExponent),
        ]
        return fields.merging(algorithm) { $1 }
    }

    func sign(_ text: String) throws -> Data {
        try key.signature(for: Data(text.utf8), padding: isPSS ? .PSS : .insecurePKCS1v1_5).rawRepresentation
    }
}

struct ECKey: SmallIssuer.PrivateKey {
    let name: String
    let key = P256.Signing.PrivateKey()

    init(_ name: String) { self.name = name }

    var document: [String: String] {
        let point = key.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "kid": name, "alg": "ES256", "x": SmallIssuer.base64URL(point.prefix(32)),
            "y": SmallIssuer.base64URL(point.suffix(32)),
        ]
    }

    func sign(_ text: String) throws -> Data { try key.signature(for: Data(text.utf8)).rawRepresentation }
}

struct EdwardsKey: SmallIssuer.PrivateKey {
    let name: String
    let key = Curve25519.Signing.PrivateKey()

    init(_ name: String) { self.name = name }

    var document: [String: String] {
        ["kty": "OKP", "crv": "Ed25519", "kid": name, "x": SmallIssuer.base64URL(key.publicKey.rawRepresentation)]
    }

    func sign(_ text: String) throws -> Data { try key.signature(for: Data(text.utf8)) }
}
