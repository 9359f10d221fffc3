// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Somebody who can sign in.
///
/// A password's hash is kept apart from it, so that no list and no message can show one.
public struct User: Hashable, Sendable, Codable {
    /// How somebody proves who they are.
    public enum SignInMethod: Hashable, Sendable, Codable {
        /// Not at all yet: an administrator has to set a password.
        case none
        /// With a password that is kept here as a hash.
        case password
        /// At an OpenID Connect issuer, by the subject that it gives.
        case external(issuer: String, subject: String)
    }

    /// Random; never used again, unlike the name.
    public let id: String
    /// As `NameRule.user` says; unique.
    public var name: String
    public var displayName: String
    public var isDisabled: Bool
    public var signInMethod: SignInMethod
    /// Given here.
    public var grants: [Grant]
    /// Given by the groups that the issuer named at the last sign-in.
    public var externalGrants: [Grant]
    /// Microseconds since 1970.
    public var created: Int64
    /// When the name was changed last; `nil`: it is the first.
    public var renamed: Int64?
    /// `nil`: never.
    public var lastSignIn: Int64?
    /// When the password was last set: a sign-in that was checked against the one before does not count.
    public var passwordChanged: Int64?

    public init(
        id: String,
        name: String,
        displayName: String,
        isDisabled: Bool = false,
        signInMethod: SignInMethod = .none,
        grants: [Grant] = [],
        externalGrants: [Grant] = [],
        created: Int64,
        lastSignIn: Int64? = nil,
        passwordChanged: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.isDisabled = isDisabled
        self.signInMethod = signInMethod
        self.grants = grants
        self.externalGrants = externalGrants
        self.created = created
        self.lastSignIn = lastSignIn
        self.passwordChanged = passwordChanged
    }

    /// The most grants that one user or token may have.
    public static let mostGrants = 200

    /// Whether a sign-in can succeed.
    public var canSignIn: Bool { !isDisabled && signInMethod != .none }
}
