// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A signed-in browser or program.
///
/// It ends an hour after it was last used, twelve hours after its sign-in, when somebody ends it, and with its user.
public struct Session: Hashable, Sendable, Codable {
    /// The digest of its secret, in hexadecimal: it names the session and opens nothing.
    public let id: String
    /// A user's id.
    public var user: String
    /// Microseconds since 1970, as all times here.
    public var created: Int64
    /// To the minute.
    public var lastSeen: Int64
    /// When it ends whatever happens.
    public var expires: Int64
    /// The client's address; `nil` over the unix socket.
    public var address: String?
    /// The browser's user agent, at most 200 bytes.
    public var client: String?
    /// What its user may do has changed since its secret was given out: the next answer gives a new one.
    public var isRotationDue: Bool

    public init(
        id: String,
        user: String,
        created: Int64,
        lastSeen: Int64,
        expires: Int64,
        address: String? = nil,
        client: String? = nil,
        isRotationDue: Bool = false
    ) {
        self.id = id
        self.user = user
        self.created = created
        self.lastSeen = lastSeen
        self.expires = expires
        self.address = address
        self.client = client
        self.isRotationDue = isRotationDue
    }

    /// Microseconds.
    public static let longest: Int64 = 12 * 3_600_000_000
    /// Microseconds without a request.
    public static let longestIdle: Int64 = 3_600_000_000
    /// How long the secret before a rotation still opens it, for requests that are on their way; microseconds.
    public static let rotationGrace: Int64 = 30_000_000
    /// Of one user; a new sign-in ends the one that was unused longest.
    public static let mostPerUser = 20

    public func isValid(at now: Int64) -> Bool { now < expires && now - lastSeen < Self.longestIdle }
}
