// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl

/// Users by name.
public struct UserList: Hashable, Sendable, Codable, PagedList {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "UserList"
    public var items: [UserReport]
    @OrNull public var next: String?

    public init(items: [UserReport]) { self.items = items }

    public static func place(of item: UserReport) -> String { item.name }
}

/// One user.
public struct UserReport: Hashable, Sendable, Codable {
    public enum SignIn: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nobody can sign in until a password is set.
        case none
        case password
        /// At the OpenID Connect issuer.
        case external
    }

    /// A group that the user is a member of.
    public struct Membership: Hashable, Sendable, Codable {
        public var group: String
        public var role: Role
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "User"
    public var id: String
    public var name: String
    public var displayName: String
    public var isDisabled: Bool
    public var signIn: SignIn
    /// Given here, and given by the issuer's groups.
    public var grants: [GrantReport]
    public var externalGrants: [GrantReport]
    public var groups: [Membership]
    /// Whether they may administer the server now.
    public var isAdministrator: Bool
    public var created: Timestamp
    @OrNull public var lastSignIn: Timestamp?
    public var sessionCount: Int
    public var tokenCount: Int

    /// How much of something each user has, counted once for a whole list.
    struct Counts {
        var sessions: [String: Int] = [:]
        var tokens: [String: Int] = [:]

        init(_ directory: Directory, now: Int64) {
            for session in directory.sessions.values where session.isValid(at: now) {
                sessions[session.user, default: 0] += 1
            }
            for token in directory.tokens.values { tokens[token.owner, default: 0] += 1 }
        }
    }

    init(_ user: User, in directory: Directory, _ counts: Counts) {
        id = user.id
        name = user.name
        displayName = user.displayName
        isDisabled = user.isDisabled
        signIn =
            switch user.signInMethod {
            case .none: .none
            case .password: .password
            case .external: .external
            }
        grants = user.grants.map { GrantReport($0) }
        externalGrants = user.externalGrants.map { GrantReport($0) }
        groups = directory.roles(ofUser: user.id).map { Membership(group: $0.group, role: $0.role) }
        isAdministrator = directory.access(ofUser: user.id).allows(.administer, in: .server)
        created = Timestamp(microseconds: user.created)
        lastSignIn = user.lastSignIn.map { Timestamp(microseconds: $0) }
        sessionCount = counts.sessions[user.id] ?? 0
        tokenCount = counts.tokens[user.id] ?? 0
    }
}

/// A user to make.
public struct UserDraft: Hashable, Sendable, Codable {
    public var name: String
    /// `nil`: the name.
    public var displayName: String?
    /// `nil`: nobody can sign in until one is set.
    public var password: String?
    public var grants: [GrantReport]

    public init(name: String, displayName: String? = nil, password: String? = nil, grants: [GrantReport] = []) {
        self.name = name
        self.displayName = displayName
        self.password = password
        self.grants = grants
    }
}

/// What to change of a user; `nil` leaves it.
public struct UserEdit: Hashable, Sendable, Codable {
    public var name: String?
    public var displayName: String?
    public var isDisabled: Bool?
    public var grants: [GrantReport]?

    public init(
        name: String? = nil,
        displayName: String? = nil,
        isDisabled: Bool? = nil,
        grants: [GrantReport]? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.isDisabled = isDisabled
        self.grants = grants
    }
}

/// A new password.
public struct PasswordChange: Hashable, Sendable, Codable {
    /// The one until now; needed for one's own.
    public var current: String?
    public var new: String

    public init(current: String? = nil, new: String) {
        self.current = current
        self.new = new
    }
}

/// Sessions of a user, newest first.
public struct SessionList: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "SessionList"
    /// The user's name.
    public var user: String
    public var items: [SessionReport]

    public init(user: String, items: [SessionReport]) {
        self.user = user
        self.items = items
    }
}

/// One session.
public struct SessionReport: Hashable, Sendable, Codable {
    public var id: String
    public var created: Timestamp
    public var lastSeen: Timestamp
    public var expires: Timestamp
    @OrNull public var address: String?
    @OrNull public var client: String?
    /// The session that asks.
    public var isCurrent: Bool

    init(_ session: Session, isCurrent: Bool) {
        id = session.id
        created = Timestamp(microseconds: session.created)
        lastSeen = Timestamp(microseconds: session.lastSeen)
        expires = Timestamp(microseconds: min(session.expires, session.lastSeen + Session.longestIdle))
        address = session.address
        client = session.client
        self.isCurrent = isCurrent
    }
}
