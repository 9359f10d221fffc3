// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Crypto
import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// An OpenID Connect issuer on loopback, with one user who has just signed in, and faults that a test switches on.
final class SmallIssuer: Sendable {
    struct State {
        /// Keys that it signs with and publishes, by id.
        var signing = "r1"
        var published: [String] = ["r1", "p1", "e1", "o1"]
        var keyFetches = 0
        var documentFetches = 0
        var lastForm = ""
        var lastAuthorization: String?
        var nonce: String?
        /// Changes the claims before they are signed: JSON by name, empty removes.
        var claims: [String: String] = [:]
        var header: [String: String]?
        /// Instead of the token.
        var token: String?
        var discovery: [String: String] = [:]
        var redirectsKeys = false
        var padding = 0
    }

    let state = Mutex(State())
    let address: Mutex<String> = Mutex("")
    private let keys: [String: any PrivateKey]

    protocol PrivateKey: Sendable {
        var document: [String: String] { get }
        func sign(_ text: String) throws -> Data
    }

    /// Made once for all tests: they cost.
    private static let made = Result<[String: any PrivateKey], any Error> {
        [
            "r1": try RSAKey("r1"), "r2": try RSAKey("r2"), "p1": try RSAKey("p1", isPSS: true),
            "e1": ECKey("e1"), "o1": EdwardsKey("o1"),
        ]
    }

    init() throws { keys = try Self.made.get() }

    var issuer: String { address.withLock { $0 } }

    /// Runs it while the body runs.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let router = Router()
        router.get("/.well-known/openid-configuration") { _, _ in try self.discovery() }
        router.get("/keys") { _, _ in try self.keySet() }
        router.post("/token") { request, _ in try await self.token(request) }
        let started = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in started.continuation.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "issuer") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.runService(gracefulShutdownSignals: [])
                return nil
            }
            for await port in started.stream {
                self.address.withLock { $0 = "http://127.0.0.1:\(port)" }
                break
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func discovery() throws -> Response {
        var document: [String: Any] = [
            "issuer": issuer, "authorization_endpoint": issuer + "/authorize?tenant=1",
            "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/keys",
        ]
        let changes = state.withLock { state in
            state.documentFetches += 1
            return state.discovery
        }
        for (name, text) in changes { document[name] = try Self.value(text) }
        return try Self.json(document)
    }

    private func keySet() throws -> Response {
        let (names, redirects, padding) = state.withLock { state in
            state.keyFetches += 1
            return (state.published, state.redirectsKeys, state.padding)
        }
        if redirects { return Response(status: .found, headers: [.location: issuer + "/elsewhere"]) }
        var items: [[String: String]] = [["kty": "oct", "k": "c2VjcmV0", "kid": "r1", "alg": "HS256"], ["kty": "new"]]
        items += names.compactMap { keys[$0]?.document }
        return try Self.json(["keys": items, "padding": String(repeating: "x", count: padding)])
    }

    private func token(_ request: Request) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: 65_536)
        let state = state.withLock { state in
            state.lastForm = String(buffer: body)
            state.lastAuthorization = request.headers[.authorization]
            return state
        }
        if let token = state.token { return try Self.json(["id_token": token]) }
        var claims: [String: Any] = [
            "iss": issuer, "aud": "palisade", "sub": "u-1", "exp": 1_800_000_300, "iat": 1_800_000_000,
            "preferred_username": "bob", "name": "Bob B.", "groups": ["admins", "other"],
        ]
        if let nonce = state.nonce { claims["nonce"] = nonce }
        for (name, text) in state.claims { claims[name] = try Self.value(text) }
        return try Self.json(["id_token": try sign(claims, state), "access_token": "x", "token_type": "Bearer"])
    }

    private func sign(_ claims: [String: Any], _ state: State) throws -> String {
        let alg = ["r": "RS256", "p": "PS256", "e": "ES256", "o": "EdDSA"][state.signing.prefix(1)] ?? "none"
        let header = state.header ?? ["alg": alg, "kid": state.signing, "typ": "JWT"]
        let head = Self.base64URL(try JSONSerialization.data(withJSONObject: header))
        let body = Self.base64URL(try JSONSerialization.data(withJSONObject: claims))
        let text = "\(head).\(body)"
        guard header["alg"] != "none", let key = keys[state.signing] else { return text + "." }
        if header["alg"] == "HS256" {
            // The old trick: the public key as the secret of a shared-secret signature.
            let secret = SymmetricKey(data: Data((key.document["n"] ?? "").utf8))
            return text + "."
                + Self.base64URL(Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: secret)))
        }
        return text + "." + Self.base64URL(try key.sign(text))
    }

    /// - Returns: `nil` for no text.
    private static func value(_ text: String) throws -> Any? {
        text.isEmpty ? nil : try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    private static func json(_ value: Any) throws -> Response {
        let data = try JSONSerialization.data(withJSONObject: value)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }

    static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
