// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NftablesRuleset
import Synchronization

/// A kernel that takes our scripts and can be told to fail, to wait, and to lose what it holds.
final class FakeKernel: RulesetApplier {
    struct Refusal: Error, Hashable { var text = "refused" }

    private struct State {
        var generation: UInt32?
        var scripts: [String] = []
        var failures = 0
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Every script that was tried.
    var scripts: [String] { state.withLock { $0.scripts } }
    var generation: UInt32? { state.withLock { $0.generation } }

    /// What somebody else does.
    func set(generation: UInt32?) { state.withLock { $0.generation = generation } }

    /// Refuses the next scripts.
    func refuse(_ count: Int) { state.withLock { $0.failures = count } }

    /// Lets every script wait until `release`.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in waiting { continuation.resume() }
    }

    func apply(_ script: String) async throws {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                state.scripts.append(script)
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !waits { continuation.resume() }
        }
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw Refusal()
            }
            let replaces = script.contains("delete table inet palisade")
            // A difference to tables that are not there.
            guard replaces || state.generation != nil else { throw Refusal(text: "No such file or directory") }
            let mark = script.split(separator: "\n").last { $0.hasPrefix("add element inet palisade generation") }
            let digits = mark?.split(separator: " ").first { $0.hasPrefix("0x") }?.dropFirst(2)
            state.generation = digits.flatMap { UInt32($0, radix: 16) }
        }
    }

    func installedGeneration() async throws -> UInt32? { generation }

    func watch(changed: @Sendable (ForeignChange) async -> Void) async throws {}
}
