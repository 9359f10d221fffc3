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

    /// Calls `changed` whenever somebody other than this applier changed the kernel's rules, until cancelled. Spurious
    /// calls are allowed. `program` is the name of the process that did it, where the kernel tells.
    /// - Throws: when watching is not possible.
    func watch(changed: @Sendable (_ program: String?) async -> Void) async throws
}
