// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What keeps rules from working although they are in the kernel, and what the kernel does not tell by events.
public protocol DatapathHealth: Sendable {
    /// Packets that were dropped and not logged, because there were too many, since our tables were made.
    func unloggedPackets() async throws -> UInt64

    /// Switches on again what enforcement needs and somebody switched off.
    /// - Returns: one sentence for each thing that had to be repaired.
    /// - Throws: when something is off and cannot be switched on.
    func repair() async throws -> [String]
}
