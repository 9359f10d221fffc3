// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension IPAddress: LosslessStringConvertible, Codable {
    /// Reads dotted-quad IPv4 or RFC 4291 IPv6 text.
    ///
    /// Leading zeros in IPv4 parts are refused (they are octal to some readers and decimal to others, so they would mean
    /// different addresses in different tools), and so are zone suffixes.
    public init?(_ text: String) {
        let parsed = text.utf8.contains(UInt8(ascii: ":")) ? Self.parseV6(text) : Self.parseV4(text)
        guard let parsed else { return nil }
        self = parsed
    }

    private static func parseV4(_ text: some StringProtocol) -> IPAddress? {
        var value: UInt32 = 0
        var (parts, digits, part) = (1, 0, UInt32(0))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."):
                guard digits > 0, parts < 4 else { return nil }
                (value, part) = (value << 8 | part, 0)
                (parts, digits) = (parts + 1, 0)
            case 0x30...0x39:
                // No digit may follow a zero that begins a part.
                guard digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - 0x30)
                digits += 1
                guard part <= 255 else { return nil }
            default: return nil
            }
        }
        return parts == 4 && digits > 0 ? IPAddress(v4: value << 8 | part) : nil
    }

    private static func parseV6(_ text: String) -> IPAddress? {
        let halves = text.components(separatedByDoubleColon: ())
        guard halves.count <= 2, let head = groups(halves[0], allowsV4Tail: halves.count == 1) else { return nil }
        guard halves.count == 2 else {
            return head.count == 8 ? IPAddress(groups: head) : nil
        }
        guard let tail = groups(halves[1], allowsV4Tail: true), head.count + tail.count <= 7 else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
        return IPAddress(groups: head + zeros + tail)
    }

    /// The 16-bit groups of one side of `::`; `nil` when a group is not valid.
    private static func groups(_ text: Substring, allowsV4Tail: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.utf8.contains(UInt8(ascii: ".")) {
                guard allowsV4Tail, index == parts.count - 1, let v4 = parseV4(part) else { return nil }
                result += [UInt16(truncatingIfNeeded: v4.bits >> 16), UInt16(truncatingIfNeeded: v4.bits)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                result.append(group)
            }
        }
        return result.count <= 8 ? result : nil
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private init(groups: [UInt16]) {
        self.init(family: .v6, bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }

    /// Dotted quad, or RFC 5952 text (lower case, the longest run of zero groups shortened).
    public var description: String {
        switch family {
        case .v4: return bytes.map(String.init).joined(separator: ".")
        case .v6: return descriptionV6
        }
    }

    private var descriptionV6: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128((7 - $0) * 16)) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return text(0..<8) }
        return text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let address = IPAddress(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an IP address: \(text)")
            )
        }
        self = address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension String {
    /// The parts between occurrences of `::`; more than two parts mean the text is not an IPv6 address.
    fileprivate func components(separatedByDoubleColon: Void) -> [Substring] {
        var parts: [Substring] = []
        var start = startIndex
        var index = startIndex
        while index < endIndex {
            let next = self.index(after: index)
            if self[index] == ":", next < endIndex, self[next] == ":" {
                parts.append(self[start..<index])
                start = self.index(after: next)
                index = start
            } else {
                index = next
            }
        }
        parts.append(self[start...])
        return parts
    }
}
