// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Accepts connections on a socket that is already bound, and lets a responder answer their requests.
///
/// Bounded: past `largestConnectionCount` open connections a new one is closed at once.
struct ConsoleListener<Responder: HTTPResponder>: ServiceLifecycle.Service where Responder.Context == ConsoleContext {
    static var largestConnectionCount: Int { 4_096 }

    let socket: ListeningSocket
    let responder: Responder
    /// `nil`: without encryption.
    let tls: TLSConfiguration?
    let patience: SlowClientGuard.Limits
    let logger: Logger

    func run() async throws {
        let patience = patience
        let plain = HTTP1Channel(
            responder: answer,
            configuration: .init(
                additionalChannelHandlers: [SlowClientGuard(patience)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10,
                    maxHeaderListSize: 32 << 10,
                    maxHeaderFieldCount: 100
                )
            )
        )
        if let tls {
            try await serve(TLSChannel(plain, tlsConfiguration: tls))
        } else {
            try await serve(plain)
        }
    }

    private func serve<Child: ServerChildChannel>(_ child: Child) async throws {
        let logger = logger
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor) { child.setup(channel: $0, logger: logger) }
        let open = OpenConnections()
        // Requests in flight end with the process: their answers are not what a restart is worth waiting for.
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                try await channel.executeThenClose { connections in
                    for try await connection in connections {
                        guard open.enter(atMost: Self.largestConnectionCount) else {
                            logger.warning("More than \(Self.largestConnectionCount) connections are open.")
                            try? await connection.channel.close()  // It is refused; that it is already gone is as good.
                            continue
                        }
                        group.addTask {
                            defer { open.leave() }
                            await cancelWhenGracefulShutdown { await child.handle(value: connection, logger: logger) }
                        }
                    }
                }
            }
        } onGracefulShutdown: {
            channel.channel.close(promise: nil)
        }
    }

    @Sendable
    private func answer(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let logger = logger
        let context = ConsoleContext(source: .init(channel: channel, logger: logger))
        let response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("A request could not be answered: \(error)")
            response = Response(status: .internalServerError)
        }
        try await writer.write(response: response.head, body: response.body)
    }
}

/// How many connections are open.
private final class OpenConnections: Sendable {
    private let count = Mutex(0)

    func enter(atMost limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
