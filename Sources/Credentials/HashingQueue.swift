// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Dispatch
import Synchronization

/// Runs work that blocks on threads of its own, a few at a time, with a bounded number waiting.
///
/// Work that has begun is finished even when who asked for it is gone. What does not fit is refused at once.
final class HashingQueue: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let running: Int
    private let waiting: Int
    private let retryAfter: Int
    private let state = Mutex(State())
    private let threads = DispatchQueue(label: "palisade.passwords", qos: .utility, attributes: .concurrent)

    /// - Parameters:
    ///   - running: pieces of work at the same time.
    ///   - waiting: further pieces that wait in order.
    ///   - retryAfter: seconds that somebody is told to wait who is refused.
    init(running: Int, waiting: Int, retryAfter: Int) {
        self.running = max(1, running)
        self.waiting = max(0, waiting)
        self.retryAfter = retryAfter
    }

    /// - Throws: `HashingBusy` at once, or what the work throws.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            submit(
                { continuation.resume(with: Swift.Result { try work() }) },
                orElse: { continuation.resume(throwing: HashingBusy(retryAfter: self.retryAfter)) }
            )
        }
    }

    private func submit(_ work: @escaping @Sendable () -> Void, orElse refuse: () -> Void) {
        enum Place {
            case now, later, nowhere
        }
        let place = state.withLock { state -> Place in
            if state.running < running {
                state.running += 1
                return .now
            }
            guard state.waiting.count < waiting else { return .nowhere }
            state.waiting.append(work)
            return .later
        }
        switch place {
        case .now: start(work)
        case .later: break
        case .nowhere: refuse()
        }
    }

    private func start(_ work: @escaping @Sendable () -> Void) {
        threads.async {
            work()
            let next = self.state.withLock { state -> (@Sendable () -> Void)? in
                if state.waiting.isEmpty {
                    state.running -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            if let next { self.start(next) }
        }
    }
}
