// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The text of an expression, read scalar by scalar.
struct ExpressionInput {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func takeNext() -> Unicode.Scalar? {
        guard let next else { return nil }
        index += 1
        return next
    }

    /// Goes past a text where it comes next.
    mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    func isAt(_ text: String) -> Bool { scalars[index...].starts(with: text.unicodeScalars) }

    /// Whether `*`, `+`, `?` or counts come next.
    var isAtRepetition: Bool {
        var copy = self
        return isAt("*") || isAt("+") || isAt("?") || copy.takeCounts() != nil
    }

    /// Reads `{2}`, `{2,}` or `{2,3}`; a brace with anything else in it stands for itself.
    mutating func takeCounts() -> (least: Int, most: Int?)? {
        let start = index
        guard take("{"), let least = takeNumber() else {
            index = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = isAt("}") ? nil : takeNumber() ?? -1 }
        guard most != -1, take("}") else {
            index = start
            return nil
        }
        return (least, most)
    }

    /// A number without a zero in front, as RE2 wants it; too many digits make one that is too large for anything.
    private mutating func takeNumber() -> Int? {
        let start = index
        while let next, ("0"..."9").contains(next) { index += 1 }
        let digits = scalars[start..<index]
        guard !digits.isEmpty, digits.count == 1 || digits.first != "0" else { return nil }
        return digits.count > 9 ? .max : digits.reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
    }

    /// Reads the rest of `(?P<name>`.
    mutating func groupName() throws {
        var isEmpty = true
        while let scalar = takeNext() {
            if scalar == ">", !isEmpty { return }
            guard ScalarSet.word.contains(scalar.value) else { break }
            isEmpty = false
        }
        throw ExpressionParser.Refusal()
    }

    /// Reads what stands behind a backslash and means one scalar.
    mutating func escapedScalar() throws -> Unicode.Scalar {
        guard let scalar = takeNext() else { throw ExpressionParser.Refusal() }
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x": return try hexadecimal()
        case "0"..."7": return try octal(scalar)
        default:
            // What is no letter and no digit stands for itself.
            guard scalar.value < 0x80, scalar == "_" || !ScalarSet.word.contains(scalar.value) else {
                throw ExpressionParser.Refusal()
            }
            return scalar
        }
    }

    /// Up to three digits; one that is not zero alone would be a reference to a group.
    private mutating func octal(_ first: Unicode.Scalar) throws -> Unicode.Scalar {
        var digits = String(first)
        while digits.utf8.count < 3, let next, ("0"..."7").contains(next) {
            digits.unicodeScalars.append(next)
            index += 1
        }
        guard first == "0" || digits.utf8.count > 1, let value = UInt32(digits, radix: 8),
            let scalar = Unicode.Scalar(value)
        else { throw ExpressionParser.Refusal() }
        return scalar
    }

    /// `\x7F` or `\x{10FFFF}`.
    private mutating func hexadecimal() throws -> Unicode.Scalar {
        let isBraced = take("{")
        var digits = ""
        while digits.utf8.count < (isBraced ? 6 : 2), let next, next.properties.isASCIIHexDigit {
            digits.unicodeScalars.append(next)
            index += 1
        }
        guard isBraced ? take("}") : digits.utf8.count == 2, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw ExpressionParser.Refusal() }
        return scalar
    }
}
