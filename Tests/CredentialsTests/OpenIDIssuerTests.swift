// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Foundation
import OpenIDConnect
import Synchronization
import Testing

@Suite struct OpenIDIssuerTests {
    let server: SmallIssuer
    let clock: Clock

    final class Clock: Sendable {
        let now = Mutex<Int64>(1_800_000_010_000_000)
    }

    init() throws {
        server = try SmallIssuer()
        clock = Clock()
    }

    func provider(secret: String? = "s3cret:+") throws -> OpenIDIssuer {
        let clock = clock
        let admins = OpenIDSettings.Mapping(group: "admins", grant: Grant(.admin, on: .everywhere))
        let nobody = OpenIDSettings.Mapping(group: "admin", grant: Grant(.operator, on: .everywhere))
        let settings = try OpenIDSettings(
            issuer: server.issuer,
            clientID: "palisade",
            clientSecret: secret,
            redirect: "https://palisade.example/callback",
            mappings: [admins, nobody]
        )
        return OpenIDIssuer(settings) { clock.now.withLock { $0 } }
    }

    static func query(_ url: String) -> [String: String] {
        let items = URLComponents(string: url)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    }

    /// One whole sign-in; the issuer is told the nonce that it was asked with.
    func signIn(_ provider: OpenIDIssuer) async throws -> ExternalIdentity {
        let redirect = try await provider.begin()
        let query = Self.query(redirect.url)
        server.state.withLock { $0.nonce = query["nonce"] }
        return try await provider.finish(
            IssuerCallback(state: query["state"] ?? "", code: "c/1", cookie: redirect.cookie)
        )
    }

    /// Signs in with a fault, and compares the class of the error; `nil` is success.
    func expect(
        _ expected: IssuerError.Code?,
        _ note: String = "",
        sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout SmallIssuer.State) -> Void
    ) async throws {
        server.state.withLock { change(&$0) }
        let provider = try provider()
        var code: IssuerError.Code?
        do {
            _ = try await signIn(provider)
        } catch let error as IssuerError {
            code = error.code
        }
        try await provider.close()
        #expect(code == expected, "\(note)", sourceLocation: sourceLocation)
    }

    @Test(arguments: ["r1", "p1", "e1", "o1"])
    func `a sign-in gives who it was and what their groups stand for`(_ key: String) async throws {
        server.state.withLock { $0.signing = key }
        let identity = try await server.run {
            let provider = try provider()
            let identity = try await signIn(provider)
            try await provider.close()
            return identity
        }
        #expect(identity.subject == "u-1")
        #expect(identity.issuer == server.issuer)
        #expect(identity.name == "bob")
        #expect(identity.displayName == "Bob B.")
        #expect(identity.grants == [Grant(.admin, on: .everywhere)])
        let (form, authorization) = server.state.withLock { ($0.lastForm, $0.lastAuthorization) }
        #expect(form.contains("code=c%2F1"))
        #expect(form.contains("code_verifier="))
        #expect(!form.contains("client_secret"))
        #expect(authorization == "Basic " + Data("palisade:s3cret%3A%2B".utf8).base64EncodedString())
    }

    @Test func `the browser is sent with state, nonce and a challenge that fits the verifier`() async throws {
        try await server.run {
            let provider = try provider(secret: nil)
            let redirect = try await provider.begin()
            let query = Self.query(redirect.url)
            #expect(redirect.url.hasPrefix(server.issuer + "/authorize?tenant=1&"))
            #expect(query["response_type"] == "code")
            #expect(query["code_challenge_method"] == "S256")
            #expect(query["scope"] == "openid profile")
            #expect(query["redirect_uri"] == "https://palisade.example/callback")
            let other = Self.query(try await provider.begin().url)
            for name in ["state", "nonce", "code_challenge"] { #expect(query[name] != other[name]) }
            // The verifier stays in the cookie until the code is redeemed.
            #expect(!redirect.url.contains(redirect.cookie.split(separator: ".")[2]))
            _ = try await signIn(provider)
            #expect(server.state.withLock { $0.lastAuthorization } == nil)
            try await provider.close()
        }
    }

    @Test func `an answer that this browser has not asked for is refused`() async throws {
        try await server.run {
            let provider = try provider()
            let one = try await provider.begin()
            let other = try await provider.begin()
            let state = Self.query(one.url)["state"] ?? ""
            var foreign = [IssuerCallback(state: state, code: "c", cookie: nil)]
            foreign.append(IssuerCallback(state: state, code: "c", cookie: other.cookie))
            foreign.append(IssuerCallback(state: "", code: "c", cookie: ".."))
            for callback in foreign {
                await #expect(throws: IssuerError(.notBegun, "")) { try await provider.finish(callback) }
            }
            var refused = [IssuerCallback(state: state, code: nil, cookie: one.cookie)]
            refused.append(IssuerCallback(state: state, code: "c", error: "access_denied<b>", cookie: one.cookie))
            for callback in refused {
                await #expect(throws: IssuerError(.refused, "")) { try await provider.finish(callback) }
            }
            #expect(server.state.withLock { $0.lastForm }.isEmpty)
            try await provider.close()
        }
    }

    @Test func `a token that does not hold is refused`() async throws {
        try await server.run {
            try await expect(nil) { _ in }
            let claims: [(String, String)] = [
                ("nonce", #""another""#), ("nonce", ""), ("aud", #""another""#), ("aud", ""), ("aud", "7"),
                ("aud", #"["palisade", "another"]"#), ("azp", #""another""#), ("iss", #""https://another.example""#),
                ("exp", "1799999000"), ("exp", ""), ("exp", #""never""#), ("iat", "1800001000"),
                ("iat", "1799990000"), ("iat", ""), ("nbf", "1800001000"), ("sub", ""), ("sub", "7"),
            ]
            for (name, text) in claims {
                try await expect(.refused, "\(name) \(text)") { $0.claims = [name: text] }
            }
            try await expect(nil) { $0.claims = ["aud": #"["palisade", "another"]"#, "azp": #""palisade""#] }
            try await expect(.misconfigured) { $0.claims = ["preferred_username": ""] }
        }
    }

    @Test func `a token signed in no way, with a shared secret, or by another key is refused`() async throws {
        try await server.run {
            for alg in ["none", "None", "HS256", "RS512", ""] {
                try await expect(.refused, "\(alg)") { $0.header = ["alg": alg, "kid": "r1"] }
            }
            // Signed with one key in the name of another, or with an algorithm of another kind of key.
            try await expect(.refused) { $0.header = ["alg": "ES256", "kid": "e1"] }
            try await expect(.refused) { $0.header = ["alg": "RS256", "kid": "e1"] }
            try await expect(.refused) { $0.header = ["alg": "PS256", "kid": "r1"] }
            try await expect(nil) { $0.header = ["alg": "RS256"] }
            for token in ["", ".", "..", "a.b.c", "a.b", "a.b.c.d"] {
                try await expect(.refused, "\(token)") { $0.token = token }
            }
        }
    }

    @Test func `a new key is fetched when a token names it, an old one is refused, and not on every token`()
        async throws
    {
        try await server.run {
            let provider = try provider()
            _ = try await signIn(provider)
            #expect(server.state.withLock { $0.keyFetches } == 1)
            server.state.withLock { state in
                state.signing = "r2"
                state.published = ["r2"]
            }
            // Within 30 seconds of the last look nobody makes us look again.
            for _ in 0..<5 { await #expect(throws: IssuerError.self) { try await signIn(provider) } }
            #expect(server.state.withLock { $0.keyFetches } == 1)
            clock.now.withLock { $0 += 31_000_000 }
            #expect(try await signIn(provider).subject == "u-1")
            #expect(server.state.withLock { $0.keyFetches } == 2)
            server.state.withLock { $0.signing = "r1" }
            clock.now.withLock { $0 += 31_000_000 }
            await #expect(throws: IssuerError(.refused, "")) { try await signIn(provider) }
            try await provider.close()
        }
    }

    @Test func `an issuer that is not what was configured, too large or leads elsewhere is refused`() async throws {
        try await server.run {
            try await expect(.misconfigured) { $0.discovery = ["issuer": #""https://another.example""#] }
            try await expect(.misconfigured) { $0.discovery = ["jwks_uri": #""http://another.example/keys""#] }
            try await expect(.misconfigured) { $0.discovery = ["token_endpoint": "7"] }
            try await expect(.refused) { state in
                state.discovery = [:]
                state.redirectsKeys = true
            }
            try await expect(.unreachable) { state in
                state.redirectsKeys = false
                state.padding = 300_000
            }
            try await expect(nil) { $0.padding = 0 }
        }
    }

    @Test func `an issuer that cannot be used is asked once in ten seconds, and by many at once only once`()
        async throws
    {
        try await server.run {
            let provider = try provider()
            server.state.withLock { $0.discovery = ["issuer": #""https://another.example""#] }
            for _ in 0..<5 { await #expect(throws: IssuerError(.misconfigured, "")) { try await provider.begin() } }
            #expect(server.state.withLock { $0.documentFetches } == 1)
            server.state.withLock { $0.discovery = [:] }
            clock.now.withLock { $0 += 11_000_000 }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await provider.begin() } }
                try await group.waitForAll()
            }
            #expect(server.state.withLock { $0.documentFetches } == 2)
            try await provider.close()
        }
    }

    @Test func `what strangers are told names no address`() async throws {
        try await server.run {
            let provider = try provider()
            server.state.withLock { $0.redirectsKeys = true }
            do {
                _ = try await signIn(provider)
                Issue.record("signed in without keys")
            } catch let error as IssuerError {
                #expect(!error.message.contains("://") && error.description.contains("://"))
            }
            try await provider.close()
        }
    }

    @Test(arguments: [
        "http://id.example", "ftp://id.example", "https://", "https://user:pass@id.example", "id.example",
        "http://127.0.0.1.example", "http://localhost.example",
    ])
    func `an issuer has to be reached over TLS, or on this machine`(_ issuer: String) {
        #expect(throws: IssuerError(.misconfigured, "")) {
            try OpenIDSettings(issuer: issuer, clientID: "c", clientSecret: nil, redirect: "https://p.example/c")
        }
    }
}
