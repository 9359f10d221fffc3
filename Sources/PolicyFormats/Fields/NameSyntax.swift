// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Syntax of names and labels in Kubernetes (documentation, "Object Names and IDs" and "Labels and Selectors").
package enum NameSyntax {
    /// DNS-1123 label: `[a-z0-9]([-a-z0-9]*[a-z0-9])?`, at most 63 bytes.
    package static func isDNSLabel(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 63 && isDNSPart(text.utf8)
    }

    /// DNS-1123 subdomain: labels joined by dots, at most 253 bytes in all.
    package static func isDNSSubdomain(_ text: some StringProtocol) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        var last = dot
        for byte in text.utf8 {
            // A part may neither begin nor end with anything but a letter or digit.
            guard
                isLowerAlphanumeric(byte) || (byte == hyphen && last != dot)
                    || (byte == dot && isLowerAlphanumeric(last))
            else { return false }
            last = byte
        }
        return isLowerAlphanumeric(last)
    }

    private static func isDNSPart(_ bytes: some Collection<UInt8>) -> Bool {
        var last = hyphen
        for (index, byte) in bytes.enumerated() {
            guard isLowerAlphanumeric(byte) || (byte == hyphen && index > 0) else { return false }
            last = byte
        }
        return isLowerAlphanumeric(last)
    }

    /// IANA service name (RFC 6335): at most 15 letters, digits and single hyphens, with a letter.
    ///
    /// Upper case is accepted where `allowsUpperCase`.
    package static func isPortName(_ text: String, allowsUpperCase: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...15).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else { return false }
        var hasLetter = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x61...0x7A: hasLetter = true
            case 0x41...0x5A where allowsUpperCase: hasLetter = true
            case 0x30...0x39: break
            case hyphen where bytes[index - 1] != hyphen: break
            default: return false
            }
        }
        return hasLetter
    }

    /// Why text is no label key (`[prefix/]name`); `nil` when it is one.
    package static func problem(labelKey text: some StringProtocol) -> String? {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return problem(labelName: text) }
        let name = text[text.utf8.index(after: slash)...]
        guard !name.utf8.contains(UInt8(ascii: "/")) else { return "a key has at most one \"/\"" }
        guard isDNSSubdomain(text[..<slash]) else {
            return "the part before \"/\" must be a DNS name of lower-case letters, digits, \"-\" and \".\""
        }
        return problem(labelName: name)
    }

    private static func problem(labelName name: some StringProtocol) -> String? {
        guard !name.isEmpty else { return "the name is empty" }
        guard name.utf8.count <= 63 else { return "the name is longer than 63 characters" }
        return isLabelText(name) ? nil : nameReason
    }

    /// Why text is no label value; `nil` when it is one.
    package static func problem(labelValue text: some StringProtocol) -> String? {
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= 63 else { return "the value is longer than 63 characters" }
        return isLabelText(text) ? nil : nameReason
    }

    private static let hyphen = UInt8(ascii: "-")
    private static let dot = UInt8(ascii: ".")
    private static let nameReason =
        "it may have letters, digits, \"-\", \"_\" and \".\", and must start and end with a letter or digit"

    private static func isLabelText(_ text: some StringProtocol) -> Bool {
        var (isFirst, last) = (true, hyphen)
        for byte in text.utf8 {
            guard isAlphanumeric(byte) || (!isFirst && (byte == hyphen || byte == UInt8(ascii: "_") || byte == dot))
            else {
                return false
            }
            (isFirst, last) = (false, byte)
        }
        return isAlphanumeric(last)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (0x41...0x5A).contains(byte)
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
