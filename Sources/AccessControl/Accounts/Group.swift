// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Environments and the people who work on them; groups nest by their path.
public struct Group: Hashable, Sendable, Codable {
    /// Somebody in a group, with what they may do on its environments and on those of the groups inside it.
    public struct Member: Hashable, Sendable, Codable {
        /// A user's id.
        public var user: String
        public var role: Role

        public init(user: String, role: Role) {
            self.user = user
            self.role = role
        }
    }

    /// `platform/edge` lies inside `platform`; as `NameRule.groupPath` says; unique.
    public var path: String
    /// What people call it; empty is the last part of the path.
    public var title: String
    /// Environments by name, sorted.
    public var environments: [String]
    /// By user, each once.
    public var members: [Member]
    /// Microseconds since 1970.
    public var created: Int64

    public init(
        path: String,
        title: String = "",
        environments: [String] = [],
        members: [Member] = [],
        created: Int64
    ) {
        self.path = path
        self.title = title
        self.environments = environments
        self.members = members
        self.created = created
    }

    public static let mostEnvironments = 1000
    public static let mostMembers = 10_000

    /// The path of the group that it lies in; `nil` at the top.
    public var parent: String? { path.lastIndex(of: "/").map { String(path[..<$0]) } }

    /// Whether it is the group at `other` or lies somewhere in it.
    public func isInside(_ other: String) -> Bool { path == other || path.hasPrefix(other + "/") }
}
