// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Something that a test waited for did not happen.
public struct NotInTime: Error {
    public var what: String
}

/// Waits for what no event tells, looking every few milliseconds.
public func eventually(
    _ what: String,
    seconds: Double = 120,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NotInTime(what: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
