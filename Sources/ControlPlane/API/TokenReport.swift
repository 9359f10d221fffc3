// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl

/// Tokens by owner and name.
public struct TokenList: Hashable, Sendable, Codable, PagedList {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "TokenList"
    public var items: [TokenReport]
    @OrNull public var next: String?

    public init(items: [TokenReport]) { self.items = items }

    // Names have no spaces and nothing that sorts before one.
    public static func place(of item: TokenReport) -> String { "\(item.user) \(item.name) \(item.id)" }
}

/// One token, without its value.
public struct TokenReport: Hashable, Sendable, Codable {
    public var id: String
    public var name: String
    /// Its owner's user name.
    public var user: String
    public var grants: [GrantReport]
    public var created: Timestamp
    public var expires: Timestamp
    public var isExpired: Bool
    /// To the minute.
    @OrNull public var lastUsed: Timestamp?

    init(_ token: AccessToken, in directory: Directory, now: Int64) {
        id = token.id
        name = token.name
        user = directory.users[token.owner]?.name ?? ""
        grants = token.grants.map { GrantReport($0) }
        created = Timestamp(microseconds: token.created)
        expires = Timestamp(microseconds: token.expires)
        isExpired = !token.isValid(at: now)
        lastUsed = token.lastUsed.map { Timestamp(microseconds: $0) }
    }
}

/// A token that was just made.
public struct TokenCreated: Hashable, Sendable, Codable {
    public var apiVersion = ControlPlane.apiVersion
    public var kind = "TokenCreated"
    public var token: TokenReport
    /// The secret; it is shown here and never again.
    public var value: String
}

/// What to change about a token; what is `nil` stays.
///
/// Its value stays in any case.
public struct TokenEdit: Hashable, Sendable, Codable {
    public var name: String?
    /// All of them, instead of those before; at least one, none beyond what the owner may do.
    public var grants: [GrantReport]?
    /// From now until it expires, 1...365.
    public var days: Int?

    public init(name: String? = nil, grants: [GrantReport]? = nil, days: Int? = nil) {
        self.name = name
        self.grants = grants
        self.days = days
    }
}

/// A token to make.
public struct TokenDraft: Hashable, Sendable, Codable {
    public var name: String
    /// Whose it will be, by user name; `nil` is who asks.
    public var user: String?
    /// At least one, none beyond what the owner may do.
    public var grants: [GrantReport]
    /// Until it expires, 1...365; `nil` is 90.
    public var days: Int?

    public init(name: String, user: String? = nil, grants: [GrantReport], days: Int? = nil) {
        self.name = name
        self.user = user
        self.grants = grants
        self.days = days
    }
}
