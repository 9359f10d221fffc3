// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Outcomes of recorded connections without reasons.
///
/// The same outcomes as `ReplayJudges.row` has (`ImpactReplayPropertyTests` holds the two together). Connections between
/// pods are asked of two tables of verdicts. Those between a pod and outside are judged once for all pods that the same
/// policies select and all addresses that no rule tells apart. What neither settles is left to the judges.
struct QuickReplay {
    /// One end of a connection in both worlds.
    private enum End {
        /// A pod, by its index in each world.
        case pod(Int, Int)
        /// An address outside, by what rules see of it.
        case outside(Int)
        case other
    }

    /// Connections with one outcome.
    private struct OutsideKey: Hashable {
        var direction: Direction
        var group: Int
        var range: Int
        var service: Service
    }

    private let tables: (before: VerdictTable, after: VerdictTable)
    private let ranges: OutsideRanges
    private var groups: ReplayGroups
    private var ends: [RecordedConnection.Party: End] = [:]
    private var outside: [OutsideKey: ImpactReplay.Outcome] = [:]

    init(_ old: ResolvedSnapshot, _ new: ResolvedSnapshot, _ policies: JudgedPolicies) {
        tables = (VerdictTable(old, by: policies), VerdictTable(new, by: policies))
        ranges = OutsideRanges([old.snapshot, new.snapshot])
        groups = ReplayGroups(old, new)
    }

    /// The outcome of a connection; `judges` are asked where there is no quick answer.
    mutating func outcome(_ recorded: RecordedConnection, _ judges: inout ReplayJudges) -> ImpactReplay.Outcome {
        // What is known of a request makes connections differ that are alike here.
        guard recorded.http == nil, recorded.dnsQuery == nil, recorded.destination.dnsNames.isEmpty else {
            return judges.outcome(recorded)
        }
        let service = Service(recorded.ipProtocol, port: recorded.port)
        switch (end(recorded.source, &judges), end(recorded.destination, &judges)) {
        case (.pod(let source, let newSource), .pod(let destination, let newDestination)):
            // A pod and itself is no case for policies.
            if recorded.source.pod != nil, recorded.source.pod == recorded.destination.pod { break }
            if let before = tables.before.compactVerdict(from: source, to: destination, service),
                let after = tables.after.compactVerdict(from: newSource, to: newDestination, service),
                let outcome = Self.outcome(before, after)
            {
                return outcome
            }
        case (.pod(let pod, let newPod), .outside(let range)):
            let key = OutsideKey(
                direction: .egress,
                group: groups.group(pod, newPod),
                range: range,
                service: service
            )
            return outcome(key, recorded, &judges)
        case (.outside(let range), .pod(let pod, let newPod)):
            let key = OutsideKey(
                direction: .ingress,
                group: groups.group(pod, newPod),
                range: range,
                service: service
            )
            return outcome(key, recorded, &judges)
        default: break
        }
        return judges.outcome(recorded)
    }

    private mutating func outcome(
        _ key: OutsideKey,
        _ recorded: RecordedConnection,
        _ judges: inout ReplayJudges
    ) -> ImpactReplay.Outcome {
        if let known = outside[key] { return known }
        let outcome = judges.outcome(recorded)
        outside[key] = outcome
        return outcome
    }

    private mutating func end(_ party: RecordedConnection.Party, _ judges: inout ReplayJudges) -> End {
        if party.isOutside {
            // The address alone says which range it is; keeping it would cost more.
            return party.address.map { .outside(ranges.range(of: $0)) } ?? .other
        }
        if let known = ends[party] { return known }
        var end = End.other
        if case .party(let before) = judges.before.party(party), case .party(let after) = judges.after.party(party),
            case .endpoint(let one) = before.kind, case .endpoint(let other) = after.kind
        {
            end = .pod(one, other)
        }
        ends[party] = end
        return end
    }

    /// `nil` where requests decide further, or the answer is none of these.
    private static func outcome(
        _ before: VerdictTable.Verdict,
        _ after: VerdictTable.Verdict
    ) -> ImpactReplay.Outcome? {
        guard !before.isLimited, !after.isLimited else { return nil }
        switch (before.answer, after.answer) {
        case (.allowed, .allowed): return .stillAllowed
        case (.allowed, .dropped): return .newlyDropped
        case (.dropped, .allowed): return .newlyAllowed
        case (.dropped, .dropped): return .stillDropped
        default: return nil
        }
    }
}

/// Addresses outside cut where any rule of some worlds may tell neighbours apart.
private struct OutsideRanges {
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
private struct ReplayGroups {
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
