// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Counts what the packet log lost, from the numbers of the packets that arrived.
///
/// A full buffer is noticed before the next packet tells how many are missing; it counts as one until then.
public struct SequenceGaps: Hashable, Sendable {
    private var expected: UInt32?
    private var assumed: UInt64 = 0

    public init() {}

    /// The number lost right before the packet that has this sequence number, beyond what was reported already.
    public mutating func arrived(_ sequence: UInt32) -> UInt64 {
        let missing = expected.map { UInt64(sequence &- $0) } ?? 0
        expected = sequence &+ 1
        // A step of half the number space or more is a restarted count, not two thousand million lost packets.
        let lost = missing < 1 << 31 ? missing : 0
        let alreadyReported = min(assumed, lost)
        // Packets that were in the buffer before it overflowed come first, so the assumption waits for its gap.
        assumed -= alreadyReported
        return lost - alreadyReported
    }

    /// The buffer overflowed: at least one packet is lost.
    ///
    /// The number to report now.
    public mutating func overflowed() -> UInt64 {
        guard assumed == 0 else { return 0 }
        assumed = 1
        return 1
    }
}
