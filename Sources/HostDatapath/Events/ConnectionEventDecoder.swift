// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
public import FlowModel
public import Netlink
import NetworkPrimitives

/// Decodes the end of tracked connections (ctnetlink, `linux/netfilter/nfnetlink_conntrack.h`).
///
/// Bytes in, values out, nothing else: no allocation, and no trap on any input.
public enum ConnectionEventDecoder {
    /// The connection that a DESTROY message reports; `nil` for other messages and for what cannot be read.
    ///
    /// - Parameters:
    ///   - message: one message of a datagram from connection tracking.
    ///   - receivedAt: microseconds since 1970, for kernels that keep no timestamps.
    public static func decode(_ message: NetlinkMessage, receivedAt: Int64) -> EndedConnection? {
        guard isDestroy(message) else { return nil }
        var fields = Fields()
        for attribute in message.attributes(after: 4) { fields.take(attribute) }
        guard let original = fields.original else { return nil }
        return EndedConnection(
            time: fields.stop.map { Int64(clamping: $0 / 1000) } ?? receivedAt,
            original: original,
            translated: translated(original, reply: fields.reply),
            mark: fields.mark,
            bytesSent: fields.sent.bytes,
            bytesReceived: fields.received.bytes,
            packetsSent: fields.sent.packets,
            packetsReceived: fields.received.packets,
            duration: fields.duration
        )
    }

    /// Whether the message reports the end of a connection.
    public static func isDestroy(_ message: NetlinkMessage) -> Bool {
        message.subsystem == UInt16(NFNL_SUBSYS_CTNETLINK) && message.subtype == UInt16(IPCTNL_MSG_CT_DELETE.rawValue)
    }

    /// The reply tuple turned round.
    ///
    /// ICMP keeps the type of the request: the reply's differs by nature.
    private static func translated(_ original: FlowTuple, reply: FlowTuple?) -> FlowTuple {
        guard let reply else { return original }
        return FlowTuple(
            source: reply.destination,
            destination: reply.source,
            ipProtocol: original.ipProtocol,
            sourcePort: original.ipProtocol.isICMP ? original.sourcePort : reply.destinationPort,
            destinationPort: original.ipProtocol.isICMP ? original.destinationPort : reply.sourcePort
        )
    }

    private struct Counters {
        var packets: UInt64 = 0
        var bytes: UInt64 = 0
    }

    private struct Fields {
        var original: FlowTuple?
        var reply: FlowTuple?
        var mark: UInt32 = 0
        var sent = Counters()
        var received = Counters()
        /// Nanoseconds since 1970.
        var start: UInt64?
        var stop: UInt64?

        /// Microseconds.
        var duration: Int64? {
            guard let start, let stop, stop >= start else { return nil }
            return Int64(clamping: (stop - start) / 1000)
        }

        mutating func take(_ attribute: NetlinkAttribute) {
            switch attribute.type {
            case Int(CTA_TUPLE_ORIG.rawValue): original = ConnectionEventDecoder.tuple(attribute)
            case Int(CTA_TUPLE_REPLY.rawValue): reply = ConnectionEventDecoder.tuple(attribute)
            case Int(CTA_MARK.rawValue): mark = attribute.payload.network(UInt32.self, at: 0) ?? 0
            case Int(CTA_COUNTERS_ORIG.rawValue): sent = Self.counters(attribute)
            case Int(CTA_COUNTERS_REPLY.rawValue): received = Self.counters(attribute)
            case Int(CTA_TIMESTAMP.rawValue):
                for part in attribute.nested {
                    switch part.type {
                    case Int(CTA_TIMESTAMP_START.rawValue): start = part.payload.network(UInt64.self, at: 0)
                    case Int(CTA_TIMESTAMP_STOP.rawValue): stop = part.payload.network(UInt64.self, at: 0)
                    default: break
                    }
                }
            default: break
            }
        }

        private static func counters(_ attribute: NetlinkAttribute) -> Counters {
            var counters = Counters()
            for part in attribute.nested {
                switch part.type {
                case Int(CTA_COUNTERS_PACKETS.rawValue):
                    counters.packets = part.payload.network(UInt64.self, at: 0) ?? 0
                case Int(CTA_COUNTERS_BYTES.rawValue):
                    counters.bytes = part.payload.network(UInt64.self, at: 0) ?? 0
                default: break
                }
            }
            return counters
        }
    }
}

extension ConnectionEventDecoder {
    /// One direction's addresses, protocol and ports; `nil` without addresses.
    private static func tuple(_ attribute: NetlinkAttribute) -> FlowTuple? {
        var addresses: (source: IPAddress, destination: IPAddress)?
        var ports = (ipProtocol: IPProtocol(rawValue: 0), source: UInt16(0), destination: UInt16(0))
        for part in attribute.nested {
            switch part.type {
            case Int(CTA_TUPLE_IP.rawValue): addresses = Self.addresses(part)
            case Int(CTA_TUPLE_PROTO.rawValue): ports = Self.ports(part)
            default: break
            }
        }
        guard let addresses else { return nil }
        return FlowTuple(
            source: addresses.source,
            destination: addresses.destination,
            ipProtocol: ports.ipProtocol,
            sourcePort: ports.source,
            destinationPort: ports.destination
        )
    }

    private static func addresses(_ attribute: NetlinkAttribute) -> (source: IPAddress, destination: IPAddress)? {
        var source: IPAddress?
        var destination: IPAddress?
        for part in attribute.nested {
            switch part.type {
            case Int(CTA_IP_V4_SRC.rawValue): source = v4(part)
            case Int(CTA_IP_V4_DST.rawValue): destination = v4(part)
            case Int(CTA_IP_V6_SRC.rawValue): source = v6(part)
            case Int(CTA_IP_V6_DST.rawValue): destination = v6(part)
            default: break
            }
        }
        guard let source, let destination else { return nil }
        return (source, destination)
    }

    private static func v4(_ attribute: NetlinkAttribute) -> IPAddress? {
        attribute.payload.network(UInt32.self, at: 0).map { IPAddress(v4: $0) }
    }

    private static func v6(_ attribute: NetlinkAttribute) -> IPAddress? {
        attribute.payload.network(UInt128.self, at: 0).map { IPAddress(family: .v6, bits: $0) }
    }

    private static func ports(
        _ attribute: NetlinkAttribute
    ) -> (ipProtocol: IPProtocol, source: UInt16, destination: UInt16) {
        var number: UInt8 = 0
        var source: UInt16 = 0
        var destination: UInt16 = 0
        for part in attribute.nested {
            switch part.type {
            case Int(CTA_PROTO_NUM.rawValue): number = part.payload.byte(at: 0) ?? 0
            case Int(CTA_PROTO_SRC_PORT.rawValue): source = part.payload.network(UInt16.self, at: 0) ?? 0
            case Int(CTA_PROTO_DST_PORT.rawValue): destination = part.payload.network(UInt16.self, at: 0) ?? 0
            case Int(CTA_PROTO_ICMP_TYPE.rawValue), Int(CTA_PROTO_ICMPV6_TYPE.rawValue):
                destination = UInt16(part.payload.byte(at: 0) ?? 0)
            default: break
            }
        }
        return (IPProtocol(rawValue: number), source, destination)
    }
}
