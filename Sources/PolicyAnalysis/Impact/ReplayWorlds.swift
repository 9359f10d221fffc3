// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyEvaluation
import PolicyModel

/// Two worlds made ready to be asked about recorded traffic, whatever that is.
///
/// To be made while the traffic is still read.
/// - Complexity: to make, as two `VerdictTable`s.
public struct ReplayWorlds: Sendable {
    let judges: ReplayJudges
    let before: VerdictTable
    let after: VerdictTable
    let ranges: OutsideRanges
    let groups: ReplayGroups

    /// - Parameters:
    ///   - old: the world as it is.
    ///   - new: the world with the change.
    ///   - policies: which policies count; by default all, as if those in audit mode were enforced.
    public init(old: ResolvedSnapshot, new: ResolvedSnapshot, policies: JudgedPolicies = .all) {
        self.init(old, VerdictTable(old, by: policies), new, VerdictTable(new, by: policies), policies)
    }

    /// All policies count.
    /// - Parameters:
    ///   - verdicts: those of `old` and all policies, where they were made before.
    ///   - changed: `nil` when there is no change.
    init(_ old: ResolvedSnapshot, _ verdicts: VerdictTable?, changed: ResolvedSnapshot?) {
        let before = verdicts ?? VerdictTable(old, by: .all)
        self.init(old, before, changed ?? old, changed.map { VerdictTable($0, by: .all) } ?? before, .all)
    }

    private init(
        _ old: ResolvedSnapshot,
        _ before: VerdictTable,
        _ new: ResolvedSnapshot,
        _ after: VerdictTable,
        _ policies: JudgedPolicies
    ) {
        (self.before, self.after) = (before, after)
        judges = ReplayJudges(old, new, policies)
        ranges = OutsideRanges([old.snapshot, new.snapshot])
        groups = ReplayGroups(old, new)
    }
}

/// Addresses outside cut where any rule of some worlds may tell neighbours apart.
struct OutsideRanges: Sendable {
    /// The first addresses of the ranges, ascending.
    private let starts: [IPAddress]

    init(_ snapshots: [ClusterSnapshot]) {
        var starts: Set<IPAddress> = [IPAddress(family: .v4, bits: 0), IPAddress(family: .v6, bits: 0)]
        for snapshot in snapshots {
            let backends = snapshot.services.flatMap(\.backends).map { Prefix(host: $0) }
            for block in Array(snapshot.namedBlocks) + backends {
                starts.insert(block.base)
                let last: UInt128 = block.family == .v4 ? 0xffff_ffff : .max
                if block.last.bits < last { starts.insert(.init(family: block.family, bits: block.last.bits + 1)) }
            }
        }
        self.starts = starts.sorted()
    }

    /// The number of the range that an address lies in.
    /// - Complexity: O(log n) in the blocks.
    func range(of address: IPAddress) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Pods that the same specs select in both worlds, under one number.
struct ReplayGroups: Sendable {
    private struct Key: Hashable {
        var before: [ResolvedSnapshot.SelectingSpec]
        var after: [ResolvedSnapshot.SelectingSpec]
        var portsBefore: [NamedPort]
        var portsAfter: [NamedPort]
    }

    private struct Pair: Hashable {
        var before: Int
        var after: Int
    }

    private let worlds: (before: ResolvedSnapshot, after: ResolvedSnapshot)
    private var known: [Pair: Int] = [:]
    private var numbers: [Key: Int] = [:]

    init(_ old: ResolvedSnapshot, _ new: ResolvedSnapshot) { worlds = (old, new) }

    mutating func group(_ before: Int, _ after: Int) -> Int {
        let pair = Pair(
            before: worlds.before.identityOfEndpoint[before],
            after: worlds.after.identityOfEndpoint[after]
        )
        if let number = known[pair] { return number }
        let key = Key(
            before: worlds.before.selecting[pair.before],
            after: worlds.after.selecting[pair.after],
            portsBefore: worlds.before.identities[pair.before].namedPorts,
            portsAfter: worlds.after.identities[pair.after].namedPorts
        )
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        known[pair] = number
        return number
    }
}
