// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The kernel's rules, seen from here.
public protocol RulesetApplier: Sendable {
    /// Applies a script in nft's language as one transaction: all of it or nothing.
    /// - Throws: when the kernel or nft refuses it; the error carries nft's text. Nothing was changed then.
    func apply(_ script: String) async throws

    /// The generation written into our table when it was last applied, from the kernel; `nil` when our table is not
    /// there. A process that starts anew continues from it.
    func installedGeneration() async throws -> UInt32?

    /// Calls `changed` whenever somebody other than this applier changed our rules, or may have, until cancelled.
    ///
    /// - Throws: when watching is not possible.
    func watch(changed: @Sendable (RulesetDisturbance) async -> Void) async throws
}

/// Something that happened to our rules without us.
public enum RulesetDisturbance: Hashable, Sendable {
    /// Somebody changed or removed something of ours; the program's name where the kernel tells.
    case changed(by: String?)
    /// Changes went by unseen; they may have been anybody's.
    case unseen
}
