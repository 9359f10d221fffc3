// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc

/// Finds the socket of a Docker-compatible API on this host.
public struct RuntimeSocket: Hashable, Sendable {
    /// The path of the unix socket.
    public var path: String

    public init(path: String) { self.path = path }

    /// The socket that was asked for, else the first that exists of `DOCKER_HOST` and the usual places.
    ///
    /// - Parameters:
    ///   - requested: a path, or `unix://` and a path; `nil` when nobody asked for one.
    ///   - environment: the process's environment variables.
    ///   - exists: whether there is a socket at a path.
    /// - Throws: `RuntimeError` that says what was looked for; a remote `DOCKER_HOST` is refused.
    public static func find(
        requested: String?,
        environment: [String: String],
        exists: (String) -> Bool = isSocket
    ) throws(RuntimeError) -> RuntimeSocket {
        if let requested {
            let path = try localPath(requested)
            guard exists(path) else { throw .noSocket(tried: [path]) }
            return RuntimeSocket(path: path)
        }
        if let host = environment["DOCKER_HOST"], !host.isEmpty {
            let path = try localPath(host)
            guard exists(path) else { throw .noSocket(tried: [path]) }
            return RuntimeSocket(path: path)
        }
        var places = ["/var/run/docker.sock", "/run/podman/podman.sock"]
        if let directory = environment["XDG_RUNTIME_DIR"], directory.hasPrefix("/") {
            places.append("\(directory)/podman/podman.sock")
        }
        guard let found = places.first(where: exists) else { throw .noSocket(tried: places) }
        return RuntimeSocket(path: found)
    }

    private static func localPath(_ text: String) throws(RuntimeError) -> String {
        if text.hasPrefix("unix://") { return String(text.dropFirst("unix://".count)) }
        guard text.hasPrefix("/") || !text.contains("://") else { throw .remote(address: text) }
        return text
    }

    /// Whether there is a unix socket at the path.
    public static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}

/// A container runtime that cannot be used.
public enum RuntimeError: Error, Hashable, CustomStringConvertible {
    /// No socket of a runtime was found.
    case noSocket(tried: [String])
    /// The runtime is on another host, whose network cannot be enforced from here.
    case remote(address: String)
    /// The socket is there, and nobody answers.
    case unreachable(socket: String, reason: String)
    /// The runtime answered with an error or with what cannot be understood.
    case badAnswer(request: String, reason: String)
    /// The stream of events ended.
    case eventsEnded

    public var description: String {
        switch self {
        case .noSocket(let tried):
            "no container runtime: there is no socket at \(tried.joined(separator: ", ")); "
                + "start Docker or Podman (systemctl start podman.socket) or name it with --runtime-socket"
        case .remote(let address):
            "\(address) is on another host: run palisade there, or name a local socket with --runtime-socket"
        case .unreachable(let socket, let reason): "the container runtime at \(socket) does not answer: \(reason)"
        case .badAnswer(let request, let reason): "the container runtime answered \(request) with \(reason)"
        case .eventsEnded: "the container runtime ended the stream of events"
        }
    }
}
