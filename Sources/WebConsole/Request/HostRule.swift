// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import HTTPTypes
import Hummingbird

/// Which names the server answers to.
///
/// A page of somebody else can make its own name point at a loopback address and so reach a server there (DNS rebinding);
/// it cannot choose what the browser writes into `Host`.
struct HostRule: Hashable, Sendable {
    /// Lower case, with the port where it is not the usual one of the scheme: `127.0.0.1:7350`, `palisade.example.com`.
    let hosts: Set<String>
    /// `http` or `https`, as browsers see it.
    let scheme: String

    /// - Parameters:
    ///   - address: what is listened on.
    ///   - publicURL: how people reach it from outside, when a proxy stands before it or a name was given to it.
    init(address: ListenAddress, isEncrypted: Bool, publicURL: PublicURL?) {
        var hosts: Set<String> = [address.description]
        if address.isLoopback { hosts.formUnion(["localhost:\(address.port)", "127.0.0.1:\(address.port)"]) }
        if let publicURL { hosts.insert(publicURL.authority) }
        self.hosts = hosts
        scheme = publicURL?.scheme ?? (isEncrypted ? "https" : "http")
    }

    func allows(host: String) -> Bool { hosts.contains(host.lowercased()) }

    /// Whether a page of this origin is one of ours.
    func allows(origin: String) -> Bool {
        let origin = origin.lowercased()
        return hosts.contains { origin == "http://\($0)" || origin == "https://\($0)" }
    }
}

/// The address under which people reach the server: scheme and authority, nothing behind it.
public struct PublicURL: Hashable, Sendable {
    public let scheme: String
    public let authority: String

    /// - Throws: `ListenError` for anything but `http://host[:port]` or `https://host[:port]`.
    public init(parsing text: String) throws {
        let lowered = text.lowercased()
        let scheme = lowered.hasPrefix("https://") ? "https" : "http"
        guard lowered.hasPrefix(scheme + "://") else { throw Self.wrong(text) }
        var rest = lowered.dropFirst(scheme.count + 3)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let allowed = rest.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }
        guard !rest.isEmpty, allowed else { throw Self.wrong(text) }
        self.scheme = scheme
        let usual = scheme == "https" ? ":443" : ":80"
        authority = String(rest.hasSuffix(usual) ? rest.dropLast(usual.count) : rest)
    }

    private static func wrong(_ text: String) -> ListenError {
        ListenError(description: "\"\(text)\" is not a public URL. Write it like https://palisade.example.com.")
    }
}

/// Refuses requests to names that are not ours.
struct HostMiddleware: RouterMiddleware {
    let rule: HostRule?

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        if context.transport == .network, let rule {
            guard let host = request.head.authority, rule.allows(host: host) else {
                throw HTTPRefusal(
                    .misdirectedRequest,
                    ServiceError(
                        .badRequest,
                        "This server does not answer to that name.",
                        fix: "Open it by the address that it printed, or start it with --public-url."
                    )
                )
            }
        }
        return try await next(request, context)
    }
}

/// A refusal with a status of its own.
struct HTTPRefusal: Error {
    let status: HTTPResponse.Status
    let error: ServiceError
    let headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ error: ServiceError, headers: HTTPFields = [:]) {
        self.status = status
        self.error = error
        self.headers = headers
    }
}
