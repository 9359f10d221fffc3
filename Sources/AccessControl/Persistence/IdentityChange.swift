// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One change of who is known and what they may do.
public enum IdentityChange: Hashable, Sendable {
    /// New, or instead of the one with the same id.
    case saveUser(User)
    /// With the user go their password, sessions, tokens and memberships.
    case removeUser(String)
    /// The hash as PHC text; `nil` removes it.
    case setPassword(user: String, hash: String?)
    /// New, or instead of the one with the same path.
    case saveGroup(Group)
    case removeGroup(String)
    case saveToken(AccessToken)
    case removeToken(String)
    case saveSession(Session)
    case removeSession(String)
    /// The digest of the secret; `nil`: there is no link any more.
    case setSetupLink(String?)
}

/// Changes that are made together with their record, or not at all.
public struct IdentityEdit<Record: Sendable>: Sendable {
    public var changes: [IdentityChange]
    /// In the order in which they are appended.
    public var records: [Record]

    public init(_ changes: [IdentityChange] = [], records: [Record]) {
        self.changes = changes
        self.records = records
    }
}
