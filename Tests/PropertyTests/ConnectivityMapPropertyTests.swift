// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

@Suite struct ConnectivityMapPropertyTests {
    /// What one pair of ends has in a map; the empty answer where the map has no line.
    private struct Lines {
        var edges: [String: [MapEdge]]

        init(_ map: ConnectivityMap) {
            edges = Dictionary(grouping: map.edges) { edge in
                let ends = [edge.source, edge.destination].map { $0.isOutside ? "outside" : "\($0)" }
                return "\(ends[0]) \(ends[1])"
            }
        }

        func answer(_ source: String, _ destination: String, outside: IPAddress? = nil) -> PairConnections {
            let found = (edges["\(source) \(destination)"] ?? []).filter { edge in
                guard let outside else { return true }
                for case .outside(let range) in [edge.source, edge.destination] { return range.contains(outside) }
                return false
            }
            return found.first?.connections ?? .none
        }
    }

    @Test func `the map says of every pair what the engine says`() throws {
        for seed in UInt64(0)..<60 {
            let resolved = ResolvedSnapshot(Self.snapshot(seed))
            let lines = Lines(ConnectivityMap(resolved))
            var outside = ["203.0.113.5", "203.0.113.130", "198.51.100.7", "0.0.0.0", "255.255.255.255"]
                .compactMap { IPAddress($0) }
            for block in ["203.0.113.0/24", "198.51.100.0/24"].compactMap({ Prefix($0) }) {
                outside += [block.base, block.last]
            }
            for (one, party) in Self.endpoints(resolved) {
                for address in outside {
                    let world = Party(.world, address: address)
                    #expect(
                        lines.answer(one, "outside", outside: address)
                            == resolved.connections(from: party, to: world),
                        "seed \(seed)"
                    )
                    #expect(
                        lines.answer("outside", one, outside: address)
                            == resolved.connections(from: world, to: party),
                        "seed \(seed)"
                    )
                }
                for (other, peer) in Self.endpoints(resolved) where one != other {
                    #expect(lines.answer(one, other) == resolved.connections(from: party, to: peer), "seed \(seed)")
                }
            }
        }
    }

    @Test func `the map's lines are sorted, and the order of the input is no part of them`() {
        for seed in UInt64(0)..<40 {
            var random = SeededRandom(seed: seed)
            var snapshot = Self.snapshot(seed)
            let text = ConnectivityMap(ResolvedSnapshot(snapshot)).text(.txt)
            let ends = text.split(separator: "\n").map { line in
                line.split(separator: " : ")[0].split(separator: " => ").map { Array($0.utf8) }
            }
            let isSorted = zip(ends, ends.dropFirst()).allSatisfy { one, other in
                one[0] == other[0]
                    ? !other[1].lexicographicallyPrecedes(one[1]) : one[0].lexicographicallyPrecedes(other[0])
            }
            #expect(isSorted, "seed \(seed)")
            snapshot.endpoints.shuffle(using: &random)
            snapshot.policies.shuffle(using: &random)
            #expect(ConnectivityMap(ResolvedSnapshot(snapshot)).text(.txt) == text, "seed \(seed)")
        }
    }

    @Test func `the difference of two worlds is every pair about which they differ`() {
        var count = 0
        for seed in UInt64(0)..<40 {
            let old = Self.snapshot(seed)
            var new = old
            new.policies.removeFirst()
            let (one, other) = (ResolvedSnapshot(old), ResolvedSnapshot(new))
            let diff = ConnectivityDiff(old: one, new: other)
            let found = Dictionary(grouping: diff.rows) { "\($0.source) \($0.destination)" }
            #expect(diff.appeared.isEmpty && diff.disappeared.isEmpty)
            for (source, party) in Self.endpoints(one) {
                for (destination, peer) in Self.endpoints(one) where source != destination {
                    let before = one.connections(from: party, to: peer)
                    let after = other.connections(from: party, to: peer)
                    let rows = found["\(source) \(destination)"] ?? []
                    let isFound = rows.map(\.before) == [before] && rows.map(\.after) == [after]
                    #expect(isFound == (before != after), "seed \(seed)")
                    count += isFound ? 1 : 0
                }
                let world = Party(.world, address: IPAddress(v4: 0xCB00_7105))
                let (before, after) = (
                    one.connections(from: world, to: party), other.connections(from: world, to: party)
                )
                let row = diff.rows.first { row in
                    guard case .outside(let range) = row.source else { return false }
                    return range.contains(world.address) && "\(row.destination)" == source
                }
                #expect(row.map { $0.before == before && $0.after == after } ?? (before == after), "seed \(seed)")
            }
        }
        #expect(count > 50)
    }

    /// Endpoints of one address each, every one its own workload.
    private static func snapshot(_ seed: UInt64) -> ClusterSnapshot {
        let world = WorldGenerator.world(seed: seed)
        let decoded = DecodedWorld(world, random: SeededRandom(seed: seed &+ 1))
        var snapshot = world.snapshot(policies: decoded.policies, groups: decoded.groups)
        for index in snapshot.endpoints.indices {
            snapshot.endpoints[index].addresses = Array(snapshot.endpoints[index].addresses.prefix(1))
        }
        if seed % 2 == 1 { snapshot.reach = .layer7 }
        return snapshot
    }

    private static func endpoints(_ resolved: ResolvedSnapshot) -> [(String, Party)] {
        resolved.snapshot.endpoints.enumerated().compactMap { index, endpoint in
            guard endpoint.protection == .enforced, let address = endpoint.addresses.first else { return nil }
            let node = "\(endpoint.namespace)/\(endpoint.workload.name)[\(endpoint.workload.kind)]"
            return (node, Party(.endpoint(index), address: address))
        }
    }
}
