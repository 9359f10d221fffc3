// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyEvaluation

/// What can talk in one world and not in another: every pair whose connections differ, the riskiest first.
///
/// Pairs with a workload that only one of the worlds has are listed apart: they are no effect of rules.
public struct ConnectivityDiff: Sendable {
    public enum Kind: String, Hashable, Sendable { case added, removed, changed }

    /// Why a row stands where it stands; in the order in which rows are shown.
    public enum Risk: Int, Hashable, Sendable, Comparable, CaseIterable {
        /// Addresses outside can reach more.
        case exposedToWorld
        /// More outside can be reached.
        case reachesWorld
        case exposedAcrossNamespaces
        case exposedInNamespace
        /// Less can pass, and connections were seen.
        case removedAndUsed
        case removedAndUnused

        public static func < (left: Risk, right: Risk) -> Bool { left.rawValue < right.rawValue }
    }

    public struct Row: Hashable, Sendable {
        public var kind: Kind
        public var source: MapNode
        public var destination: MapNode
        public var before: PairConnections
        public var after: PairConnections
        public var risk: Risk
        /// Connections that were recorded between the two; `nil`: nobody looked.
        public var seen: UInt64?
    }

    /// By risk, then by source and destination; equal neighbouring ranges are one row.
    public private(set) var rows: [Row] = []
    /// Rows with a workload that appears or disappears; in the same order.
    public private(set) var rowsOfOtherWorkloads: [Row] = []
    /// Workloads that only the new world has; sorted.
    public private(set) var appeared: [MapNode] = []
    /// Workloads that only the old world has; sorted.
    public private(set) var disappeared: [MapNode] = []
    /// Workloads that accept connections from outside, before and after; sorted.
    public private(set) var exposedBefore: [MapNode] = []
    public private(set) var exposedAfter: [MapNode] = []

    /// - Parameters:
    ///   - old: the world as it is.
    ///   - new: the world as it would be.
    ///   - seen: how many connections were recorded from one place to the other; `nil` where nothing is known of it.
    /// - Complexity: O(identities²) of both worlds, plus the rows.
    public init(
        old: ResolvedSnapshot,
        new: ResolvedSnapshot,
        policies: JudgedPolicies = .all,
        seen: (MapNode, MapNode) -> UInt64? = { _, _ in nil }
    ) {
        let options = ConnectivityMap.Options(policies: policies)
        var (before, after) = (ConnectivityMap(old, options), ConnectivityMap(new, options))
        // A workload whose replicas are told apart in one world is shown by replicas in both.
        let apart = before.places.apart.union(after.places.apart)
        if before.places.apart != apart { before = ConnectivityMap(old, options, apart: apart) }
        if after.places.apart != apart { after = ConnectivityMap(new, options, apart: apart) }
        var walk = DiffWalk(before, after)
        let found = walk.rows()
        appeared = walk.appeared
        disappeared = walk.disappeared
        (exposedBefore, exposedAfter) = (walk.exposed.before, walk.exposed.after)
        let others = Set(appeared + disappeared)
        for (source, destination, old, new) in found {
            let count = seen(source, destination)
            let row = Row(
                kind: old.isEmpty ? .added : new.isEmpty ? .removed : .changed,
                source: source,
                destination: destination,
                before: old,
                after: new,
                risk: Self.risk(source, destination, old, new, seen: count),
                seen: count
            )
            if others.contains(source) || others.contains(destination) {
                rowsOfOtherWorkloads.append(row)
            } else {
                rows.append(row)
            }
        }
        rows = Self.sorted(rows)
        rowsOfOtherWorkloads = Self.sorted(rowsOfOtherWorkloads)
    }

    /// Whether nothing differs.
    public var isEmpty: Bool {
        rows.isEmpty && rowsOfOtherWorkloads.isEmpty && appeared.isEmpty && disappeared.isEmpty
    }

    /// How many workloads accept traffic from outside the cluster after the change, and which ones are new or gone.
    public var exposureSentence: String {
        let (before, after) = (Set(exposedBefore), Set(exposedAfter))
        let gained = exposedAfter.filter { !before.contains($0) }.map { "+ \($0.placeText)" }
        let lost = exposedBefore.filter { !after.contains($0) }.map { "- \($0.placeText)" }
        let noun = after.count == 1 ? "workload accepts" : "workloads accept"
        let names = (gained + lost).joined(separator: ", ")
        let list = names.isEmpty ? "" : ": \(names)"
        return "After this change \(after.count) \(noun) traffic from outside the cluster (was \(before.count))\(list)."
    }

    private static func risk(
        _ source: MapNode,
        _ destination: MapNode,
        _ old: PairConnections,
        _ new: PairConnections,
        seen: UInt64?
    ) -> Risk {
        let before = old.passable.union(old.uncertain)
        let after = new.passable.union(new.uncertain)
        let isGain =
            !before.isSuperset(of: after) || !old.passable.isSuperset(of: new.passable)
            || (before == after && !old.allowed.isSuperset(of: new.allowed))
        guard isGain else { return (seen ?? 0) > 0 ? .removedAndUsed : .removedAndUnused }
        if source.isOutside { return .exposedToWorld }
        if destination.isOutside { return .reachesWorld }
        return source.namespace == destination.namespace ? .exposedInNamespace : .exposedAcrossNamespaces
    }

    /// By risk, then by the texts of the ends, which are made once for each row.
    private static func sorted(_ rows: [Row]) -> [Row] {
        let keys = rows.map { ($0.risk, $0.source.description, $0.destination.description) }
        return rows.indices.sorted { keys[$0] < keys[$1] }.map { rows[$0] }
    }
}

extension MapNode {
    /// `shop/web` of a workload.
    var placeText: String {
        switch self {
        case .workload(let workload): Escaped.plain("\(workload.namespace)/\(workload.name)")
        case .namespace(let name): Escaped.plain(name)
        case .outside(let range): range.shortText
        }
    }
}

extension AddressRange {
    /// `0.0.0.0/0` where the range is a block, else both ends.
    var shortText: String {
        let width = first.family.bitWidth
        let size = last.bits &- first.bits
        // A block's size is a power of two and its base a multiple of it.
        let length = size == .max ? 0 : width - (size &+ 1).trailingZeroBitCount
        let isBlock = size == .max || ((size &+ 1) & size == 0 && first.bits & size == 0)
        return isBlock ? "\(first)/\(length)" : description
    }
}
