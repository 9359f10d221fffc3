// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import Foundation

/// An issuer, what Palisade is to it, and what its groups stand for here.
public struct OpenIDSettings: Sendable {
    /// A role for everybody in one of the issuer's groups.
    public struct Mapping: Hashable, Sendable, Codable {
        /// The group as the claim names it.
        public var group: String
        public var grant: Grant

        public init(group: String, grant: Grant) {
            self.group = group
            self.grant = grant
        }
    }

    /// `https://id.example`, exactly as the issuer writes it.
    public var issuer: String
    public var clientID: String
    /// `nil`: a public client; PKCE is used in any case.
    public var clientSecret: String?
    /// Where the issuer sends browsers back: `https://palisade.example/sign-in/callback`.
    public var redirect: String
    public var scopes: [String]
    /// The claim that becomes the user name.
    public var nameClaim: String
    /// The claim with the list of groups.
    public var groupsClaim: String
    public var mappings: [Mapping]

    /// - Throws: `IssuerError` `misconfigured` for an issuer that is not `https`, except on loopback.
    public init(
        issuer: String,
        clientID: String,
        clientSecret: String?,
        redirect: String,
        scopes: [String] = ["openid", "profile"],
        nameClaim: String = "preferred_username",
        groupsClaim: String = "groups",
        mappings: [Mapping] = []
    ) throws {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirect = redirect
        self.scopes = scopes.contains("openid") ? scopes : ["openid"] + scopes
        self.nameClaim = nameClaim
        self.groupsClaim = groupsClaim
        self.mappings = mappings
        guard !clientID.isEmpty else { throw IssuerError(.misconfigured, "The issuer needs a client id.") }
        try Self.checkSecure(issuer)
    }

    /// Reads a secret that stands alone in a file, at most 4096 bytes.
    /// - Throws: `IssuerError` `misconfigured` with the path.
    public static func secret(file path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw IssuerError(.misconfigured, "The client secret's file \(path) cannot be read.")
        }
        defer { file.closeFile() }
        let bytes = file.readData(ofLength: 4097)
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard bytes.count <= 4096, !text.isEmpty else {
            throw IssuerError(.misconfigured, "The client secret's file \(path) is empty or too long.")
        }
        return text
    }

    /// Secrets and identities travel to it: only over TLS, or without leaving the machine.
    static func checkSecure(_ address: String) throws {
        guard let url = URLComponents(string: address), let host = url.host, !host.isEmpty, url.user == nil,
            url.fragment == nil
        else { throw IssuerError(.misconfigured, "The issuer's address \(address) cannot be read.") }
        let isLoopback = ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host)
        guard url.scheme == "https" || (url.scheme == "http" && isLoopback) else {
            throw IssuerError(.misconfigured, "The issuer's address \(address) must begin with https://.")
        }
    }

    /// What the groups stand for; groups without a mapping stand for nothing.
    func grants(of groups: [String]) -> [Grant] {
        let groups = Set(groups)
        var grants: [Grant] = []
        for mapping in mappings where groups.contains(mapping.group) && !grants.contains(mapping.grant) {
            grants.append(mapping.grant)
        }
        return grants
    }
}
