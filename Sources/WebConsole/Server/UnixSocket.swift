// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a socket path cannot be served: one sentence with the path and the fix.
public struct UnixSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// Whether another process answers at the path.
    public var isInUse = false
}

/// A unix socket's file.
public enum UnixSocket {
    /// Bytes of a path that fit into `sockaddr_un` with the zero after them.
    public static let longestPath = 107

    /// Makes the path free to bind: a file that nobody listens on is removed, everything else stays.
    static func claim(_ path: String) throws {
        guard path.utf8.count <= longestPath else {
            throw UnixSocketError(
                description: "The socket path \(path) has \(path.utf8.count) bytes; \(longestPath) fit. "
                    + "Use a data directory with a shorter path (--data)."
            )
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw failure("The socket \(path) cannot be looked at", errno) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw UnixSocketError(description: "\(path) is there and is not a socket; remove it or use another --data.")
        }
        if try isAnswered(path) {
            throw UnixSocketError(
                description: "Another palisade is running on \(path). Stop it (palisade down), or use another --data.",
                isInUse: true
            )
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw failure("The old socket \(path) cannot be removed", errno)
        }
    }

    /// Only the owner may read and write.
    static func restrict(_ path: String) throws {
        guard chmod(path, 0o600) == 0 else { throw failure("The socket \(path) cannot be made private", errno) }
    }

    static func remove(_ path: String) {
        // At the end of the process; a file that stays is recognised as left behind by the next one.
        _ = unlink(path)
    }

    private static func isAnswered(_ path: String) throws -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure("No socket can be made", errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return true }
        let code = errno
        // A full backlog (EAGAIN) is somebody listening, too.
        guard code == ECONNREFUSED || code == ENOENT || code == EAGAIN else {
            throw failure("The socket \(path) cannot be tried", code)
        }
        return code == EAGAIN
    }

    private static func failure(_ what: String, _ code: Int32) -> UnixSocketError {
        UnixSocketError(description: "\(what): \(String(cString: strerror(code))).")
    }
}
