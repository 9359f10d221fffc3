// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import ControlPlane

/// What the settings show; each page takes its part.
public struct SettingsModel: Hashable, Sendable {
    public enum Tab: String, Hashable, Sendable, CaseIterable { case users, roles, groups, tokens, retention, about }

    public struct User: Hashable, Sendable {
        public var id: String
        public var name: String
        public var grants: [Grant]
        public var lastSignIn: Timestamp?
        public var sessions: Int
        /// Whether the person signs in elsewhere.
        public var isExternal: Bool
        public var isDisabled: Bool
        /// Locked after failed attempts.
        public var lockedUntil: Timestamp?
        /// The last administrator cannot be removed or demoted.
        public var isLastAdmin: Bool

        public init(
            id: String,
            name: String,
            grants: [Grant] = [],
            lastSignIn: Timestamp? = nil,
            sessions: Int = 0,
            isExternal: Bool = false,
            isDisabled: Bool = false,
            lockedUntil: Timestamp? = nil,
            isLastAdmin: Bool = false
        ) {
            self.id = id
            self.name = name
            self.grants = grants
            self.lastSignIn = lastSignIn
            self.sessions = sessions
            self.isExternal = isExternal
            self.isDisabled = isDisabled
            self.lockedUntil = lockedUntil
            self.isLastAdmin = isLastAdmin
        }
    }

    public struct Group: Hashable, Sendable {
        /// `platform/edge`.
        public var path: String
        public var environments: [String]
        public var members: [String]
        public var grants: [Grant]

        public init(path: String, environments: [String] = [], members: [String] = [], grants: [Grant] = []) {
            self.path = path
            self.environments = environments
            self.members = members
            self.grants = grants
        }
    }

    public struct Token: Hashable, Sendable {
        public var id: String
        public var name: String
        public var owner: String
        public var grants: [Grant]
        public var created: Timestamp
        public var expires: Timestamp?
        public var lastUsed: Timestamp?

        public init(
            id: String,
            name: String,
            owner: String,
            grants: [Grant],
            created: Timestamp,
            expires: Timestamp?,
            lastUsed: Timestamp? = nil
        ) {
            self.id = id
            self.name = name
            self.owner = owner
            self.grants = grants
            self.created = created
            self.expires = expires
            self.lastUsed = lastUsed
        }
    }

    /// A value that is shown this once.
    public struct NewSecret: Hashable, Sendable {
        public var title: String
        public var value: String

        public init(title: String, value: String) {
            self.title = title
            self.value = value
        }
    }

    public var tab: Tab
    public var users: [User]
    public var groups: [Group]
    public var tokens: [Token]
    /// What the next page of users, groups or tokens begins behind; `nil` on the last.
    public var next: String?
    public var newSecret: NewSecret?
    /// The sentence of what could not be done, and the field it is about.
    public var problem: String?
    /// Names and values of `retention` and `about`.
    public var facts: [Fact]

    /// One setting as it is in force.
    public struct Fact: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        tab: Tab,
        users: [User] = [],
        groups: [Group] = [],
        tokens: [Token] = [],
        newSecret: NewSecret? = nil,
        problem: String? = nil,
        facts: [Fact] = []
    ) {
        self.tab = tab
        self.users = users
        self.groups = groups
        self.tokens = tokens
        self.newSecret = newSecret
        self.problem = problem
        self.facts = facts
    }
}
