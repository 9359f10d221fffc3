// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink

/// One netlink message: its header and the bytes after it (RFC 3549, `linux/netlink.h`).
///
/// The payload points into the buffer that was decoded and is valid as long as that.
public struct NetlinkMessage {
    public var type: UInt16
    public var flags: UInt16
    public var sequence: UInt32
    public var payload: UnsafeRawBufferPointer

    /// The netfilter subsystem (`NFNL_SUBSYS_…`), for messages of `NETLINK_NETFILTER`.
    public var subsystem: UInt16 { type >> 8 }
    /// The message type within the netfilter subsystem.
    public var subtype: UInt16 { type & 0xff }

    /// The attributes after a fixed header of `headerLength` bytes.
    public func attributes(after headerLength: Int) -> NetlinkAttributes {
        NetlinkAttributes(
            payload.rest(from: Netlink.aligned(headerLength)) ?? UnsafeRawBufferPointer(start: nil, count: 0)
        )
    }
}

/// The messages of one datagram, in order; ends at the first one that does not fit its buffer.
public struct NetlinkMessages: Sequence, IteratorProtocol {
    @usableFromInline var bytes: UnsafeRawBufferPointer

    /// Whether bytes were left over that are no message.
    public private(set) var isMalformed = false

    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    public mutating func next() -> NetlinkMessage? {
        guard bytes.count > 0 else { return nil }
        guard let length = bytes.native(UInt32.self, at: 0).map({ Int($0) }),
            length >= Netlink.headerLength,
            let type = bytes.native(UInt16.self, at: 4), let flags = bytes.native(UInt16.self, at: 6),
            let sequence = bytes.native(UInt32.self, at: 8),
            let payload = bytes.part(from: Netlink.headerLength, length: length - Netlink.headerLength)
        else {
            isMalformed = true
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return nil
        }
        bytes = bytes.rest(from: Swift.min(Netlink.aligned(length), bytes.count)) ?? bytes
        return NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: payload)
    }
}

/// One attribute of a netlink message.
public struct NetlinkAttribute {
    /// The attribute's number, without the flag bits.
    public var type: Int
    public var payload: UnsafeRawBufferPointer

    /// The attributes nested in this one.
    public var nested: NetlinkAttributes { NetlinkAttributes(payload) }
}

/// Attributes in order; ends at the first one that does not fit.
public struct NetlinkAttributes: Sequence, IteratorProtocol {
    private var bytes: UnsafeRawBufferPointer

    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    public mutating func next() -> NetlinkAttribute? {
        guard let length = bytes.native(UInt16.self, at: 0).map({ Int($0) }),
            length >= Netlink.attributeHeaderLength,
            let type = bytes.native(UInt16.self, at: 2),
            let payload = bytes.part(
                from: Netlink.attributeHeaderLength,
                length: length - Netlink.attributeHeaderLength
            )
        else { return nil }
        bytes = bytes.rest(from: Swift.min(Netlink.aligned(length), bytes.count)) ?? bytes
        // The two highest bits say "nested" and "network byte order".
        return NetlinkAttribute(type: Int(type & 0x3fff), payload: payload)
    }
}

/// Sizes and alignment of netlink's wire format.
public enum Netlink {
    /// Bytes of a message header.
    public static let headerLength = 16
    /// Bytes of an attribute header.
    public static let attributeHeaderLength = 4

    /// `length` rounded up to netlink's alignment of four bytes.
    @inlinable
    public static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}
