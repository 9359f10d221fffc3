// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// An entry with its place in the chain.
public struct AuditRecord: Hashable, Sendable, Codable {
    /// 1 for the first entry, then one more each; without gaps.
    public var sequence: Int64
    public var entry: AuditEntry
    /// The hash of the record before; 32 zero bytes for the first.
    public var previous: [UInt8]
    /// Of `previous` and the canonical bytes of sequence and entry.
    public var hash: [UInt8]

    public init(sequence: Int64, entry: AuditEntry, previous: [UInt8], hash: [UInt8]) {
        self.sequence = sequence
        self.entry = entry
        self.previous = previous
        self.hash = hash
    }
}

/// The end of a chain, kept beside it, so that records missing at the end are noticed.
public struct AuditHead: Hashable, Sendable, Codable {
    /// How many records the chain has.
    public var count: Int64
    /// The hash of the last; 32 zero bytes when there is none.
    public var hash: [UInt8]

    public init(count: Int64, hash: [UInt8]) {
        self.count = count
        self.hash = hash
    }

    public static let empty = AuditHead(count: 0, hash: Array(repeating: 0, count: 32))
}
