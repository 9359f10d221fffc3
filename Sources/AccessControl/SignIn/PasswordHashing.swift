// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Turns passwords into hashes that cost an attacker time and memory, and checks them.
public protocol PasswordHashing: Sendable {
    /// - Throws: `HashingBusy` when too many wait already.
    func hash(_ password: String) async throws -> String

    /// Whether the password is the one that the hash was made from.
    ///
    /// Takes as long for no hash (`nil`: nobody of that name, or no password set) as for a wrong password, and says false.
    /// - Throws: `HashingBusy` when too many wait already.
    func verify(_ password: String, against hash: String?) async throws -> Bool
}

/// Too many passwords are being checked at the same time.
public struct HashingBusy: Error, Hashable, Sendable {
    /// Seconds after which to try again.
    public var retryAfter: Int

    public init(retryAfter: Int) { self.retryAfter = retryAfter }
}

/// Where secrets and ids come from.
public protocol SecretSource: Sendable {
    /// A new secret with 256 random bits, as text that can stand in a URL or a header.
    func secret(_ kind: SecretKind) -> String

    /// A random id with 96 bits, lower-case hexadecimal.
    func id() -> String

    /// SHA-256 of the text in hexadecimal: what is kept instead of the secret.
    func digest(_ text: String) -> String
}

/// What a secret is for; told by its first letters, so that a secret that leaked is recognised by scanners.
public enum SecretKind: String, Hashable, Sendable, CaseIterable {
    /// `pal_`.
    case token = "pal_"
    /// `pas_`.
    case session = "pas_"
    /// No first letters: it stands in the path of a link.
    case setupLink = ""
}
