// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Something that a test waited for did not happen.
public struct NotInTime: Error {
    public var what: String

    public init(what: String) { self.what = what }
}

/// Waits for what no event tells, looking every few milliseconds.
public func eventually(
    _ what: String,
    seconds: Double = 120,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    _ = try await eventuallyFind(what, seconds: seconds) { try await condition() ? true : nil }
}

/// Waits until there is something to be found, looking every few milliseconds.
public func eventuallyFind<Found: Sendable>(
    _ what: String,
    seconds: Double = 120,
    _ find: @Sendable () async throws -> Found?
) async throws -> Found {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if let found = try await find() { return found }
        guard ContinuousClock.now < deadline else { throw NotInTime(what: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
