// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where events about traffic come from: the kernel's packet log, connection tracking.
public protocol KernelEventSource: Sendable {
    /// Reads events until the task is cancelled and hands them over in order, many at a time.
    ///
    /// The source reads no further while `deliver` has not returned; what the kernel cannot hold meanwhile is lost, and
    /// the loss is delivered as `KernelEvent.lost` as soon as it is noticed.
    /// - Throws: when events cannot be read at all (no privilege, no such facility).
    func run(_ deliver: @Sendable ([KernelEvent]) async -> Void) async throws
}
