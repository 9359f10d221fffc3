// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel

/// The places of a map, and which parties of the connectivity table stand for each.
struct MapPlaces: Sendable {
    var nodes: [MapNode] = []
    /// By node: indices of parties; one, unless addresses make a difference or the node is a namespace.
    var parties: [[Int]] = []
    /// By node: the workload that a replica belongs to, when it is shown alone.
    var workloadNames: [String?] = []
    /// Addresses outside with the party that stands for them.
    struct Outside: Sendable {
        var range: AddressRange
        var party: Int
    }

    /// In order; neighbours about which nobody's policies for the direction say different things are one.
    var sources: [Outside] = []
    var destinations: [Outside] = []

    /// Workloads whose replicas are shown alone.
    var apart: Set<WorkloadKey> = []

    struct WorkloadKey: Hashable {
        var namespace: String
        var workload: Endpoint.Workload
    }

    /// Gathers the parties of a snapshot.
    struct Builder {
        /// What makes endpoints of one workload interchangeable.
        private struct UnitKey: Hashable {
            var workload: WorkloadKey
            var identity: Int
            /// Where address blocks or Services put its addresses.
            var places: [Place]
        }

        /// An address as rules about addresses see it.
        private enum Place: Hashable {
            case range(AddressRange)
            case single(IPAddress)
        }

        private struct Unit {
            var endpoints: [Int]
            var parties: [Int]
        }

        let resolved: ResolvedSnapshot
        private(set) var parties: [Party] = []
        private(set) var unprotectedCount = 0
        private var units: [WorkloadKey: [Unit]] = [:]
        private var ranges: [AddressRange] = []
        private var firstRange = 0

        init(_ resolved: ResolvedSnapshot) {
            self.resolved = resolved
            let snapshot = resolved.snapshot
            addRanges(snapshot)
            addUnits(snapshot)
            firstRange = parties.count
            parties += ranges.map { Party(.world, address: $0.first) }
        }

        /// IPv6 only where a rule or an endpoint has it.
        private mutating func addRanges(_ snapshot: ClusterSnapshot) {
            let blocks = snapshot.namedBlocks
            let families: [IPAddress.Family] =
                blocks.contains { $0.family == .v6 }
                    || snapshot.endpoints.contains { $0.addresses.contains { $0.family == .v6 } }
                ? [.v4, .v6] : [.v4]
            // Nobody outside has an address that only endpoints have; made-up ones are not taken from anybody.
            let subnets = snapshot.endpointSubnets.filter { $0 != WorldReader.syntheticBlock }
            ranges = families.flatMap { AddressRange.ranges($0, cutBy: blocks, without: subnets) }
        }

        private mutating func addUnits(_ snapshot: ClusterSnapshot) {
            let addresses = AddressSense(snapshot)
            var indexOf: [UnitKey: Int] = [:]
            for (index, endpoint) in snapshot.endpoints.enumerated() {
                guard endpoint.protection == .enforced else {
                    unprotectedCount += 1
                    continue
                }
                let workload = WorkloadKey(namespace: endpoint.namespace, workload: endpoint.workload)
                let places = endpoint.addresses.compactMap(addresses.place)
                let key = UnitKey(workload: workload, identity: resolved.identityOfEndpoint[index], places: places)
                if let known = indexOf[key] {
                    units[workload]?[known].endpoints.append(index)
                    continue
                }
                let first = parties.count
                let shown = addresses.matter ? endpoint.addresses : Array(endpoint.addresses.prefix(1))
                // Without any address it is judged by its labels; no block has the unspecified address of its own.
                parties += (shown.isEmpty ? [IPAddress(v4: 0)] : shown).map { Party(.endpoint(index), address: $0) }
                indexOf[key] = units[workload]?.count ?? 0
                units[workload, default: []].append(
                    Unit(endpoints: [index], parties: Array(first..<parties.count))
                )
            }
        }

        /// Which addresses rules tell apart on endpoints.
        private struct AddressSense {
            var matter = false
            private var backends: Set<IPAddress> = []
            private var ranges: [AddressRange] = []

            init(_ snapshot: ClusterSnapshot) {
                backends = snapshot.reach == .layer7 ? Set(snapshot.services.flatMap(\.backends)) : []
                let rules = snapshot.policies.lazy.flatMap(\.specs).flatMap(\.rules)
                let reachesEndpoints = rules.contains { rule in
                    guard case .anyOf(let peers) = rule.peers else { return false }
                    return peers.contains { peer in
                        guard case .cidr(let block) = peer else { return false }
                        return block.reach == .anyParty || block.reach == .worldAndEndpoints
                    }
                }
                matter = reachesEndpoints || !backends.isEmpty
                guard reachesEndpoints else { return }
                let blocks = snapshot.namedBlocks
                ranges = [.v4, .v6].flatMap { AddressRange.ranges($0, cutBy: blocks, without: []) }
            }

            func place(_ address: IPAddress) -> Place? {
                guard matter else { return nil }
                if backends.contains(address) { return .single(address) }
                var (low, high) = (0, ranges.count)
                while low < high {
                    let middle = (low + high) / 2
                    if ranges[middle].last < address { low = middle + 1 } else { high = middle }
                }
                return low < ranges.count ? .range(ranges[low]) : nil
            }
        }

        /// Joins units that are alike to nodes.
        ///
        /// - Parameter apart: workloads whose replicas are shown alone whatever their answers.
        func places(
            _ table: ConnectivityTable,
            _ level: ConnectivityMap.Level,
            apart: Set<WorkloadKey>
        ) -> MapPlaces {
            var apart = apart
            var found: [(node: MapNode, parties: [Int], workload: String?)] = []
            if level == .namespace {
                for (namespace, workloads) in Dictionary(grouping: units, by: \.key.namespace) {
                    let all = workloads.flatMap { $0.value.flatMap(\.parties) }.sorted()
                    found.append((.namespace(namespace), all, nil))
                }
            } else {
                for (key, units) in units {
                    if !Self.areAlike(units, table) { apart.insert(key) }
                    found += Self.nodes(key, units, resolved.snapshot, isApart: apart.contains(key))
                }
            }
            let sorted = found.map { (text: Array($0.node.description.utf8), place: $0) }
                .sorted { $0.text.lexicographicallyPrecedes($1.text) }
            return MapPlaces(
                nodes: sorted.map(\.place.node),
                parties: sorted.map(\.place.parties),
                workloadNames: sorted.map(\.place.workload),
                sources: outside(table, .ingress),
                destinations: outside(table, .egress),
                apart: apart
            )
        }

        private func outside(_ table: ConnectivityTable, _ direction: Direction) -> [Outside] {
            var merged: [Outside] = []
            for (index, range) in ranges.enumerated() {
                let party = firstRange + index
                if let last = merged.last, last.range.isFollowed(by: range),
                    table.areAlike(last.party, party, asPeersIn: direction)
                {
                    merged[merged.count - 1].range.last = range.last
                } else {
                    merged.append(Outside(range: range, party: party))
                }
            }
            return merged
        }

        private static func areAlike(_ units: [Unit], _ table: ConnectivityTable) -> Bool {
            units.dropFirst().allSatisfy { unit in
                unit.parties.count == units[0].parties.count
                    && zip(unit.parties, units[0].parties).allSatisfy { table.areAlike($0, $1) }
            }
        }

        private static func nodes(
            _ key: WorkloadKey,
            _ units: [Unit],
            _ snapshot: ClusterSnapshot,
            isApart: Bool
        ) -> [(node: MapNode, parties: [Int], workload: String?)] {
            guard isApart else {
                let (name, kind) = (key.workload.name, key.workload.kind)
                return [(.workload(.init(namespace: key.namespace, name: name, kind: kind)), units[0].parties, nil)]
            }
            return units.flatMap { unit in
                unit.endpoints.map { index in
                    let name = snapshot.endpoints[index].name
                    let node = MapNode.workload(.init(namespace: key.namespace, name: name, kind: "Pod"))
                    return (node, unit.parties, key.workload.name)
                }
            }
        }
    }
}
