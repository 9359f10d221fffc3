// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import Synchronization

/// Watches a run over many inputs: how long the slowest one takes, and which one never ends.
///
/// An input that takes a minute ends the process with its name, since nothing else could stop it.
public final class InputWatch: Sendable {
    private struct State {
        /// What is being read, and since when; `nil` between inputs.
        var current: (input: Int, since: ContinuousClock.Instant)?
        var isOver = false
    }

    private let state = Mutex(State())
    private let slowestInput = Mutex((input: 0, seconds: 0.0))

    /// The input that took most processor time, and how much.
    public var slowest: (input: Int, seconds: Double) { slowestInput.withLock { $0 } }

    /// - Parameter run: what to print of a run that hangs, so that it can be repeated: its seed.
    public init(_ run: String) {
        let thread = Thread { [weak self] in
            while let self, !self.state.withLock(\.isOver) {
                self.endIfStuck(run)
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
        thread.start()
    }

    /// Ends the watching.
    public func finish() { state.withLock { $0.isOver = true } }

    /// Reads one input; processor time is counted, so that a busy machine makes nothing slow.
    public func reading<Result>(_ input: Int, _ body: () throws -> Result) rethrows -> Result {
        state.withLock { $0.current = (input, .now) }
        let start = Self.threadSeconds()
        defer {
            let seconds = Self.threadSeconds() - start
            state.withLock { $0.current = nil }
            slowestInput.withLock { if seconds > $0.seconds { $0 = (input, seconds) } }
        }
        return try body()
    }

    /// The most memory that the process has had, in bytes.
    public static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    private func endIfStuck(_ run: String) {
        guard let (input, since) = state.withLock(\.current), ContinuousClock.now - since > .seconds(60) else { return }
        FileHandle.standardError.write(Data("\(run), input \(input): not read after a minute\n".utf8))
        abort()
    }

    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
