// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import Foundation
import NIOSSL
import NetworkPrimitives
import WebConsole

/// How the console is reached over the network.
struct ListenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address and port of the console; none: only the unix socket.", valueName: "address"))
    var listen: String = ListenAddress.usual.description

    @Option(help: ArgumentHelp("Certificate chain for HTTPS, PEM.", valueName: "file"), completion: .file())
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("Private key for HTTPS, PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "How people reach the console when a proxy stands before it: https://host.",
            valueName: "url"
        )
    )
    var publicURL: String?

    @Option(
        help: ArgumentHelp(
            "A proxy that says who the client is (X-Forwarded-For); may be given more than once.",
            valueName: "address|block"
        )
    )
    var trustedProxy: [String] = []

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together.")
        }
    }

    var isOff: Bool { listen == "none" }

    /// Binds the address, or takes over the socket that the program before this one bound.
    /// - Parameter inherited: its descriptor.
    /// - Returns: `nil` for `--listen none`.
    func network(inherited: Int32? = nil) throws -> ConsoleServer.Network? {
        guard !isOff else { return nil }
        let address = try ListenAddress(parsing: listen)
        let publicURL = try publicURL.map(PublicURL.init(parsing:))
        let tls = try tls()
        guard address.isLoopback || tls != nil || publicURL?.scheme == "https" else {
            throw CommandFailure(
                .usage,
                "\(address) can be reached from outside, and passwords would cross the network in the clear. "
                    + "Name --tls-certificate and --tls-key, or --public-url https://… behind a proxy that encrypts."
            )
        }
        let socket =
            try inherited.map { try ListeningSocket(inherited: $0, host: address.host) }
            ?? ListeningSocket(address)
        return ConsoleServer.Network(socket: socket, tls: tls, publicURL: publicURL, trustedProxies: try proxies())
    }

    private func proxies() throws -> [Prefix] {
        try trustedProxy.map { text in
            guard let prefix = IPAddress(text).map({ Prefix(host: $0) }) ?? Prefix(text) else {
                throw CommandFailure(
                    .usage,
                    "\"\(text)\" is no address and no block. Write it like --trusted-proxy 192.0.2.7 or 10.0.0.0/24."
                )
            }
            return prefix
        }
    }

    private func tls() throws -> TLSConfiguration? {
        guard let tlsCertificate, let tlsKey else { return nil }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tlsCertificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: tlsKey, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw CommandFailure(
                .failure,
                "The certificate \(tlsCertificate) or the key \(tlsKey) cannot be used: \(error)."
            )
        }
    }
}
