// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Crypto
import CryptoExtras
import Foundation

struct RSAKey: SmallIssuer.PrivateKey {
    let name: String
    let key: _RSA.Signing.PrivateKey

    init(_ name: String) throws {
        self.name = name
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    var document: [String: String] {
        // A key that cannot say its numbers is one that nobody can use.
        guard let numbers = try? key.publicKey.getKeyPrimitives() else { return [:] }
        return [
            "kty": "RSA", "kid": name, "use": "sig", "n": SmallIssuer.base64URL(numbers.modulus),
            "e": SmallIssuer.base64URL(numbers.publicExponent),
        ]
    }

    func sign(_ text: String) throws -> Data {
        try key.signature(for: Data(text.utf8), padding: .insecurePKCS1v1_5).rawRepresentation
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
