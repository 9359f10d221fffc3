// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// Who talks to whom in a range of time, as a graph and as its equal table.
///
/// Deterministic: the same data give the same order. Nodes are sorted by id, edges by their ends.
public struct TrafficMap: Hashable, Sendable, Codable {
    public struct Node: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case namespace, workload, host, world
        }

        /// Stable: `shop/web`, `shop` for a whole namespace, `host`, `world`, and `unknown` (of kind `world`) for addresses
        /// of container networks that nobody has.
        ///
        /// A namespace with one of these names is `namespace:host`.
        public var id: String
        public var kind: Kind
        /// The island that it belongs to; `nil` for host and world.
        @OrNull public var namespace: String?
        public var label: String
        /// Whether any policy isolates it, by direction; of a namespace: all its workloads.
        public var isIsolatedInbound: Bool
        public var isIsolatedOutbound: Bool
        /// `namespace/name` of the policies that select it; of a namespace: of all its workloads.
        public var policies: [String]
        /// Workloads inside; 1 for a workload.
        public var workloads: Int
        /// Why policies do not reach it; `nil` when they do.
        @OrNull public var unprotected: String?
        /// Whether it is of a namespace that the reader does not see: nothing is told then about its policies, and only
        /// what seen flows name is counted.
        public var isMasked: Bool
    }

    public struct Edge: Hashable, Sendable, Codable {
        public enum Layer: String, Hashable, Sendable, Codable, CaseIterable {
            case observed
            /// Policies permit it and no flow of the range used it.
            case unused
        }

        /// Node ids.
        public var source: String
        public var destination: String
        public var layer: Layer
        /// Of `unused` edges: allowed.
        public var verdict: Verdict
        /// `TCP 5432`, most used first; at most 5, and how many more.
        public var ports: [String]
        public var otherPorts: Int
        public var connections: UInt64
        public var packets: UInt64
        @OrNull public var lastSeen: Timestamp?
    }

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "TrafficMap"
    public var environment: String
    public var coverage: Coverage
    public var nodes: [Node]
    public var edges: [Edge]
    /// Edges past `largestEdgeCount`; the busiest are kept.
    public var omittedEdges: Int

    public static let largestEdgeCount = 5_000
}

/// Which map to draw.
public struct TrafficMapRequest: Hashable, Sendable {
    public var statistics: StatisticsRequest
    /// Namespaces whose workloads are shown one by one; the others are one node each.
    ///
    /// `nil` expands all.
    public var expanded: Set<String>?
    /// Whether permitted connections that nothing used are added.
    public var includesUnused: Bool

    public init(statistics: StatisticsRequest, expanded: Set<String>? = [], includesUnused: Bool = false) {
        self.statistics = statistics
        self.expanded = expanded
        self.includesUnused = includesUnused
    }
}
