// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// How recorded traffic used each policy and each of its rules.
public struct PolicyUseReport: Hashable, Sendable, Codable {
    /// How often something decided.
    public struct Use: Hashable, Sendable, Codable {
        /// Connections, not packets.
        public var allowed: UInt64
        public var dropped: UInt64
        public var wouldDrop: UInt64
        @OrNull public var lastUsed: Timestamp?

        public init(allowed: UInt64 = 0, dropped: UInt64 = 0, wouldDrop: UInt64 = 0, lastUsed: Timestamp? = nil) {
            self.allowed = allowed
            self.dropped = dropped
            self.wouldDrop = wouldDrop
            self.lastUsed = lastUsed
        }

        public var total: UInt64 { allowed + dropped + wouldDrop }
    }

    public struct Item: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var policy: String
        /// As rule that decided, and as policy that isolated what was dropped.
        public var use: Use
        /// By rule name, `inbound/1`; every rule of the policy is there.
        public var rules: [String: Use]
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "PolicyUse"
    public var environment: String
    public var coverage: Coverage
    /// Sorted by policy; every loaded policy is there.
    public var items: [Item]
}

/// Which workloads policies isolate.
public struct CoverageReport: Hashable, Sendable, Codable, PagedList {
    public struct Item: Hashable, Sendable, Codable {
        public var namespace: String
        public var workload: String
        public var inbound: Bool
        public var outbound: Bool
        /// `namespace/name`, sorted.
        public var policies: [String]
        @OrNull public var unprotected: String?
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "PolicyCoverage"
    public var environment: String
    /// Sorted by namespace and workload.
    public var items: [Item]
    @OrNull public var next: String?

    // Names have no spaces and nothing that sorts before one.
    public static func place(of item: Item) -> String { "\(item.namespace) \(item.workload)" }
}
