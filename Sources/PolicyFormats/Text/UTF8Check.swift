// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One pass over bytes that says whether they are well-formed UTF-8 (RFC 3629) without NUL, and all ASCII.
struct UTF8Check {
    private(set) var isASCII = true
    private(set) var problem: TextProblem?

    /// Lines that may start a directive; libyaml compares each directive with all before it.
    private static let maximumDirectives = 100

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        var directives = 0
        while index < bytes.count {
            let byte = bytes[index]
            // Most bytes are ASCII, and neither NUL nor the beginning of a directive.
            if byte &- 1 < 0x7F, byte != UInt8(ascii: "%") {
                index += 1
                continue
            }
            if byte == UInt8(ascii: "%") {
                index += 1
                guard index == 1 || bytes[index - 2] == UInt8(ascii: "\n") || bytes[index - 2] == 0x0D else { continue }
                directives += 1
                guard directives <= Self.maximumDirectives else {
                    let message = "the file has more than \(Self.maximumDirectives) lines that start with \"%\""
                    problem = Self.problem(message, at: index - 1, in: bytes)
                    return
                }
                continue
            }
            guard byte != 0 else {
                problem = Self.problem("the file contains a NUL byte", at: index, in: bytes)
                return
            }
            isASCII = false
            let length = Self.sequenceLength(bytes, at: index)
            guard length > 0 else {
                problem = Self.problem("the file is not valid UTF-8", at: index, in: bytes)
                return
            }
            index += length
        }
    }

    /// Length of the well-formed multi-byte sequence at `index`; 0 when there is none.
    private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = bytes[index]
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        guard index + length <= bytes.count else { return 0 }
        for position in 1..<length where bytes[index + position] & 0xC0 != 0x80 { return 0 }
        switch (lead, bytes[index + 1]) {
        // Overlong forms, surrogates, and past U+10FFFF.
        case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 0
        default: return length
        }
    }

    private static func problem(_ message: String, at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> TextProblem {
        var line = 1
        var column = 1
        for byte in bytes[..<index] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return TextProblem(message, at: TextMark(line: line, column: column, offset: index))
    }
}
