// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A scalar of a YAML or JSON text, read as Kubernetes reads it.
package struct TextScalar: Hashable, Sendable {
    package enum Style: UInt8, Hashable, Sendable {
        case plain, quoted
    }

    /// The meaning of a scalar.
    package enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        /// A number that is not an integer of 64 bits, as written.
        case number(String)
        case string(String)
    }

    /// A meaning without the text that goes with it; scalars are many, and each has its text already.
    private enum Kind: Hashable, Sendable {
        case null, yes, no, integer, number, string
    }

    /// The text after unescaping.
    package let text: String
    package let style: Style
    private let kind: Kind

    /// The meaning by style, tag and text.
    package var value: Value {
        switch kind {
        case .null: .null
        case .number: .number(text)
        case .string: .string(text)
        case .yes: .bool(true)
        case .no: .bool(false)
        case .integer: Self.integer(text).map(Value.integer) ?? .number(text)
        }
    }

    /// Whether the meaning is nothing.
    package var isNull: Bool { kind == .null }

    /// Whether the meaning is the text itself.
    package var isString: Bool { kind == .string }

    /// A quoted scalar.
    package init(string: String) {
        self.text = string
        self.style = .quoted
        self.kind = .string
    }

    /// A plain scalar without a tag: YAML 1.1 words and numbers have their own types.
    package init(plain text: String) {
        self.text = text
        self.style = .plain
        self.kind = Self.resolve(text)
    }

    /// A scalar with one of YAML's own tags (`!!str`); `nil` when the tag is unknown or does not fit the text.
    package init?(_ text: String, tag: String) {
        self.text = text
        self.style = .plain
        let resolved = Self.resolve(text)
        switch (tag, resolved) {
        case ("tag:yaml.org,2002:str", _), ("!", _): self.kind = .string
        case ("tag:yaml.org,2002:int", .integer), ("tag:yaml.org,2002:bool", .yes), ("tag:yaml.org,2002:bool", .no),
            ("tag:yaml.org,2002:null", .null),
            ("tag:yaml.org,2002:float", .number), ("tag:yaml.org,2002:float", .integer):
            self.kind = resolved
        default: return nil
        }
    }

    /// YAML 1.1's types for a plain scalar (yaml.org/type), as the YAML reader of Kubernetes has them.
    ///
    /// `on`, `yes` and `y` are booleans; `0x1F`, `0b1`, `017` and `1_000` are integers; dates stay strings.
    private static func resolve(_ text: String) -> Kind {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text) ?? .string
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "y"), UInt8(ascii: "Y"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            return word(text) ?? .string
        default: return .string
        }
    }

    private static func word(_ text: String) -> Kind? {
        // None of the words is longer than "false".
        guard text.utf8.count <= 5 else { return nil }
        return switch text {
        case "~", "null", "Null", "NULL": .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": .yes
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": .no
        default: nil
        }
    }

    private static func number(_ text: String) -> Kind? {
        if integer(text) != nil { return .integer }
        return isFloat(text) ? .number : nil
    }

    /// A whole number of 64 bits, with a sign, underscores and a prefix for its base where it has them.
    private static func integer(_ text: String) -> Int? {
        // Most of what begins with a digit is a port, or an address, which no number resembles.
        if let port = decimal(text) { return port }
        guard !text.utf8.contains(UInt8(ascii: ".")) else { return nil }
        let (digits, isNegative) = magnitude(text)
        return unsignedInteger(digits).map { isNegative ? -$0 : $0 }
    }

    /// The text without sign and underscores.
    private static func magnitude(_ text: String) -> (digits: [UInt8], isNegative: Bool) {
        var digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        return (digits, isNegative)
    }

    /// A number of at most nine decimal digits that does not begin with a zero.
    private static func decimal(_ text: String) -> Int? {
        guard text.utf8.count <= 9, text.utf8.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Reads digits with the prefixes `0x`, `0o`, `0b` and `0`; `nil` for anything else or past 63 bits.
    private static func unsignedInteger(_ digits: [UInt8]) -> Int? {
        guard !digits.isEmpty else { return nil }
        var radix = 10
        var rest = digits[...]
        if digits.count > 1, digits[0] == UInt8(ascii: "0") {
            switch digits[1] | 0x20 {
            case UInt8(ascii: "x"): (radix, rest) = (16, digits.dropFirst(2))
            case UInt8(ascii: "o"): (radix, rest) = (8, digits.dropFirst(2))
            case UInt8(ascii: "b"): (radix, rest) = (2, digits.dropFirst(2))
            default: (radix, rest) = (8, digits.dropFirst(1))
            }
        }
        guard let first = rest.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return Int(String(decoding: rest, as: UTF8.self), radix: radix)
    }

    /// Whether text is a decimal float, `.inf` or `.nan`, with a sign where it has one.
    private static func isFloat(_ text: String) -> Bool {
        var dots = 0
        for byte in text.utf8 where byte == UInt8(ascii: ".") { dots += 1 }
        guard dots < 2 else { return false }
        let digits = magnitude(text).digits
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(String(decoding: digits, as: UTF8.self)) {
            return true
        }
        var seenDigit = false
        var seenDot = false
        var index = 0
        while index < digits.count {
            switch digits[index] {
            case 0x30...0x39: seenDigit = true
            case UInt8(ascii: ".") where !seenDot: seenDot = true
            case UInt8(ascii: "e") where seenDigit, UInt8(ascii: "E") where seenDigit:
                var exponent = digits[(index + 1)...]
                if let sign = exponent.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                    exponent = exponent.dropFirst()
                }
                return !exponent.isEmpty && exponent.allSatisfy { (0x30...0x39).contains($0) }
            default: return false
            }
            index += 1
        }
        return seenDigit
    }
}

extension TextScalar.Value {
    /// What messages call the value: `the number 80`, `the boolean true`, `a string`.
    package var typeDescription: String {
        switch self {
        case .null: "null"
        case .bool(let value): "the boolean \(value)"
        case .integer(let value): "the number \(value)"
        case .number(let text): "the number \(shown(text))"
        case .string(let text): "the string \"\(shown(text))\""
        }
    }
}
