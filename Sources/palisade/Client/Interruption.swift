// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Dispatch
import Foundation

/// Runs work until it ends or the user presses Ctrl-C.
enum Interruption {
    /// - Returns: `nil` when the user interrupted; the work is cancelled then.
    static func interruptible<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        signal(SIGINT, SIG_IGN)
        let (interrupts, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGINT)
        source.setEventHandler { continuation.yield() }
        source.resume()
        defer {
            source.cancel()
            signal(SIGINT, SIG_DFL)
        }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in interrupts { return nil }
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
