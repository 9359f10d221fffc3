// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
public import FlowModel
public import Netlink

/// The kernel's packet log (NFLOG): every packet that the ruleset logs, of both address families.
///
/// The kernel gathers up to 64 packets or 50 milliseconds' worth into one message; gaps in its numbering and overflows
/// of the 8 MiB receive buffer (or what `net.core.rmem_max` allows) are delivered as `KernelEvent.lost`, and so are
/// logged packets that are not IP.
public struct PacketLog: KernelEventSource {
    private static let bytesCopied: UInt32 = 96
    private static let messageBytes: UInt32 = 64 * 1024
    private static let queueThreshold: UInt32 = 64
    /// In hundredths of a second, as the kernel counts.
    private static let flushTimeout: UInt32 = 5

    private let group: UInt16
    private let namespace: NetworkNamespace?
    private let bufferBytes: Int32

    /// - Parameters:
    ///   - group: the log group; only one listener per group and network namespace is possible.
    ///   - namespace: the network namespace to listen in; `nil`: the process's own.
    ///   - bufferBytes: the receive buffer to ask for.
    public init(group: UInt16, namespace: NetworkNamespace? = nil, bufferBytes: Int32 = 8 << 20) {
        self.group = group
        self.namespace = namespace
        self.bufferBytes = bufferBytes
    }

    public func run(_ deliver: @Sendable ([KernelEvent]) async -> Void) async throws {
        let socket = try await bind()
        try await EventPump(name: "packet-log", socket: socket).run(Reader(), deliver: deliver)
    }

    /// Binds the group and lets it go again.
    /// - Throws: `EPERM` without CAP_NET_ADMIN, and `EPERM` or `EBUSY` when somebody else listens on the group.
    public func probe() async throws {
        _ = try await bind()
    }

    private func bind() async throws -> NetlinkSocket {
        guard let namespace else { return try bindHere() }
        return try await namespace.run { try bindHere() }
    }

    private func bindHere() throws(SystemError) -> NetlinkSocket {
        let socket = try NetlinkSocket(.netfilter)
        try socket.setReceiveBuffer(bytes: bufferBytes)
        var command = configuration(sequence: 1)
        command.attribute(Int(NFULA_CFG_CMD.rawValue), [UInt8(NFULNL_CFG_CMD_BIND.rawValue)])
        try socket.exchange(command, sequence: 1, operation: "bind packet log group \(group)")
        var settings = configuration(sequence: 2)
        // struct nfulnl_msg_config_mode: bytes to copy, mode, padding.
        let mode = withUnsafeBytes(of: Self.bytesCopied.bigEndian) { [UInt8]($0) } + [UInt8(NFULNL_COPY_PACKET), 0]
        settings.attribute(Int(NFULA_CFG_MODE.rawValue), mode)
        settings.attribute(Int(NFULA_CFG_NLBUFSIZ.rawValue), network: Self.messageBytes)
        settings.attribute(Int(NFULA_CFG_QTHRESH.rawValue), network: Self.queueThreshold)
        settings.attribute(Int(NFULA_CFG_TIMEOUT.rawValue), network: Self.flushTimeout)
        settings.attribute(Int(NFULA_CFG_FLAGS.rawValue), network: UInt16(NFULNL_CFG_F_SEQ))
        try socket.exchange(settings, sequence: 2, operation: "configure packet log group \(group)")
        return socket
    }

    private func configuration(sequence: UInt32) -> NetlinkRequest {
        var request = NetlinkRequest(
            type: Int(NFNL_SUBSYS_ULOG) << 8 | Int(NFULNL_MSG_CONFIG.rawValue),
            flags: Int(NLM_F_ACK),
            sequence: sequence
        )
        // struct nfgenmsg: family "any", version 0, then the group.
        request.append(native: UInt8(0))
        request.append(native: UInt8(0))
        request.append(native: group.bigEndian)
        return request
    }

    private struct Reader: EventPump.Decoder, Sendable {
        private var gaps = SequenceGaps()

        mutating func decode(_ datagram: UnsafeRawBufferPointer, receivedAt: Int64, into events: inout [KernelEvent]) {
            for message in NetlinkMessages(datagram) {
                switch PacketLogDecoder.decode(message, receivedAt: receivedAt) {
                case .packet(let entry):
                    note(entry.sequence, into: &events)
                    events.append(.packet(entry.packet))
                case .unreadable(let sequence):
                    note(sequence, into: &events)
                    events.append(.lost(source: .packetLog, count: 1, isExact: true))
                case .other: break
                }
            }
        }

        mutating func overflow(into events: inout [KernelEvent]) {
            let count = gaps.overflowed()
            if count > 0 { events.append(.lost(source: .packetLog, count: count, isExact: false)) }
        }

        private mutating func note(_ sequence: UInt32?, into events: inout [KernelEvent]) {
            guard let sequence else { return }
            let count = gaps.arrived(sequence)
            if count > 0 { events.append(.lost(source: .packetLog, count: count, isExact: true)) }
        }
    }
}
