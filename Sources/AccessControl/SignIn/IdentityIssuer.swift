// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Somebody else who says who people are: an OpenID Connect issuer.
public protocol IdentityIssuer: Sendable {
    /// Begins one sign-in.
    /// - Throws: `IssuerError` when the issuer cannot be reached or is not what was configured.
    func begin() async throws -> IssuerRedirect

    /// Ends one sign-in: checks that it is the one that this browser began, and asks the issuer who it was.
    /// - Throws: `IssuerError`.
    func finish(_ callback: IssuerCallback) async throws -> ExternalIdentity
}

/// Where to send a browser to sign in.
public struct IssuerRedirect: Hashable, Sendable {
    public var url: String
    /// For a cookie that only the callback reads and that ends after ten minutes (HttpOnly, Secure, SameSite=Lax).
    ///
    /// It ties the answer to the browser that asked.
    public var cookie: String

    public init(url: String, cookie: String) {
        self.url = url
        self.cookie = cookie
    }
}

/// What a browser came back with.
public struct IssuerCallback: Hashable, Sendable {
    public var state: String
    public var code: String?
    /// The issuer's word for why not: `access_denied`.
    public var error: String?
    /// From the cookie; `nil` when there is none.
    public var cookie: String?

    public init(state: String, code: String?, error: String? = nil, cookie: String?) {
        self.state = state
        self.code = code
        self.error = error
        self.cookie = cookie
    }
}

/// Why a sign-in at an issuer did not work.
public struct IssuerError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// The settings or the issuer's own document cannot be used.
        case misconfigured
        case unreachable
        /// The browser that came back is not the one that began, or it took too long.
        case notBegun
        /// The issuer refused, or what it gave out does not hold.
        case refused
    }

    public var code: Code
    /// One sentence without secrets, fit for strangers.
    public var message: String
    /// What only operators are told: addresses and answers of the issuer.
    public var detail: String?

    public init(_ code: Code, _ message: String, detail: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
    }

    public var description: String { detail.map { "\(message) \($0)" } ?? message }

    public static func == (left: IssuerError, right: IssuerError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
