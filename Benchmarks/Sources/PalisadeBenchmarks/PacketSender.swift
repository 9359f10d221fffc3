// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
import NetworkPrimitives

/// Sends UDP packets with made-up addresses, so that each is a connection of its own.
struct PacketSender: ~Copyable {
    struct Failure: Error {
        var code: Int32
    }

    private let descriptor: Int32
    private var packet = [UInt8](repeating: 0, count: 32)
    private var state: UInt64

    /// Opens a socket in the network namespace of the calling thread.
    init(seed: UInt64) throws(Failure) {
        descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_RAW))
        guard descriptor >= 0 else { throw Failure(code: errno) }
        state = seed
        packet[0] = 0x45
        packet[3] = 32
        packet[8] = 64
        packet[9] = 17
        packet[25] = 12
    }

    deinit { close(descriptor) }

    /// Sends `count` packets between two of the first `endpoints` endpoints of a `BigWorld`, chosen at random.
    /// - Parameters:
    ///   - peers: how many others each endpoint talks to.
    ///   - ports: how many destination ports there are, from 7 upward.
    mutating func send(_ count: Int, endpoints: Int, peers: Int? = nil, ports: UInt64 = 1) throws(Failure) {
        var destination = sockaddr_in()
        destination.sin_family = sa_family_t(AF_INET)
        for _ in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let client = Int(state >> 33) % endpoints
            let from = UInt32(truncatingIfNeeded: BigWorld.address(client).bits)
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let other = Int(state >> 33) % (peers ?? endpoints)
            let server = peers == nil ? other : (client + 1 + other * 37) % endpoints
            let to = UInt32(truncatingIfNeeded: BigWorld.address(server).bits)
            put(from, at: 12)
            put(to, at: 16)
            put(UInt32(1024 + (state >> 16) % 60_000) << 16 | UInt32(7 + (state >> 8) % ports), at: 20)
            destination.sin_addr.s_addr = to.bigEndian
            let sent = withUnsafePointer(to: &destination) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            // A full device queue would make the count wrong.
            guard sent == packet.count else { throw Failure(code: errno) }
        }
    }

    private mutating func put(_ value: UInt32, at offset: Int) {
        for index in 0..<4 { packet[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index)) }
    }
}
