// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// A name and a password.
public struct SignInRequest: Sendable {
    public var name: String
    public var password: String
    /// The secret of the session that the client has already; it ends, so that nobody can prepare a session for somebody
    /// else.
    public var replacing: String?

    public init(name: String, password: String, replacing: String? = nil) {
        self.name = name
        self.password = password
        self.replacing = replacing
    }
}

/// What came out of a sign-in.
public enum SignInAnswer: Sendable {
    case signedIn(SignedIn)
    /// The same for an unknown name, a wrong password and an account that is disabled.
    case refused
    /// Too many failures: not before this time.
    case locked(until: Timestamp)
    /// Too many people are signing in: again after so many seconds.
    case busy(retryAfter: Int)
}

/// A new session.
public struct SignedIn: Sendable {
    /// For the cookie; nowhere else.
    public var secret: String
    public var session: CurrentSession

    public init(secret: String, session: CurrentSession) {
        self.secret = secret
        self.session = session
    }
}

/// The session that a request came with.
public struct CurrentSession: Hashable, Sendable {
    /// Not the secret.
    public var id: String
    public var principal: Principal
    /// What every form and every changing request has to send back.
    public var csrf: String
    /// When it ends whatever happens.
    public var expires: Timestamp
    /// What the user may do has changed: `AccessService.rotate` gives a new secret, to be sent with the answer.
    public var isRotationDue: Bool

    public init(id: String, principal: Principal, csrf: String, expires: Timestamp, isRotationDue: Bool) {
        self.id = id
        self.principal = principal
        self.csrf = csrf
        self.expires = expires
        self.isRotationDue = isRotationDue
    }

    /// Whether the text is this session's; takes the same time whether it is or not.
    public func accepts(csrf text: String) -> Bool { ConstantTime.equal(csrf, text) }
}
