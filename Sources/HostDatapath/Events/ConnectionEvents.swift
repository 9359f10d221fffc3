// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import CNetlink
public import FlowModel
public import Netlink

/// The ends of tracked connections (ctnetlink DESTROY events), with what they carried and how long they lasted.
///
/// Counters and durations need `ConnectionAccounting`. An overflow of the receive buffer is delivered as
/// `KernelEvent.lost` with count 1, a lower bound: the kernel does not number these events.
public struct ConnectionEvents: KernelEventSource {
    private let namespace: NetworkNamespace?
    private let bufferBytes: Int32

    /// - Parameters:
    ///   - namespace: the network namespace to listen in; `nil`: the process's own.
    ///   - bufferBytes: the receive buffer to ask for.
    public init(namespace: NetworkNamespace? = nil, bufferBytes: Int32 = 16 << 20) {
        self.namespace = namespace
        self.bufferBytes = bufferBytes
    }

    public func run(_ deliver: @Sendable ([KernelEvent]) async -> Void) async throws {
        let socket = try await subscribe()
        try await EventPump(name: "conn-events", socket: socket).run(Reader(), deliver: deliver)
    }

    private func subscribe() async throws -> NetlinkSocket {
        guard let namespace else { return try subscribeHere() }
        return try await namespace.run { try subscribeHere() }
    }

    private func subscribeHere() throws(SystemError) -> NetlinkSocket {
        let socket = try NetlinkSocket(.netfilter)
        try socket.setReceiveBuffer(bytes: bufferBytes)
        try socket.join(group: UInt32(NFNLGRP_CONNTRACK_DESTROY.rawValue))
        return socket
    }

    private struct Reader: EventPump.Decoder, Sendable {
        mutating func decode(_ datagram: UnsafeRawBufferPointer, receivedAt: Int64, into events: inout [KernelEvent]) {
            for message in NetlinkMessages(datagram) {
                if let ended = ConnectionEventDecoder.decode(message, receivedAt: receivedAt) {
                    events.append(.connectionEnded(ended))
                } else if ConnectionEventDecoder.isDestroy(message) {
                    events.append(.lost(source: .connectionEvents, count: 1, isExact: true))
                }
            }
        }

        mutating func overflow(into events: inout [KernelEvent]) {
            events.append(.lost(source: .connectionEvents, count: 1, isExact: false))
        }
    }
}
