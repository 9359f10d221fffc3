// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// What our ruleset writes on connections and log messages, so that events can be told apart and traced to the ruleset
/// that judged them.
public enum KernelMarks {
    /// The packet log group (NFLOG) that the ruleset sends to.
    public static let logGroup: UInt16 = 7350

    /// Generations are counted in 28 bits, from 1.
    public static let maximumGeneration: UInt32 = 0x0fff_ffff

    /// Connection mark bits that hold the generation; the low four bits are `ConnectionFlags`.
    public static let generationMask: UInt32 = 0xffff_fff0
}

/// The low four bits of a connection mark.
public struct ConnectionFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An allowed event was logged for this connection.
    public static let loggedAllowed = ConnectionFlags(rawValue: 1)
    /// A would-drop event was logged for this connection.
    public static let loggedWouldDrop = ConnectionFlags(rawValue: 2)
    /// The last judgement was "would drop".
    public static let wouldDrop = ConnectionFlags(rawValue: 4)
}

/// A connection mark: the generation that last judged the connection, and flags.
public struct ConnectionMark: Hashable, Sendable {
    /// 0: not judged by us.
    public var generation: UInt32
    public var flags: ConnectionFlags

    public init(rawValue: UInt32) {
        generation = rawValue >> 4
        flags = ConnectionFlags(rawValue: rawValue & 0xf)
    }
}

/// The text of a log message: which ruleset generation logged, what it decided, and on which side.
///
/// Ten bytes, so that it costs no allocation: `p`, seven hex digits, outcome, side (a capital for a reply packet).
public struct LogPrefix: Hashable, Sendable {
    public enum Outcome: Character, Hashable, Sendable, CaseIterable {
        case allowed = "A"
        case wouldDrop = "U"
        case dropped = "D"
        /// Dropped because an end has an address of a container network that no container has.
        case droppedUnknown = "K"
        /// Would be dropped for the same reason.
        case wouldDropUnknown = "k"
        /// Dropped because the source address or MAC address belongs to somebody else.
        case droppedSpoofed = "S"
        /// Would be dropped for the same reason.
        case wouldDropSpoofed = "s"
        /// Dropped because connection tracking cannot place the packet.
        case droppedInvalid = "X"
    }

    public var generation: UInt32
    public var outcome: Outcome
    /// `nil` when no side decided.
    public var direction: Direction?
    /// Whether the packet travels against its connection, so that its addresses are swapped.
    public var isReply: Bool

    public init(generation: UInt32, outcome: Outcome, direction: Direction?, isReply: Bool = false) {
        self.generation = generation
        self.outcome = outcome
        self.direction = direction
        self.isReply = isReply
    }
}

extension LogPrefix: LosslessStringConvertible {
    public var description: String {
        let digits = String(generation & KernelMarks.maximumGeneration, radix: 16)
        let side =
            isReply
            ? (direction.map { $0 == .ingress ? "I" : "E" } ?? "=")
            : direction.map { $0 == .ingress ? "i" : "e" } ?? "-"
        return "p" + String(repeating: "0", count: 7 - digits.count) + digits + String(outcome.rawValue) + side
    }

    /// `nil` for text that is not ours.
    public init?(_ text: String) {
        var text = text
        let parsed = text.withUTF8 { bytes -> LogPrefix? in
            guard bytes.count == 10, bytes[0] == UInt8(ascii: "p"),
                let outcome = Outcome(rawValue: Character(Unicode.Scalar(bytes[8])))
            else { return nil }
            var generation: UInt32 = 0
            for byte in bytes[1...7] {
                switch byte {
                case 0x30...0x39: generation = generation << 4 | UInt32(byte - 0x30)
                case 0x61...0x66: generation = generation << 4 | UInt32(byte - 0x61 + 10)
                default: return nil
                }
            }
            var prefix = LogPrefix(generation: generation, outcome: outcome, direction: nil)
            switch bytes[9] {
            case UInt8(ascii: "i"): prefix.direction = .ingress
            case UInt8(ascii: "e"): prefix.direction = .egress
            case UInt8(ascii: "-"): break
            case UInt8(ascii: "I"): (prefix.direction, prefix.isReply) = (.ingress, true)
            case UInt8(ascii: "E"): (prefix.direction, prefix.isReply) = (.egress, true)
            case UInt8(ascii: "="): prefix.isReply = true
            default: return nil
            }
            return prefix
        }
        guard let parsed else { return nil }
        self = parsed
    }
}
