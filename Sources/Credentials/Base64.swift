// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Base 64 without `=` at the end (RFC 4648, sections 4 and 5).
enum Base64 {
    private static let plain = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let safe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// With the letters that may stand in a URL.
    static func url(_ bytes: [UInt8]) -> String { text(bytes, safe) }

    /// With the letters of PHC strings.
    static func text(_ bytes: [UInt8]) -> String { text(bytes, plain) }

    /// Reads what `text` writes; `nil` for anything else.
    static func bytes(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var value = 0
        var bits = 0
        for byte in text.utf8 {
            guard let digit = plain.firstIndex(of: byte) else { return nil }
            value = (value << 6 | digit) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: value >> bits))
            }
        }
        // Bits that are left over are zero, and a single letter is no byte.
        return self.text(result) == text ? result : nil
    }

    private static func text(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
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
