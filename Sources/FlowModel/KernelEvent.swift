// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// The five-tuple of a packet or connection, in the direction of the connection's first packet.
public struct FlowTuple: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    public var ipProtocol: IPProtocol
    public var sourcePort: UInt16
    /// For ICMP the message type.
    public var destinationPort: UInt16

    public init(
        source: IPAddress,
        destination: IPAddress,
        ipProtocol: IPProtocol,
        sourcePort: UInt16,
        destinationPort: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }
}

/// What the kernel reports about traffic, decoded and not yet judged.
public enum KernelEvent: Hashable, Sendable {
    /// A packet that the ruleset logged.
    case packet(LoggedPacket)
    /// A tracked connection that has ended.
    case connectionEnded(EndedConnection)
    /// Events that were lost on the way, by sequence gap or full buffer; `count` is a lower bound when not exact.
    case lost(source: LossSource, count: UInt64, isExact: Bool)
}

/// Where events can get lost.
public enum LossSource: String, Hashable, Sendable, Codable, CaseIterable {
    /// The kernel's packet log.
    case packetLog = "packet-log"
    /// The kernel's connection tracking events.
    case connectionEvents = "connection-events"
    /// Our own queue between the kernel and the store.
    case pipeline
    /// The kernel's limit on logged drops.
    case rateLimit = "rate-limit"
    /// A live reader that did not keep up.
    case reader
    /// Flows not yet on disk when the process was killed, and those of the time until it started again.
    case crash
    /// Nobody collected: the process had been stopped.
    case stopped

    /// Whether nothing at all was collected during such a loss.
    public var isGap: Bool { self == .crash || self == .stopped }
}

/// A packet from the kernel's packet log.
public struct LoggedPacket: Hashable, Sendable {
    /// Microseconds since 1970.
    public var time: Int64
    /// The text of the log rule.
    public var prefix: String
    public var tuple: FlowTuple
    public var icmpCode: UInt8
    public var tcpFlags: UInt8
    /// Length of the IP packet in bytes.
    public var length: UInt32
    public var inputInterface: UInt32
    public var outputInterface: UInt32

    public init(
        time: Int64,
        prefix: String,
        tuple: FlowTuple,
        icmpCode: UInt8 = 0,
        tcpFlags: UInt8 = 0,
        length: UInt32 = 0,
        inputInterface: UInt32 = 0,
        outputInterface: UInt32 = 0
    ) {
        self.time = time
        self.prefix = prefix
        self.tuple = tuple
        self.icmpCode = icmpCode
        self.tcpFlags = tcpFlags
        self.length = length
        self.inputInterface = inputInterface
        self.outputInterface = outputInterface
    }
}

/// A connection tracking entry at its end.
public struct EndedConnection: Hashable, Sendable {
    /// When it ended; microseconds since 1970.
    public var time: Int64
    /// Original direction: the client before source translation, and the server before destination translation.
    public var original: FlowTuple
    /// The server's view, swapped into the original direction: its addresses are the real server's
    /// (after destination translation) and the client's as the server sees it.
    public var translated: FlowTuple
    public var mark: UInt32
    public var bytesSent: UInt64
    public var bytesReceived: UInt64
    public var packetsSent: UInt64
    public var packetsReceived: UInt64
    /// Microseconds; `nil` when the kernel keeps no timestamps.
    public var duration: Int64?

    public init(
        time: Int64,
        original: FlowTuple,
        translated: FlowTuple,
        mark: UInt32,
        bytesSent: UInt64 = 0,
        bytesReceived: UInt64 = 0,
        packetsSent: UInt64 = 0,
        packetsReceived: UInt64 = 0,
        duration: Int64? = nil
    ) {
        self.time = time
        self.original = original
        self.translated = translated
        self.mark = mark
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
        self.packetsSent = packetsSent
        self.packetsReceived = packetsReceived
        self.duration = duration
    }
}
