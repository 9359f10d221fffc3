// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Dispatch
import FlowModel
import Glibc
import Netlink

/// Reads a netlink subscription on a thread of its own and hands batches of events to an asynchronous consumer.
///
/// At most one batch waits while another is being delivered; the kernel's buffer holds what comes meanwhile, and what
/// does not fit there is reported as lost.
struct EventPump: Sendable {
    /// Bytes of the buffer for one datagram: twice what the packet log packs into one at most.
    static let datagramBytes = 128 * 1024
    /// Events per batch at most; a batch is also finished when nothing more is there.
    static let batchEvents = 4096

    /// Turns datagrams into events; lives on the reading thread.
    protocol Decoder {
        /// Appends the events of one datagram.
        mutating func decode(_ datagram: UnsafeRawBufferPointer, receivedAt: Int64, into events: inout [KernelEvent])
        /// Appends what an overflow of the socket's buffer means.
        mutating func overflow(into events: inout [KernelEvent])
    }

    /// The name of the reading thread.
    var name: String
    var socket: NetlinkSocket

    /// Runs until the task is cancelled.
    /// - Throws: when reading fails for good.
    func run<D: Decoder & Sendable>(
        _ decoder: D,
        deliver: @Sendable ([KernelEvent]) async -> Void
    ) async throws {
        let wakeUp = try WakeUp()
        let turn = DispatchSemaphore(value: 1)
        // Two: the turn is given before the consumer has taken the batch only when it has finished the one before.
        let (batches, writer) = AsyncThrowingStream.makeStream(
            of: [KernelEvent].self,
            bufferingPolicy: .bufferingOldest(2)
        )
        writer.onTermination = { _ in wakeUp.ring() }
        let socket = socket
        DedicatedThread.start(name: name) {
            do {
                var decoder = decoder
                try Self.read(socket, wakeUp: wakeUp, decoder: &decoder) { batch in
                    turn.wait()
                    writer.yield(batch)
                }
                writer.finish()
            } catch {
                writer.finish(throwing: error)
            }
        }
        // Lets the thread go when it waits for its turn while we leave.
        defer { turn.signal() }
        for try await batch in batches {
            await deliver(batch)
            turn.signal()
        }
    }

    private static func read(
        _ socket: NetlinkSocket,
        wakeUp: WakeUp,
        decoder: inout some Decoder,
        hand: ([KernelEvent]) -> Void
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: datagramBytes, alignment: 16)
        defer { buffer.deallocate() }
        var events: [KernelEvent] = []
        while true {
            guard try !socket.wait(wakeUp: wakeUp).contains(.woken) else { return }
            let now = currentMicroseconds()
            filling: while events.count < batchEvents {
                switch try socket.receive(into: buffer) {
                case .empty: break filling
                case .overflow, .truncated: decoder.overflow(into: &events)
                case .datagram(let length):
                    let datagram = UnsafeRawBufferPointer(rebasing: buffer[..<length])
                    decoder.decode(datagram, receivedAt: now, into: &events)
                }
            }
            guard !events.isEmpty else { continue }
            hand(events)
            events = []
            events.reserveCapacity(min(batchEvents, 256))
        }
    }

    private static func currentMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
