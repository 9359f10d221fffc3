// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Hummingbird
public import Logging
public import NIOSSL
public import NetworkPrimitives
public import ServiceLifecycle

/// The HTTP API and the console: on a unix socket that only its owner may open, and where wanted on a network address.
public struct ConsoleServer: ServiceLifecycle.Service {
    /// How people reach the console over the network.
    public struct Network: Sendable {
        public var socket: ListeningSocket
        /// `nil`: without encryption.
        public var tls: TLSConfiguration?
        /// How people reach it from outside, when a proxy stands before it or a name was given to it.
        public var publicURL: PublicURL?
        /// Proxies whose word about the client's address is taken (`X-Forwarded-For`).
        public var trustedProxies: [Prefix]
        /// How long clients may take.
        var patience = SlowClientGuard.Limits()

        public init(
            socket: ListeningSocket,
            tls: TLSConfiguration? = nil,
            publicURL: PublicURL? = nil,
            trustedProxies: [Prefix] = []
        ) {
            self.socket = socket
            self.tls = tls
            self.publicURL = publicURL
            self.trustedProxies = trustedProxies
        }

        var isEncrypted: Bool { tls != nil || publicURL?.scheme == "https" }

        /// Where a browser opens it.
        public var url: String {
            if let publicURL { return "\(publicURL.scheme)://\(publicURL.authority)" }
            return "\(tls == nil ? "http" : "https")://\(socket.address)"
        }
    }

    private let path: String
    private let network: Network?
    private let responder: RouterResponder<ConsoleContext>
    private let logger: Logger
    private let onReady: @Sendable () async -> Void

    /// - Parameters:
    ///   - path: of the unix socket; at most 107 bytes (`UnixSocket.longestPath`).
    ///   - network: `nil`: the unix socket only.
    ///   - onReady: called when requests are answered.
    public init(
        path: String,
        network: Network? = nil,
        application: ConsoleApplication,
        logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) throws {
        self.path = path
        self.network = network
        self.logger = logger
        self.onReady = onReady
        responder = try application.router(network).buildResponder()
    }

    /// Serves until graceful shutdown, then removes the unix socket.
    /// - Throws: `UnixSocketError` when the path cannot be used or somebody else answers there.
    public func run() async throws {
        try UnixSocket.claim(path)
        defer { UnixSocket.remove(path) }
        let (path, onReady) = (path, onReady)
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let (failures, failed) = AsyncStream.makeStream(of: (any Error).self)
        let owner = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path), serverName: "palisade"),
            onServerRunning: { _ in
                do {
                    try UnixSocket.restrict(path)
                } catch {
                    // Whoever may open it is the owner: it is not served to everybody.
                    failed.yield(error)
                    return
                }
                await onReady()
            },
            logger: quiet
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await failure in failures { throw failure }
            }
            group.addTask {
                defer { failed.finish() }
                try await owner.run()
            }
            if let network {
                let listener = ConsoleListener(
                    socket: network.socket,
                    responder: responder,
                    tls: network.tls,
                    patience: network.patience,
                    logger: quiet
                )
                group.addTask { try await listener.run() }
            }
            // Both serve until the shutdown; the first that ends otherwise ends the other with its error.
            try await group.waitForAll()
        }
    }
}
