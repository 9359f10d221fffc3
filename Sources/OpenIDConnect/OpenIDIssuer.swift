// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import AsyncHTTPClient
import Foundation
import JWTKit
import NIOCore

/// Sign-in at an OpenID Connect issuer: authorisation code flow with PKCE (S256), state and nonce.
///
/// An actor for what it remembers of the issuer: its document, for an hour, and its keys, which are fetched again when a
/// token names one that is not among them, at most every 30 seconds. One sign-in is remembered by the browser alone. Many at
/// once ask for the document once, and an issuer that cannot be used is asked again after ten seconds, whoever wants in.
public actor OpenIDIssuer: IdentityIssuer {
    /// Seconds.
    static let documentLife: Double = 3600
    static let keysRest: Double = 30
    static let failureRest: Double = 10

    private let settings: OpenIDSettings
    private let client: IssuerClient
    private let now: @Sendable () -> Int64
    private var document: (value: IssuerDocument, fetched: Double)?
    private var fetching: Task<IssuerDocument, any Error>?
    private var failure: (error: IssuerError, at: Double)?
    private var keys: SigningKeys?

    /// - Parameter now: the time in microseconds since 1970.
    public init(_ settings: OpenIDSettings, now: @escaping @Sendable () -> Int64) {
        self.settings = settings
        self.now = now
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        client = IssuerClient(http: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration))
    }

    /// Closes its connections; to be called once, at the end.
    public func close() async throws { try await client.http.shutdown() }

    public func begin() async throws -> IssuerRedirect {
        let endpoint = try await currentDocument().authorization
        let attempt = Attempt()
        let query = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirect),
            ("scope", settings.scopes.joined(separator: " ")), ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", attempt.verifier.challenge), ("code_challenge_method", "S256"),
        ]
        let text = query.map { "\($0.0)=\(IssuerClient.encoded($0.1))" }.joined(separator: "&")
        return IssuerRedirect(url: endpoint + (endpoint.contains("?") ? "&" : "?") + text, cookie: attempt.cookie)
    }

    public func finish(_ callback: IssuerCallback) async throws -> ExternalIdentity {
        guard let attempt = callback.cookie.flatMap({ Attempt(cookie: $0) }),
            ConstantTime.equal(attempt.state, callback.state)
        else {
            throw IssuerError(.notBegun, "This browser has not begun this sign-in, or it took too long.")
        }
        if let error = callback.error {
            let word = String(error.prefix(64).filter { $0.isASCII && ($0.isLetter || $0 == "_") })
            throw IssuerError(.refused, "The issuer refused the sign-in: \(word).")
        }
        guard let code = callback.code, !code.isEmpty, code.utf8.count <= 4096 else {
            throw IssuerError(.refused, "The issuer gave no code.")
        }
        let token = try await idToken(code, attempt)
        let header = try TokenHeader(of: token)
        let claims = try await SigningKeys.verify(token, header, with: try await key(header))
        try IDTokenRules(
            issuer: settings.issuer,
            clientID: settings.clientID,
            nonce: attempt.nonce,
            now: seconds
        ).check(claims)
        return try identity(claims)
    }

    private var seconds: Double { Double(now()) / 1_000_000 }

    private func identity(_ claims: Claims) throws -> ExternalIdentity {
        guard let subject = claims.values["sub"]?.text, (1...255).contains(subject.utf8.count) else {
            throw IssuerError(.refused, "The issuer's id token is refused: it names nobody.")
        }
        guard let name = claims.values[settings.nameClaim]?.text, !name.isEmpty else {
            throw IssuerError(.misconfigured, "The issuer's id token has no claim \(settings.nameClaim) for the name.")
        }
        return ExternalIdentity(
            issuer: settings.issuer,
            subject: subject,
            name: name,
            displayName: claims.values["name"]?.text ?? name,
            grants: settings.grants(of: claims.values[settings.groupsClaim]?.texts ?? [])
        )
    }

    /// Redeems the code.
    private func idToken(_ code: String, _ attempt: Attempt) async throws -> String {
        struct Answer: Decodable {
            var idToken: String

            enum CodingKeys: String, CodingKey {
                case idToken = "id_token"
            }
        }
        let document = try await currentDocument()
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirect),
            ("code_verifier", attempt.verifier.text),
        ]
        var authorization: String?
        if let secret = settings.clientSecret, document.takesBasic {
            let pair = "\(IssuerClient.encoded(settings.clientID)):\(IssuerClient.encoded(secret))"
            authorization = "Basic " + Data(pair.utf8).base64EncodedString()
        } else {
            form.append(("client_id", settings.clientID))
            if let secret = settings.clientSecret { form.append(("client_secret", secret)) }
        }
        let bytes = try await client.post(document.token, form, authorization: authorization)
        do {
            return try JSONDecoder().decode(Answer.self, from: bytes).idToken
        } catch {
            throw IssuerError(.refused, "The issuer gave no id token.")
        }
    }

    private func currentDocument() async throws -> IssuerDocument {
        if let document, seconds - document.fetched < Self.documentLife { return document.value }
        if let failure, (0..<Self.failureRest).contains(seconds - failure.at) { throw failure.error }
        if let fetching { return try await fetching.value }
        let (client, issuer) = (client, settings.issuer)
        let task = Task {
            let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
            return try IssuerDocument(try await client.get(base + "/.well-known/openid-configuration"), issuer: issuer)
        }
        fetching = task
        defer { fetching = nil }
        do {
            let fresh = try await task.value
            document = (fresh, seconds)
            failure = nil
            return fresh
        } catch let error as IssuerError {
            failure = (error, seconds)
            throw error
        }
    }

    private func key(_ header: TokenHeader) async throws -> JWK {
        if let key = keys?.key(header) { return key }
        // A key that is not known may be new; tokens with made-up names do not make us ask all the time.
        if keys.map({ seconds - $0.fetched >= Self.keysRest }) ?? true {
            let bytes = try await client.get(try await currentDocument().keys)
            keys = try SigningKeys(bytes, fetched: seconds)
        }
        guard let key = keys?.key(header) else {
            throw IssuerError(.refused, "The issuer's id token is refused: it is signed with an unknown key.")
        }
        return key
    }
}
