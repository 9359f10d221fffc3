// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Traffic by drop reason, port or policy; most packets first.
public struct BreakdownReport: Hashable, Sendable, Codable {
    public enum Dimension: String, Hashable, Sendable, Codable, CaseIterable {
        /// `Flow.Reason`.
        case reason
        /// `TCP 5432`, `ICMP 8`.
        case port
        /// The policy that decided, or that isolated what no rule allows; a connection counts for each of them.
        case policy
    }

    public struct Item: Hashable, Sendable, Codable {
        public var name: String
        public var allowed: Volume
        public var dropped: Volume
        public var wouldDrop: Volume
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "StatisticsBreakdown"
    public var environment: String
    public var coverage: Coverage
    public var dimension: Dimension
    public var items: [Item]
    /// Items past the limit.
    public var omitted: Int
}

/// Traffic of one range, by everything that a page shows of it.
public struct TrafficDetails: Hashable, Sendable {
    public var namespaces: NamespaceReport
    public var drops: DropsReport
    /// In the order asked for.
    public var breakdowns: [BreakdownReport]
}

/// Whether what is shown is everything that happened.
public struct DataQualityReport: Hashable, Sendable, Codable {
    public struct Gap: Hashable, Sendable, Codable {
        public var from: Timestamp
        public var to: Timestamp
        /// One phrase: `palisade was not running`, `kernel queue overflow`.
        public var cause: String
        /// Events known to be missing; 0 is a number that is not known.
        public var lost: UInt64
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "DataQuality"
    public var environment: String
    public var coverage: Coverage
    /// Oldest first, at most 1,000; those of one cause that touch are one.
    public var gaps: [Gap]
    public var omitted: Int
}
