// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink

/// A netlink socket: one conversation with one part of the kernel, or a subscription to its news.
///
/// It belongs to the network namespace of the thread that opened it, for good. Sending and receiving do not wait;
/// `wait` does. Safe to share between threads as the kernel keeps datagrams whole, but answers go to whoever reads.
public final class NetlinkSocket: Sendable {
    /// Families of netlink that are used here.
    public enum Family: Sendable {
        /// Interfaces and addresses.
        case route
        /// nf_tables, the packet log, connection tracking.
        case netfilter
    }

    /// What a call to `receive` found.
    public enum Reception: Hashable, Sendable {
        /// A datagram of this many bytes is in the buffer.
        case datagram(length: Int)
        /// Nothing is there now.
        case empty
        /// The socket's buffer overflowed: some messages before the next one are lost.
        case overflow
        /// A datagram did not fit the buffer given and is lost.
        case truncated
    }

    let descriptor: Int32

    public init(_ family: Family) throws(SystemError) {
        let number = family == .route ? NETLINK_ROUTE : NETLINK_NETFILTER
        descriptor = try SystemError.check(palisade_netlink_open(Int32(number)), "open a netlink socket")
    }

    deinit {
        // Nothing can be done about a descriptor that does not close.
        _ = palisade_close(descriptor)
    }

    /// Subscribes to a multicast group.
    public func join(group: UInt32) throws(SystemError) {
        try SystemError.check(palisade_netlink_join(descriptor, group), "join netlink group \(group)")
    }

    /// Asks for a receive buffer; without privilege the system's limit `net.core.rmem_max` caps it.
    /// - Returns: the bytes granted, the kernel's own overhead included (twice what was asked, when all was granted).
    @discardableResult
    public func setReceiveBuffer(bytes: Int32) throws(SystemError) -> Int {
        Int(try SystemError.check(palisade_netlink_buffer(descriptor, bytes), "set a netlink receive buffer"))
    }

    public func send(_ request: NetlinkRequest) throws(SystemError) {
        let code = request.bytes.withUnsafeBytes { palisade_netlink_send(descriptor, $0.baseAddress, $0.count) }
        try SystemError.check(code, "send to the kernel")
    }

    /// Takes the next datagram from the kernel, if there is one; datagrams of other processes are thrown away.
    public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Reception {
        while true {
            let count = palisade_netlink_receive(descriptor, buffer.baseAddress, buffer.count)
            switch count {
            case 0: continue
            case 1...: return count <= buffer.count ? .datagram(length: count) : .truncated
            case -Int(SystemError.again): return .empty
            case -Int(SystemError.noBuffers): return .overflow
            default: try SystemError.check(count, "receive from the kernel")
            }
        }
    }

    /// Waits until something can be received or `wakeUp` rings.
    /// - Parameter milliseconds: how long at most; `nil`: without end.
    public func wait(wakeUp: WakeUp? = nil, milliseconds: Int32? = nil) throws(SystemError) -> Readiness {
        let bits = palisade_wait_readable(descriptor, wakeUp?.descriptor ?? -1, milliseconds ?? -1)
        return Readiness(rawValue: Int(try SystemError.check(bits, "wait for the kernel")))
    }

    /// What ended a wait; empty on timeout.
    public struct Readiness: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let readable = Readiness(rawValue: 1)
        public static let woken = Readiness(rawValue: 2)
    }
}

/// Wakes a thread that waits on a socket; once rung it stays rung.
public final class WakeUp: Sendable {
    let descriptor: Int32

    public init() throws(SystemError) {
        descriptor = try SystemError.check(palisade_wake_open(), "open an event descriptor")
    }

    deinit {
        // Nothing can be done about a descriptor that does not close.
        _ = palisade_close(descriptor)
    }

    /// The descriptor, for waiting in a set of one's own; it stays owned here.
    public var watchedDescriptor: Int32 { descriptor }

    public func ring() { palisade_wake(descriptor) }
}
