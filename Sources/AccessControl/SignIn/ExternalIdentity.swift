// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Somebody whom an OpenID Connect issuer has vouched for.
public struct ExternalIdentity: Hashable, Sendable {
    public var issuer: String
    /// The issuer's own name for them, which never passes to somebody else.
    public var subject: String
    /// What they are called at the issuer; a proposal for the user name, and proof of nothing.
    public var name: String
    public var displayName: String
    /// What the groups that the issuer named stand for here.
    public var grants: [Grant]

    public init(issuer: String, subject: String, name: String, displayName: String, grants: [Grant]) {
        self.issuer = issuer
        self.subject = subject
        self.name = name
        self.displayName = displayName
        self.grants = grants
    }
}
