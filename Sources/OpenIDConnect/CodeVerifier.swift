// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Crypto

/// The secret of one sign-in attempt (RFC 7636, PKCE).
public struct CodeVerifier: Hashable, Sendable {
    /// 43 characters, base64url of 32 random bytes.
    public let text: String

    static let length = 43

    /// Takes a text that was made here before; `nil` when it cannot be one.
    init?(_ text: String) {
        let isOurs = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d
                || byte == 0x5f
        }
        guard text.utf8.count == Self.length, isOurs else { return nil }
        self.text = text
    }

    public init() { text = Self.base64URL(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }

    /// The S256 challenge.
    public var challenge: String { Self.base64URL(Array(SHA256.hash(data: Array(text.utf8)))) }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var value = 0
            for index in 0..<3 { value = value << 8 | Int(start + index < bytes.count ? bytes[start + index] : 0) }
            for index in 0...group.count { result.append(alphabet[value >> (18 - 6 * index) & 63]) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
