// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Keeps the modes that people set, across restarts.
public protocol ModeStore: Sendable {
    /// The modes that were set; `nil` when none ever were.
    func load() async throws -> ModeSettings?

    func store(_ settings: ModeSettings) async throws
}
