// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation

/// Where the API answers, and how to prove who asks.
struct ServerAddress: Sendable {
    enum Place: Hashable, Sendable {
        /// The unix socket of a data directory; whoever may open it is the owner.
        case socket(String)
        /// `https://palisade.example.com`, without a slash at the end.
        case url(String)
    }

    var place: Place
    /// `nil`: none is known.
    var token: String?
    /// PEM file of certificates to trust instead of the system's.
    var certificateAuthority: String?

    /// - Parameter server: of `--server`; goes before `PALISADE_SERVER` and the context of `palisade login`.
    static func find(server: String?, tokenFile: String?, data: DataDirectory) throws -> ServerAddress {
        let environment = ProcessInfo.processInfo.environment
        let named = server ?? environment["PALISADE_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        // Whoever names a data directory means the process that owns it.
        let context = data.data == nil && named == nil ? try ClientConfiguration.load().currentContext : nil
        guard let url = named ?? context?.server else { return ServerAddress(place: .socket(data.socketPath)) }
        let known = try context ?? ClientConfiguration.load().contexts.first { $0.server == url }
        let file = tokenFile ?? environment["PALISADE_TOKEN_FILE"].flatMap { $0.isEmpty ? nil : $0 } ?? known?.tokenFile
        return ServerAddress(
            place: .url(try checked(url)),
            token: try file.map(token),
            certificateAuthority: environment["PALISADE_CA_FILE"].flatMap { $0.isEmpty ? nil : $0 }
                ?? known?.certificateAuthority
        )
    }

    /// - Throws: a usage failure for anything but `http://` on this machine and `https://`.
    static func checked(_ text: String) throws -> String {
        let fix = "Write it like https://palisade.example.com."
        guard let url = URL(string: text), let host = url.host(), !host.isEmpty, url.path().count <= 1,
            url.query() == nil, let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { throw CommandFailure(.usage, "\"\(Escaping.terminal(text))\" is not a server. \(fix)") }
        guard scheme == "https" || ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host) else {
            throw CommandFailure(.usage, "\(Escaping.terminal(text)) would send the token in the clear. \(fix)")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func token(_ path: String) throws -> String {
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw CommandFailure(
                .notPermitted,
                "The token file \(Escaping.terminal(path)) cannot be read: \(error.localizedDescription)."
            )
        }
    }
}
