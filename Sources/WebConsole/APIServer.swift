// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import Foundation
import Hummingbird
public import Logging
public import ServiceLifecycle

/// The HTTP API of one environment, versioned under `/api/v1`, on a unix socket that only its owner may open.
public struct APIServer: Service {
    private let path: String
    private let environment: any EnvironmentService
    private let flows: any FlowService
    private let version: String
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let onReady: @Sendable () async -> Void

    /// - Parameters:
    ///   - path: of the socket; at most 107 bytes (`UnixSocket.longestPath`).
    ///   - now: the time in microseconds since 1970.
    ///   - onReady: called when requests are answered.
    public init(
        path: String,
        environment: any EnvironmentService,
        flows: any FlowService,
        version: String,
        now: @escaping @Sendable () -> Int64,
        logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) {
        self.path = path
        self.environment = environment
        self.flows = flows
        self.version = version
        self.now = now
        self.logger = logger
        self.onReady = onReady
    }

    /// Serves until graceful shutdown, then removes the socket.
    /// - Throws: `UnixSocketError` when the path cannot be used or somebody else answers there.
    public func run() async throws {
        try UnixSocket.claim(path)
        let path = path
        let onReady = onReady
        let logger = logger
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path), serverName: "palisade"),
            onServerRunning: { _ in
                do {
                    try UnixSocket.restrict(path)
                } catch {
                    logger.error("\(error)")
                }
                await onReady()
            },
            logger: quiet
        )
        defer { UnixSocket.remove(path) }
        try await application.run()
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemMiddleware())
        let api = router.group("api/v1")
        EnvironmentRoutes(service: environment, version: version).add(to: api)
        FlowRoutes(service: flows, now: now).add(to: api)
        return router
    }
}
