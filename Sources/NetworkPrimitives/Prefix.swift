// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// An address block in prefix notation, its host bits always zero.
public struct Prefix: Hashable, Sendable {
    /// The first address of the block.
    public let base: IPAddress

    /// Leading bits that addresses of the block share: 0...32 or 0...128.
    public let length: Int

    /// The block of `length` bits that contains `address`; host bits of `address` are cleared.
    ///
    /// - Precondition: `length` lies in 0...`address.family.bitWidth`.
    public init(_ address: IPAddress, length: Int) {
        precondition((0...address.family.bitWidth).contains(length), "prefix length out of range")
        self.base = IPAddress(family: address.family, bits: address.bits & Self.mask(address.family, length))
        self.length = length
    }

    /// The block that holds `address` alone.
    public init(host address: IPAddress) {
        self.init(address, length: address.family.bitWidth)
    }

    /// The family of the block's addresses.
    public var family: IPAddress.Family { base.family }

    /// The last address of the block.
    public var last: IPAddress {
        let all: UInt128 = family == .v4 ? 0xffff_ffff : .max
        return IPAddress(family: family, bits: base.bits | (all & ~Self.mask(family, length)))
    }

    /// Whether `address` is one of the block's addresses; never true across families.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && address.bits & Self.mask(family, length) == base.bits
    }

    /// Whether every address of `other` is one of the block's addresses; never true across families.
    public func contains(_ other: Prefix) -> Bool {
        other.length >= length && contains(other.base)
    }

    private static func mask(_ family: IPAddress.Family, _ length: Int) -> UInt128 {
        let width = family.bitWidth
        guard length > 0 else { return 0 }
        let ones: UInt128 = family == .v4 ? 0xffff_ffff : .max
        return ones & ~((UInt128(1) << UInt128(width - length)) &- 1)
    }
}

extension Prefix: LosslessStringConvertible, Comparable, Codable {
    /// Reads `address/length`.
    ///
    /// A bare address is refused; host bits that are set are cleared (see `hasHostBits(_:)` to warn about them).
    public init?(_ text: String) {
        guard let (address, length) = Self.parts(text) else { return nil }
        self.init(address, length: length)
    }

    /// A block, and whether its text has host bits set; `nil` where `init(_:)` fails.
    public static func reading(_ text: String) -> (prefix: Prefix, hasHostBits: Bool)? {
        guard let (address, length) = parts(text) else { return nil }
        let prefix = Prefix(address, length: length)
        return (prefix, prefix.base != address)
    }

    /// Whether the text is a valid prefix whose address has bits set to the right of the prefix length.
    public static func hasHostBits(_ text: String) -> Bool {
        reading(text)?.hasHostBits ?? false
    }

    private static func parts(_ text: String) -> (IPAddress, Int)? {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let digits = text[text.utf8.index(after: slash)...].utf8
        guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == 1 || digits.first != 0x30, let address = IPAddress(String(text[..<slash]))
        else { return nil }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return length <= address.family.bitWidth ? (address, length) : nil
    }

    public var description: String { "\(base)/\(length)" }

    public static func < (left: Prefix, right: Prefix) -> Bool {
        left.base == right.base ? left.length < right.length : left.base < right.base
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let prefix = Prefix(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an address block: \(text)")
            )
        }
        self = prefix
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
