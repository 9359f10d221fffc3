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

    /// Calls `changed` whenever somebody other than this applier changed our tables, or may have, until cancelled.
    ///
    /// The first call comes as soon as changes are seen, for what happened before; spurious calls are allowed.
    /// - Throws: when watching is not possible.
    func watch(changed: @Sendable (ForeignChange) async -> Void) async throws
}

/// A change of the kernel's rules that was not ours.
public struct ForeignChange: Hashable, Sendable {
    /// The name of the program that did it, where the kernel told.
    public var program: String?
    /// Whether it changed our tables for certain and left their generation alone, so that only this message tells.
    public var isTampering: Bool

    public init(program: String? = nil, isTampering: Bool = false) {
        self.program = program
        self.isTampering = isTampering
    }
}
