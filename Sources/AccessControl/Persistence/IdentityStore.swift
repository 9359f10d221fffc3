// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Keeps who is known: users, groups, tokens and sessions.
///
/// `Record` is what the audit log appends; this module does not know its shape, and the store guarantees only that a change
/// and its record are kept together or neither is.
public protocol IdentityStore<Record>: Sendable {
    associatedtype Record: Sendable

    /// What is kept now, from memory; holds every edit that has returned.
    var directory: Directory { get }

    /// Decides about a change on what is kept now, and makes it, in one step that no other change can come into.
    ///
    /// When it returns, changes and records survive the death of the process and of the machine.
    /// - Throws: what `decide` throws, `IdentityStoreError`; nothing was changed then. `CancellationError` says nothing
    ///   about whether it was made.
    func edit(_ decide: @escaping @Sendable (Directory) throws -> IdentityEdit<Record>) async throws

    /// Notes when sessions and tokens were last used, without a record; those that are gone are passed over.
    func touch(sessions: [String], tokens: [String], at time: Int64) async throws

    /// - Returns: the PHC text; `nil` for a user without a password, or no such user.
    func passwordHash(ofUser id: String) async throws -> String?
}

/// Why a store could not answer.
public struct IdentityStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        case full, corrupt, closed, newerSchema, failed
    }

    public var code: Code
    /// One sentence with path and cause.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    public static func == (left: IdentityStoreError, right: IdentityStoreError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
