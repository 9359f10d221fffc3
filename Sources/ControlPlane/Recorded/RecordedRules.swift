// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NftablesRuleset
import Synchronization

/// Takes rulesets and enforces nothing: for environments that are looked at and not in force here.
///
/// Answers as a kernel would that has taken the last one, so that modes and revisions read as they were recorded.
public final class RecordedRules: RulesetApplier {
    private let generation = Mutex<UInt32?>(nil)

    public init() {}

    public func apply(_ script: String) async throws { generation.withLock { $0 = ($0 ?? 0) + 1 } }

    public func installedGeneration() async throws -> UInt32? { generation.withLock { $0 } }

    /// Nobody else changes what is nowhere; returns when it is cancelled.
    public func watch(changed: @Sendable (ForeignChange) async -> Void) async throws {
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}
