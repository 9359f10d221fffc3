// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One IPv4 or IPv6 address.
///
/// The two families never compare equal: `0.0.0.1` and `::1` are different addresses. Ordering puts IPv4 first, then
/// follows the numeric value, so sorted output is stable and readable.
public struct IPAddress: Hashable, Sendable {
    /// The address family.
    public enum Family: UInt8, Hashable, Sendable, CaseIterable, Comparable {
        case v4 = 4
        case v6 = 6

        /// Bits in an address of this family: 32 or 128.
        public var bitWidth: Int { self == .v4 ? 32 : 128 }

        public static func < (left: Family, right: Family) -> Bool { left.rawValue < right.rawValue }
    }

    /// The family of this address.
    public let family: Family

    /// The numeric value in host order; for IPv4 in the low 32 bits.
    public let bits: UInt128

    /// An address from its numeric value.
    ///
    /// For IPv4 only the low 32 bits count.
    public init(family: Family, bits: UInt128) {
        self.family = family
        self.bits = family == .v4 ? bits & 0xffff_ffff : bits
    }

    /// An IPv4 address from its 32-bit value in host order.
    public init(v4 value: UInt32) {
        self.init(family: .v4, bits: UInt128(value))
    }

    /// An address from 4 or 16 bytes in network order; `nil` for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.init(family: .v4, bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        case 16: self.init(family: .v6, bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }

    /// The address in network order: 4 or 16 bytes.
    public var bytes: [UInt8] {
        let count = family.bitWidth / 8
        return (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt128((count - 1 - $0) * 8)) }
    }

    /// Whether the address is link-local (169.254.0.0/16, fe80::/10).
    public var isLinkLocal: Bool {
        family == .v4 ? bits >> 16 == 0xa9fe : bits >> 118 == 0x3fa
    }

    /// Whether the address is a loopback address (127.0.0.0/8, ::1).
    public var isLoopback: Bool {
        family == .v4 ? bits >> 24 == 127 : bits == 1
    }

    /// Whether the address is a multicast address (224.0.0.0/4, ff00::/8).
    public var isMulticast: Bool {
        family == .v4 ? bits >> 28 == 0xe : bits >> 120 == 0xff
    }
}

extension IPAddress: Comparable {
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.family == right.family ? left.bits < right.bits : left.family < right.family
    }
}
