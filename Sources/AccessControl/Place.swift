// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where something is done: what a permission is asked for.
public enum Place: Hashable, Sendable {
    /// The server itself: users, groups, the audit log.
    case server
    case environment(String)
    case namespace(environment: String, namespace: String)
}

/// Where a role is granted.
public enum Scope: Hashable, Sendable, Codable {
    /// Everywhere, the server itself included.
    case everywhere
    /// The environments of a group and of the groups inside it, by the group's path: `platform/edge`.
    case group(String)
    case environment(String)
    case namespace(environment: String, namespace: String)
    /// For tokens only: wherever its owner may, but through the Git repository of policies alone and not through the API.
    case git
}

/// A role on a place.
public struct Grant: Hashable, Sendable, Codable {
    public var role: Role
    public var scope: Scope

    public init(_ role: Role, on scope: Scope) {
        self.role = role
        self.scope = scope
    }
}
