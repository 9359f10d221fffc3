// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A secret with which a program acts for the user who made it, never with more rights than that user has now.
public struct AccessToken: Hashable, Sendable, Codable {
    /// Random; not the secret.
    public let id: String
    /// As `NameRule.token` says; unique among its owner's.
    public var name: String
    /// A user's id.
    public var owner: String
    public var grants: [Grant]
    /// The digest of the secret, in hexadecimal; the secret itself is shown once and never kept.
    public var digest: String
    /// Microseconds since 1970, as all times here.
    public var created: Int64
    public var expires: Int64
    /// To the minute; `nil`: never.
    public var lastUsed: Int64?

    public init(
        id: String,
        name: String,
        owner: String,
        grants: [Grant],
        digest: String,
        created: Int64,
        expires: Int64,
        lastUsed: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.owner = owner
        self.grants = grants
        self.digest = digest
        self.created = created
        self.expires = expires
        self.lastUsed = lastUsed
    }

    public static let defaultDays = 90
    public static let mostDays = 365
    /// Of one user; another is refused.
    public static let mostPerUser = 100

    /// When a token made at `now` for so many days ends; `nil` unless it is 1...`mostDays`.
    public static func expiry(days: Int, now: Int64) -> Int64? {
        (1...mostDays).contains(days) ? now + Int64(days) * 86_400_000_000 : nil
    }

    /// Whether it opens the Git repository and nothing else.
    public var isForGitOnly: Bool { !grants.isEmpty && grants.allSatisfy { $0.scope == .git } }

    public func isValid(at now: Int64) -> Bool { now < expires }
}
