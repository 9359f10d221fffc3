// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Reads JSON from bytes in one pass, without a tree (RFC 8259).
///
/// Every function returns `nil` or `false` at the first byte that is not JSON, and never reads past the end. What the reader
/// is not interested in is skipped, not built.
package struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0
    private static let depthLimit = 64

    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether nothing but blanks is left.
    package mutating func isAtEnd() -> Bool {
        skipBlanks()
        return index == bytes.count
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    private mutating func consume(_ expected: UInt8) -> Bool {
        skipBlanks()
        guard byte == expected else { return false }
        index += 1
        return true
    }

    /// Calls `member` with each key of an object; it has to read the value and say whether that went well.
    package mutating func object(_ member: (String, inout JSONScanner) -> Bool) -> Bool {
        guard consume(UInt8(ascii: "{")), depth < Self.depthLimit else { return false }
        depth += 1
        defer { depth -= 1 }
        if consume(UInt8(ascii: "}")) { return true }
        repeat {
            guard let key = string(), consume(UInt8(ascii: ":")), member(key, &self) else { return false }
        } while consume(UInt8(ascii: ","))
        return consume(UInt8(ascii: "}"))
    }

    /// Calls `item` at each item of a list; it has to read the item and say whether that went well.
    package mutating func list(_ item: (inout JSONScanner) -> Bool) -> Bool {
        guard consume(UInt8(ascii: "[")), depth < Self.depthLimit else { return false }
        depth += 1
        defer { depth -= 1 }
        if consume(UInt8(ascii: "]")) { return true }
        repeat {
            guard item(&self) else { return false }
        } while consume(UInt8(ascii: ","))
        return consume(UInt8(ascii: "]"))
    }

    /// Skips one value of any kind.
    package mutating func skip() -> Bool {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"): return object { _, scanner in scanner.skip() }
        case UInt8(ascii: "["): return list { $0.skip() }
        case UInt8(ascii: "\""): return skipString()
        case .some: return word() != nil
        case nil: return false
        }
    }

    /// Whether the next value is `null`; reads it then.
    package mutating func null() -> Bool {
        skipBlanks()
        guard byte == UInt8(ascii: "n") else { return false }
        return word() == "null"
    }

    /// The next value where it is a string; another value is skipped and is no error.
    package mutating func optionalString(_ value: inout String?) -> Bool {
        skipBlanks()
        guard byte == UInt8(ascii: "\"") else { return skip() }
        value = string()
        return value != nil
    }

    /// The next value where it is a number, also one written as a string; another value is skipped.
    package mutating func optionalNumber(_ value: inout UInt64?) -> Bool {
        skipBlanks()
        guard let byte else { return false }
        if byte == UInt8(ascii: "\"") {
            guard let text = string() else { return false }
            value = UInt64(text)
            return true
        }
        guard (0x30...0x39).contains(byte) else { return skip() }
        guard let text = word() else { return false }
        value = UInt64(text)
        return true
    }

    /// The next value where it is a boolean; another value is skipped.
    package mutating func optionalBool(_ value: inout Bool?) -> Bool {
        skipBlanks()
        guard byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f") else { return skip() }
        guard let text = word() else { return false }
        value = text == "true"
        return true
    }

    // MARK: Scalars

    /// `true`, `false`, `null` or a number.
    private mutating func word() -> String? {
        let first = index
        while let byte, Self.isWordByte(byte) { index += 1 }
        let text = String(decoding: bytes[first..<index], as: UTF8.self)
        switch text {
        case "true", "false", "null": return text
        default: return Self.isNumber(bytes[first..<index]) ? text : nil
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        let leadsWithZero = rest.first == 0x30
        let whole = digits()
        guard whole > 0, !leadsWithZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func skipString() -> Bool {
        index += 1
        while let byte {
            index += 1
            if byte == UInt8(ascii: "\"") { return true }
            guard byte >= 0x20 else { return false }
            if byte == UInt8(ascii: "\\") {
                guard index < bytes.count else { return false }
                index += 1
            }
        }
        return false
    }

    private mutating func string() -> String? {
        guard consume(UInt8(ascii: "\"")) else { return nil }
        let first = index
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { return nil }
            index += 1
        }
        guard byte == UInt8(ascii: "\\") else {
            guard byte != nil else { return nil }
            index += 1
            // Bytes that are no UTF-8 become replacement characters, which no name has.
            return String(decoding: bytes[first..<(index - 1)], as: UTF8.self)
        }
        return escapedString(from: first)
    }

    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from first: Int) -> String? {
        var units = Array(bytes[first..<index])
        while let byte {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                continue
            }
            guard let scalar = escape() else { return nil }
            units.append(contentsOf: String(Character(scalar)).utf8)
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let letter = byte else { return nil }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let high = hexUnit() else { return nil }
            guard (0xD800..<0xE000).contains(high) else { return Unicode.Scalar(high) }
            guard high < 0xDC00, byte == UInt8(ascii: "\\") else { return nil }
            index += 1
            guard byte == UInt8(ascii: "u") else { return nil }
            index += 1
            guard let low = hexUnit(), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        default: return nil
        }
    }

    private mutating func hexUnit() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}
