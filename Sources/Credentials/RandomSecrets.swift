// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import Crypto

/// Secrets from the system's random generator.
public struct RandomSecrets: SecretSource {
    public init() {}

    public func secret(_ kind: SecretKind) -> String { kind.rawValue + Base64.url(Self.bytes(32)) }

    public func id() -> String { Self.hexadecimal(Self.bytes(12)) }

    public func digest(_ text: String) -> String { Self.hexadecimal(Digest.sha256(text.utf8)) }

    static func bytes(_ count: Int) -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }
}
