// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AsyncHTTPClient
import NIOSSL
import Synchronization

/// The HTTP client that a certificate authority needs.
enum HTTPClients {
    /// By the file that they trust; a command asks one server, so there is at most one.
    ///
    /// They live as long as the process.
    private static let known = Mutex<[String: HTTPClient]>([:])

    /// - Parameter file: PEM certificates to trust; `nil` is the system's, for which one client is shared.
    /// - Throws: `CommandFailure` when the file cannot be used.
    static func client(trusting file: String?) throws -> HTTPClient {
        guard let file else { return .shared }
        if let client = known.withLock({ $0[file] }) { return client }
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        } catch {
            throw CommandFailure(.failure, "The certificates in \(Escaping.terminal(file)) cannot be used: \(error).")
        }
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        known.withLock { $0[file] = client }
        return client
    }
}
