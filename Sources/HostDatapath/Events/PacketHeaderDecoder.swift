// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
import Netlink
import NetworkPrimitives

/// What the first bytes of an IP packet say about it.
public struct PacketHeader: Hashable, Sendable {
    public var tuple: FlowTuple
    public var icmpCode: UInt8
    /// The flags byte of TCP: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128.
    public var tcpFlags: UInt8
    /// Length of the IP packet as its header states it, in bytes; 0 for an IPv6 jumbogram.
    public var length: UInt32
}

/// Reads IPv4 (RFC 791) and IPv6 (RFC 8200) headers and the start of the transport header after them.
///
/// Whatever is cut off or not there reads as zero, down to the addresses: a packet without those is no packet. The
/// protocol is the one that nft's `meta l4proto` sees: extension headers of IPv6 are skipped up to AH, ESP or a
/// transport header. Constant time, no allocation.
public enum PacketHeaderDecoder {
    /// Extension headers that are followed at most; real packets have one or two.
    private static let maximumExtensionHeaders = 8

    /// - Parameter bytes: the packet from its IP header on, possibly cut off.
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> PacketHeader? {
        guard let first = bytes.byte(at: 0) else { return nil }
        switch first >> 4 {
        case 4: return decodeV4(bytes, headerLength: Int(first & 0xf) * 4)
        case 6: return decodeV6(bytes)
        default: return nil
        }
    }

    private static func decodeV4(_ bytes: UnsafeRawBufferPointer, headerLength: Int) -> PacketHeader? {
        guard headerLength >= 20, let length = bytes.network(UInt16.self, at: 2),
            let fragment = bytes.network(UInt16.self, at: 6), let number = bytes.byte(at: 9),
            let source = bytes.network(UInt32.self, at: 12), let destination = bytes.network(UInt32.self, at: 16)
        else { return nil }
        var header = PacketHeader(
            source: IPAddress(v4: source),
            destination: IPAddress(v4: destination),
            ipProtocol: IPProtocol(rawValue: number),
            length: UInt32(length)
        )
        // Only the first fragment has the transport header.
        if fragment & 0x1fff == 0 { header.readTransport(bytes, at: headerLength) }
        return header
    }

    private static func decodeV6(_ bytes: UnsafeRawBufferPointer) -> PacketHeader? {
        guard let length = bytes.network(UInt16.self, at: 4), let next = bytes.byte(at: 6),
            let source = bytes.network(UInt128.self, at: 8), let destination = bytes.network(UInt128.self, at: 24)
        else { return nil }
        var header = PacketHeader(
            source: IPAddress(family: .v6, bits: source),
            destination: IPAddress(family: .v6, bits: destination),
            ipProtocol: IPProtocol(rawValue: next),
            length: length == 0 ? 0 : UInt32(length) + 40
        )
        if let transport = header.skipExtensions(bytes, from: 40, limit: maximumExtensionHeaders) {
            header.readTransport(bytes, at: transport)
        }
        return header
    }
}

extension PacketHeader {
    fileprivate init(source: IPAddress, destination: IPAddress, ipProtocol: IPProtocol, length: UInt32) {
        tuple = FlowTuple(
            source: source,
            destination: destination,
            ipProtocol: ipProtocol,
            sourcePort: 0,
            destinationPort: 0
        )
        icmpCode = 0
        tcpFlags = 0
        self.length = length
    }

    /// Sets the protocol to the first that is no extension header, and answers where its header starts; `nil` when
    /// that is not in these bytes.
    fileprivate mutating func skipExtensions(_ bytes: UnsafeRawBufferPointer, from start: Int, limit: Int) -> Int? {
        var offset = start
        for _ in 0..<limit {
            let next: UInt8?
            switch tuple.ipProtocol.rawValue {
            case 0, 43, 60, 135, 139, 140:  // hop-by-hop, routing, destination options, mobility, HIP, shim6
                next = bytes.byte(at: offset)
                offset += (Int(bytes.byte(at: offset + 1) ?? 0) + 1) * 8
            case 44:  // fragment
                next = bytes.byte(at: offset)
                let isFirst = (bytes.network(UInt16.self, at: offset + 2) ?? 0) & 0xfff8 == 0
                offset = isFirst ? offset + 8 : bytes.count
            default:
                return offset < bytes.count ? offset : nil
            }
            guard let next else { return nil }
            tuple.ipProtocol = IPProtocol(rawValue: next)
        }
        return nil
    }

    fileprivate mutating func readTransport(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        switch tuple.ipProtocol {
        case .tcp, .udp, .sctp:
            tuple.sourcePort = bytes.network(UInt16.self, at: offset) ?? 0
            tuple.destinationPort = bytes.network(UInt16.self, at: offset + 2) ?? 0
            if tuple.ipProtocol == .tcp { tcpFlags = bytes.byte(at: offset + 13) ?? 0 }
        case .icmp, .icmpv6:
            tuple.destinationPort = UInt16(bytes.byte(at: offset) ?? 0)
            icmpCode = bytes.byte(at: offset + 1) ?? 0
        default: break
        }
    }
}
