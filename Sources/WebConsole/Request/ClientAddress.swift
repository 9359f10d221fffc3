// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import HTTPTypes
import Hummingbird
import NetworkPrimitives

/// Whose request it is when a proxy passes it on: `X-Forwarded-For`, as far as the proxies that stand in it are trusted.
///
/// Each proxy appends who it got the request from, so the list is read from its end: the first address that is none of our
/// proxies is the client; what stands before it anybody may have written. Without a trusted proxy the field means nothing.
struct ClientAddress: RouterMiddleware {
    private static let header = HTTPField.Name("X-Forwarded-For")

    let proxies: [Prefix]

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        guard let peer = context.address, let name = Self.header else { return try await next(request, context) }
        var context = context
        context.address = Self.client(of: peer, request.headers[values: name], proxies)
        return try await next(request, context)
    }

    /// - Parameters:
    ///   - peer: who has opened the connection.
    ///   - fields: the values of the field, in order.
    /// - Returns: the last address that is known for sure; a text that is no address ends the search.
    static func client(of peer: String, _ fields: [String], _ proxies: [Prefix]) -> String {
        var client = peer
        let hops = fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for hop in hops.reversed() {
            guard let address = IPAddress(client), proxies.contains(where: { $0.contains(address) }),
                let before = Self.address(hop)
            else { return client }
            client = before
        }
        return client
    }

    /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
    private static func address(_ text: Substring) -> String? {
        let text = text.trimmingPrefix { $0 == " " || $0 == "\t" }.split(separator: " ").first ?? ""
        if let plain = IPAddress(String(text)) { return "\(plain)" }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return IPAddress(String(text[..<end].dropFirst())).map { "\($0)" }
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        return IPAddress(String(text[..<colon])).map { "\($0)" }
    }
}
