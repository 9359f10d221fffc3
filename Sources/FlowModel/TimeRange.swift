// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// A half-open span of time in microseconds since 1970: `from` is in it, `to` is not.
public struct TimeRange: Hashable, Sendable, Codable {
    public var from: Int64
    public var to: Int64

    /// An end before the start makes the range empty.
    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = max(from, to)
    }

    public func contains(_ time: Int64) -> Bool { from <= time && time < to }

    /// Whether the spans share a moment; `to` of the other is part of it.
    public func overlaps(from otherFrom: Int64, through otherTo: Int64) -> Bool { otherFrom < to && from <= otherTo }
}

/// The windows in which flows are counted: minutes.
public enum FlowWindow {
    /// Microseconds.
    public static let length: Int64 = 60_000_000

    /// The start of the window that `time` lies in.
    public static func start(of time: Int64) -> Int64 {
        let rest = time % length
        return rest < 0 ? time - rest - length : time - rest
    }
}
