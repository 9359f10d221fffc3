// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
public import FlowModel
public import Netlink

/// Decodes the messages of the kernel's packet log (NFLOG, `linux/netfilter/nfnetlink_log.h`).
///
/// Bytes in, values out, nothing else: no allocation per packet while the log prefix has at most 15 bytes, and no trap
/// on any input.
public enum PacketLogDecoder {
    /// A logged packet and its number in the log, by which gaps are seen.
    public struct Entry: Hashable, Sendable {
        public var packet: LoggedPacket
        /// Counts every packet that was logged to the group since the listener bound it; `nil` when not numbered.
        public var sequence: UInt32?
    }

    /// What a message of the log turned out to be.
    public enum Outcome: Hashable, Sendable {
        case packet(Entry)
        /// A logged packet that is not IP or too short to tell; it still counts in the sequence.
        case unreadable(sequence: UInt32?)
        /// Another kind of message.
        case other
    }

    /// - Parameters:
    ///   - message: one message of a datagram from the log.
    ///   - receivedAt: microseconds since 1970, for packets that the kernel has not time-stamped.
    public static func decode(_ message: NetlinkMessage, receivedAt: Int64) -> Outcome {
        guard message.subsystem == UInt16(NFNL_SUBSYS_ULOG), message.subtype == UInt16(NFULNL_MSG_PACKET.rawValue)
        else { return .other }
        var fields = Fields()
        for attribute in message.attributes(after: 4) { fields.take(attribute) }
        guard let payload = fields.payload, let header = PacketHeaderDecoder.decode(payload) else {
            return .unreadable(sequence: fields.sequence)
        }
        let packet = LoggedPacket(
            time: fields.time ?? receivedAt,
            prefix: fields.prefix,
            tuple: header.tuple,
            icmpCode: header.icmpCode,
            tcpFlags: header.tcpFlags,
            length: header.length,
            // A bridge port says more than its bridge.
            inputInterface: fields.inputPort ?? fields.input ?? 0,
            outputInterface: fields.outputPort ?? fields.output ?? 0
        )
        return .packet(Entry(packet: packet, sequence: fields.sequence))
    }

    private struct Fields {
        var prefix = ""
        var payload: UnsafeRawBufferPointer?
        var time: Int64?
        var sequence: UInt32?
        var input: UInt32?
        var output: UInt32?
        var inputPort: UInt32?
        var outputPort: UInt32?

        mutating func take(_ attribute: NetlinkAttribute) {
            let bytes = attribute.payload
            switch attribute.type {
            case Int(NFULA_PAYLOAD.rawValue): payload = bytes
            case Int(NFULA_PREFIX.rawValue): prefix = Self.text(bytes)
            case Int(NFULA_SEQ.rawValue): sequence = bytes.network(UInt32.self, at: 0)
            case Int(NFULA_TIMESTAMP.rawValue): time = Self.microseconds(bytes)
            case Int(NFULA_IFINDEX_INDEV.rawValue): input = bytes.network(UInt32.self, at: 0)
            case Int(NFULA_IFINDEX_OUTDEV.rawValue): output = bytes.network(UInt32.self, at: 0)
            case Int(NFULA_IFINDEX_PHYSINDEV.rawValue): inputPort = bytes.network(UInt32.self, at: 0)
            case Int(NFULA_IFINDEX_PHYSOUTDEV.rawValue): outputPort = bytes.network(UInt32.self, at: 0)
            default: break
            }
        }

        private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
            let length = bytes.last == 0 ? bytes.count - 1 : bytes.count
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[..<length]), as: UTF8.self)
        }

        /// `struct nfulnl_msg_packet_timestamp`: seconds and microseconds.
        private static func microseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
            guard let seconds = bytes.network(Int64.self, at: 0), let rest = bytes.network(Int64.self, at: 8),
                (0..<1_000_000).contains(rest), (0..<(1 << 40)).contains(seconds)
            else { return nil }
            return seconds * 1_000_000 + rest
        }
    }
}
