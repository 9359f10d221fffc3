// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// Who can talk to whom, and on what, by the policies alone.
///
/// Edges are worked out while they are walked over, source by source in the order of the text, so that a map of millions of
/// pairs needs no memory for them. Replicas with different answers are kept apart. A workload is not compared with itself.
///
/// ```
/// let map = ConnectivityMap(resolved)
/// map.write(.txt) { bytes in output.append(contentsOf: bytes) }
/// ```
public struct ConnectivityMap: Sendable {
    /// What the places of a map are.
    public enum Level: String, Hashable, Sendable, CaseIterable { case workload, namespace }

    public struct Options: Hashable, Sendable {
        public var level: Level
        /// Only edges that begin or end at one of these; empty: all.
        public var focus: [MapFocus]
        public var policies: JudgedPolicies

        public init(level: Level = .workload, focus: [MapFocus] = [], policies: JudgedPolicies = .all) {
            self.level = level
            self.focus = focus
            self.policies = policies
        }
    }

    public let options: Options
    public let resolved: ResolvedSnapshot
    /// Workloads or namespaces, sorted by their text.
    public let nodes: [MapNode]
    /// Endpoints that policies do not reach and that are therefore not in the map.
    public let unprotectedCount: Int
    /// What of `focus` is nowhere in the map.
    public let unknownFocus: [MapFocus]

    let table: ConnectivityTable
    let places: MapPlaces
    /// By node: whether it is in focus; `nil` when all are.
    let inFocus: [Bool]?

    /// Address blocks are taken to be outside of every workload whose address nobody knows, as Kubernetes' documentation
    /// asks for; decisions about single connections say that it is uncertain.
    /// - Complexity: O(endpoints + rules × workloads they match + address blocks).
    public init(_ resolved: ResolvedSnapshot, _ options: Options = Options()) {
        self.init(resolved, options, apart: [])
    }

    init(_ resolved: ResolvedSnapshot, _ options: Options, apart: Set<MapPlaces.WorkloadKey>) {
        // A map of workloads without addresses would be full of what any block makes uncertain about any two of them.
        let resolved = resolved.reading(unknownAddresses: .outsideBlocks)
        self.options = options
        self.resolved = resolved
        let builder = MapPlaces.Builder(resolved)
        let table = ConnectivityTable(resolved, parties: builder.parties, by: options.policies)
        let places = builder.places(table, options.level, apart: apart)
        self.table = table
        self.places = places
        nodes = places.nodes
        unprotectedCount = builder.unprotectedCount
        let isFocused = { (focus: MapFocus, index: Int) in
            focus.matches(places.nodes[index], workload: places.workloadNames[index])
        }
        unknownFocus = options.focus.filter { focus in !places.nodes.indices.contains { isFocused(focus, $0) } }
        inFocus =
            options.focus.isEmpty
            ? nil : places.nodes.indices.map { index in options.focus.contains { isFocused($0, index) } }
    }

    /// Every edge, by the text of the source, then of the destination.
    /// - Complexity: O(identities²) and the number of edges; memory for one source at a time.
    public func forEachEdge(_ body: (MapEdge) throws -> Void) rethrows {
        var walk = EdgeWalk(self)
        try walk.run { source, destination, number, walk in
            try body(
                MapEdge(
                    source: walk.node(source),
                    destination: walk.node(destination),
                    connections: walk.connections(number)
                )
            )
        }
    }

    /// All edges at once; for maps that are known to be small.
    public var edges: [MapEdge] {
        var result: [MapEdge] = []
        forEachEdge { result.append($0) }
        return result
    }
}
