// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the console listens: `127.0.0.1:7350`, `[::1]:7350`, `0.0.0.0:443`.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, without brackets.
    public var host: String
    /// 0: any port that is free.
    public var port: UInt16

    public static let usual = ListenAddress(host: "127.0.0.1", port: 7350)

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// - Throws: `ListenError` for anything but an address and a port.
    public init(parsing text: String) throws {
        let fix = "Write an address and a port, like 127.0.0.1:7350 or [::1]:7350."
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ListenError(description: "\"\(text)\" is not an address to listen on. \(fix)")
        }
        var host = String(text[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" { host = "127.0.0.1" }
        guard (try? SocketAddress(ipAddress: host, port: Int(port))) != nil, isBracketed == host.contains(":") else {
            // What the parser has to say is no help: the sentence names what would be right.
            throw ListenError(description: "\"\(text)\" is not an address to listen on. \(fix)")
        }
        self.init(host: host, port: port)
    }

    public var isIPv6: Bool { host.contains(":") }

    /// Whether nobody outside this machine can reach it.
    public var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why nothing can be served at an address: one sentence with the address and the fix.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
}

/// A socket that is bound and listens: it stays in the network namespace that it was made in, whoever inherits it.
public struct ListeningSocket: Sendable {
    public let descriptor: CInt
    /// With the port that the system chose.
    public let address: ListenAddress

    /// - Parameter isInherited: whether a program that replaces this one keeps it open.
    /// - Throws: `ListenError`.
    public init(_ wanted: ListenAddress, isInherited: Bool = false) throws {
        let address: SocketAddress
        do {
            address = try SocketAddress(ipAddress: wanted.host, port: Int(wanted.port))
        } catch {
            throw ListenError(description: "\(wanted) is not an address to listen on: \(error).")
        }
        let family = wanted.isIPv6 ? AF_INET6 : AF_INET
        let kind = Int32(SOCK_STREAM.rawValue) | (isInherited ? 0 : Int32(SOCK_CLOEXEC.rawValue))
        descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw Self.failure(wanted) }
        var one: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if wanted.isIPv6 { _ = setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &one, size) }
        let opened = descriptor
        let bound = address.withSockAddr { pointer, length in bind(opened, pointer, socklen_t(length)) }
        guard bound == 0, listen(descriptor, 256) == 0 else {
            let failure = Self.failure(wanted)
            close(descriptor)
            throw failure
        }
        self.address = ListenAddress(host: wanted.host, port: Self.port(of: descriptor) ?? wanted.port)
    }

    /// Takes over a socket that the program before this one opened.
    /// - Throws: `ListenError` when the descriptor is none that listens.
    public init(inherited descriptor: CInt, host: String) throws {
        guard let port = Self.port(of: descriptor) else {
            throw ListenError(description: "The listening socket \(descriptor) was not handed over.")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        address = ListenAddress(host: host, port: port)
    }

    private static func port(of descriptor: CInt) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        // The port stands at the same place in both families.
        return withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
    }

    private static func failure(_ wanted: ListenAddress) -> ListenError {
        let code = errno
        let fix =
            code == EADDRINUSE
            ? "Another program listens there. Stop it, or name another address with --listen."
            : "Name another address with --listen."
        return ListenError(description: "\(wanted) cannot be listened on: \(String(cString: strerror(code))). \(fix)")
    }
}
