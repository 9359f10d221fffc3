// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// An inclusive range of port numbers (or of ICMP types, for the ICMP protocols).
public struct PortRange: Hashable, Sendable, Codable, Comparable {
    public let lowerBound: UInt16
    public let upperBound: UInt16

    /// Every port, 0...65535.
    public static let all = PortRange(0, 65535)

    /// - Precondition: `lower <= upper`.
    public init(_ lower: UInt16, _ upper: UInt16) {
        precondition(lower <= upper, "port range must not end before it starts")
        self.lowerBound = lower
        self.upperBound = upper
    }

    /// The range that holds one port.
    public init(_ port: UInt16) { self.init(port, port) }

    public var isSinglePort: Bool { lowerBound == upperBound }

    public func contains(_ port: UInt16) -> Bool { lowerBound <= port && port <= upperBound }

    public static func < (left: PortRange, right: PortRange) -> Bool {
        (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
}
