// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What came out of checking the whole chain.
public struct AuditVerification: Hashable, Sendable, Codable {
    /// The first place at which the chain is not what was written.
    public struct Break: Hashable, Sendable, Codable {
        public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
            /// The record is not there, later ones are.
            case missing
            /// A record comes twice, or before one that is older.
            case outOfOrder = "out-of-order"
            /// The record does not follow from the one before.
            case notLinked = "not-linked"
            /// The record is not what its hash was made from.
            case altered
            /// Records at the end are gone.
            case truncated
            /// The end kept beside the chain is another one.
            case headDiffers = "head-differs"
        }

        public var sequence: Int64
        public var reason: Reason

        public init(sequence: Int64, reason: Reason) {
            self.sequence = sequence
            self.reason = reason
        }

        /// One sentence.
        public var sentence: String {
            switch reason {
            case .missing: "Entry \(sequence) is missing."
            case .outOfOrder: "Entry \(sequence) is missing, and an older one stands in its place."
            case .notLinked: "Entry \(sequence) does not follow from the one before."
            case .altered: "Entry \(sequence) was changed after it was written."
            case .truncated: "Entry \(sequence) and all after it are missing."
            case .headDiffers: "From entry \(sequence) on, the log is not the one whose end was kept."
            }
        }
    }

    /// Entries from the first on that are as they were written.
    public var count: Int64
    /// Microseconds since 1970, of the first and the last of them; `nil` when there is none.
    public var first: Int64?
    public var last: Int64?
    /// The hash of the last of them in hexadecimal, for comparison with one that was noted elsewhere.
    public var head: String
    /// `nil`: the chain is whole.
    public var broken: Break?

    public init(count: Int64, first: Int64?, last: Int64?, head: String, broken: Break? = nil) {
        self.count = count
        self.first = first
        self.last = last
        self.head = head
        self.broken = broken
    }
}
