// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Who asks, with what they may do at the moment of the request.
public struct Principal: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Whoever may open the unix socket of the data directory: the user who runs Palisade, or root.
        case owner
        /// A signed-in person, by user id.
        case user(String)
        /// An API token, by its id and the id of the user who made it.
        case token(String, user: String)
    }

    public var kind: Kind
    /// As the audit log writes it: the user name, `token ci of author1`, `owner`.
    public var name: String
    public var access: Access

    public init(_ kind: Kind, name: String, access: Access) {
        self.kind = kind
        self.name = name
        self.access = access
    }

    /// Whoever may open the unix socket: may do everything.
    public static let owner = Principal(.owner, name: "owner", access: .full)

    /// Whether it is a program that acts with a token.
    public var isToken: Bool { if case .token = kind { true } else { false } }

    /// The person behind it; `nil` for the owner of the socket.
    public var userID: String? {
        switch kind {
        case .owner: nil
        case .user(let id), .token(_, user: let id): id
        }
    }
}
