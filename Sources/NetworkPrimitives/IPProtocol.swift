// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// An IP protocol number (IANA "Assigned Internet Protocol Numbers").
public struct IPProtocol: RawRepresentable, Hashable, Sendable, Comparable, Codable {
    /// The protocol number, 0...255.
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let icmp = IPProtocol(rawValue: 1)
    public static let igmp = IPProtocol(rawValue: 2)
    public static let ipip = IPProtocol(rawValue: 4)
    public static let tcp = IPProtocol(rawValue: 6)
    public static let udp = IPProtocol(rawValue: 17)
    public static let ipv6 = IPProtocol(rawValue: 41)
    public static let gre = IPProtocol(rawValue: 47)
    public static let esp = IPProtocol(rawValue: 50)
    public static let ah = IPProtocol(rawValue: 51)
    public static let icmpv6 = IPProtocol(rawValue: 58)
    public static let vrrp = IPProtocol(rawValue: 112)
    public static let sctp = IPProtocol(rawValue: 132)

    /// The protocols that carry ports and that `ANY` stands for in Cilium policies: TCP, UDP and SCTP.
    public static let withPorts: [IPProtocol] = [.tcp, .udp, .sctp]

    /// Whether source and destination ports exist in this protocol.
    public var hasPorts: Bool { self == .tcp || self == .udp || self == .sctp }

    /// Whether this is ICMP for IPv4 or IPv6; its "port" is the message type.
    public var isICMP: Bool { self == .icmp || self == .icmpv6 }

    public static func < (left: IPProtocol, right: IPProtocol) -> Bool { left.rawValue < right.rawValue }
}

extension IPProtocol: CustomStringConvertible {
    private static let names: [UInt8: String] = [
        1: "ICMP", 2: "IGMP", 4: "IPIP", 6: "TCP", 17: "UDP", 41: "IPV6", 47: "GRE", 50: "ESP", 51: "AH", 58: "ICMPv6",
        112: "VRRP", 132: "SCTP",
    ]

    /// The name in the field's spelling (`TCP`, `ICMPv6`), or `protocol 89`.
    public var description: String { Self.names[rawValue] ?? "protocol \(rawValue)" }

    /// Reads a name in any case; `nil` when unknown.
    public init?(name: String) {
        let upper = name.uppercased()
        guard let found = Self.names.first(where: { $0.value.uppercased() == upper }) else { return nil }
        self.init(rawValue: found.key)
    }
}
