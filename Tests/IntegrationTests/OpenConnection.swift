// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
import Netlink
import NetworkPrimitives

/// A connection between two network namespaces that stays open, with both ends in our hands.
struct OpenConnection: Sendable {
    let transport: IPProtocol
    let client: Int32
    let server: Int32

    /// Makes the connection and proves that it works; blocks the caller meanwhile.
    static func establish(
        _ transport: IPProtocol,
        from source: NetworkNamespace,
        to destination: NetworkNamespace,
        _ address: IPAddress,
        port: UInt16
    ) throws -> OpenConnection {
        let listener = try destination.runBlocking { try listen(transport, address.family, port) }
        let client = try source.runBlocking { try connected(transport, address, port) }
        let server = transport == .tcp ? try accepted(listener) : try adopted(listener, client)
        if transport == .tcp { close(listener) }
        let connection = OpenConnection(transport: transport, client: client, server: server)
        guard connection.passes(milliseconds: 2000) else { throw SystemError("use", code: ETIMEDOUT) }
        return connection
    }

    /// Sends a fresh word there and back; whether both arrive in time.
    func passes(milliseconds: Int32 = 400) -> Bool {
        let word = (0..<8).map { _ in UInt8.random(in: 0...255) }
        guard send(client, word, word.count, Int32(MSG_NOSIGNAL)) >= 0,
            Self.arrives(word, at: server, milliseconds),
            send(server, word, word.count, Int32(MSG_NOSIGNAL)) >= 0
        else { return false }
        return Self.arrives(word, at: client, milliseconds)
    }

    /// Which of the connections carry traffic both ways, tried one after the other.
    static func passing(_ connections: [OpenConnection], milliseconds: Int32 = 400) -> [Bool] {
        connections.map { $0.passes(milliseconds: milliseconds) }
    }

    func shut() {
        close(client)
        close(server)
    }

    /// What was held back earlier may come before the word.
    private static func arrives(_ word: [UInt8], at descriptor: Int32, _ milliseconds: Int32) -> Bool {
        var seen: [UInt8] = []
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        while ContinuousClock.now < deadline {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 20) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return false }
            seen += buffer[..<count]
            if seen.suffix(word.count) == word[...] { return true }
        }
        return false
    }

    private static func listen(_ transport: IPProtocol, _ family: IPAddress.Family, _ port: UInt16) throws -> Int32 {
        let descriptor = try newSocket(transport, family)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let any = IPAddress(family: family, bits: 0)
        guard withSocketAddress(any, port, { Int(bind(descriptor, $0, $1)) }) == 0 else {
            throw SystemError("bind", code: errno)
        }
        guard transport != .tcp || Glibc.listen(descriptor, 8) == 0 else { throw SystemError("listen", code: errno) }
        return descriptor
    }

    private static func connected(_ transport: IPProtocol, _ address: IPAddress, _ port: UInt16) throws -> Int32 {
        let descriptor = try newSocket(transport, address.family)
        guard withSocketAddress(address, port, { Int(connect(descriptor, $0, $1)) }) == 0 else {
            throw SystemError("connect to \(address)", code: errno)
        }
        return descriptor
    }

    private static func accepted(_ listener: Int32) throws -> Int32 {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { throw SystemError("accept", code: errno) }
        return descriptor
    }

    /// Binds a datagram socket to whoever sent it the first datagram.
    private static func adopted(_ listener: Int32, _ client: Int32) throws -> Int32 {
        let hello: [UInt8] = [1]
        guard send(client, hello, 1, 0) == 1 else { throw SystemError("send", code: errno) }
        var buffer: [UInt8] = [0]
        var peer = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(peer.count)
        let isBound = peer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                recvfrom(listener, &buffer, 1, 0, address.baseAddress, &length) == 1
                    && connect(listener, address.baseAddress, length) == 0
            }
        }
        guard isBound else { throw SystemError("receive", code: errno) }
        return listener
    }

    private static func newSocket(_ transport: IPProtocol, _ family: IPAddress.Family) throws -> Int32 {
        let kind = Int32(transport == .tcp ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
        let descriptor = socket(family == .v4 ? AF_INET : AF_INET6, kind, 0)
        guard descriptor >= 0 else { throw SystemError("open a socket", code: errno) }
        return descriptor
    }
}

/// Hands an address over in the kernel's form (`struct sockaddr_in`, `struct sockaddr_in6`).
func withSocketAddress(
    _ address: IPAddress,
    _ port: UInt16,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int
) -> Int {
    let portBytes = [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
    let isV4 = address.family == .v4
    var bytes: [UInt8] = []
    withUnsafeBytes(of: sa_family_t(isV4 ? AF_INET : AF_INET6)) { bytes += $0 }
    bytes += portBytes + (isV4 ? [] : [0, 0, 0, 0]) + address.bytes
    bytes += [UInt8](repeating: 0, count: 8)
    let length = socklen_t(isV4 ? 16 : 28)
    return bytes.withUnsafeBytes { raw in
        raw.withMemoryRebound(to: sockaddr.self) { list in
            guard let base = list.baseAddress else { return -1 }
            return body(base, length)
        }
    }
}
