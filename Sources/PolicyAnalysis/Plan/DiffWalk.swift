// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

/// Walks over two maps at once and finds what differs.
struct DiffWalk {
    typealias Found = (source: MapNode, destination: MapNode, before: PairConnections, after: PairConnections)

    /// One of the two maps, its nodes and answers in numbers that both share.
    private struct Side {
        let map: ConnectivityMap
        var walk: EdgeWalk
        /// By shared node: the map's own index.
        let own: [Int?]
        /// By the map's own number of an answer: the shared one.
        var shared: [UInt32?] = []

        init(_ map: ConnectivityMap, _ nodes: [MapNode]) {
            self.map = map
            walk = EdgeWalk(map)
            let indices = Dictionary(map.nodes.enumerated().map { ($1, $0) }) { first, _ in first }
            own = nodes.map { indices[$0] }
        }
    }

    private let nodes: [MapNode]
    private var old: Side
    private var new: Side
    private var answers: [PairConnections] = [.none]
    private var numbers: [PairConnections: UInt32] = [.none: 0]
    private(set) var appeared: [MapNode] = []
    private(set) var disappeared: [MapNode] = []
    /// Nodes that accept something from outside.
    private(set) var exposed: (before: [MapNode], after: [MapNode]) = ([], [])

    init(_ old: ConnectivityMap, _ new: ConnectivityMap) {
        let all = Set(old.nodes).union(new.nodes)
        nodes = all.sorted { $0.description < $1.description }
        self.old = Side(old, nodes)
        self.new = Side(new, nodes)
        let (before, after) = (Set(old.nodes), Set(new.nodes))
        appeared = nodes.filter { !before.contains($0) }
        disappeared = nodes.filter { !after.contains($0) }
    }

    mutating func rows() -> [Found] {
        var found: [Found] = []
        for source in nodes.indices {
            let before = answers(from: source, \.old)
            let after = answers(from: source, \.new)
            for destination in nodes.indices where before.nodes[destination] != after.nodes[destination] {
                found.append(
                    (
                        nodes[source], nodes[destination], answers[Int(before.nodes[destination])],
                        answers[Int(after.nodes[destination])]
                    )
                )
            }
            for change in Self.overlay(before.outside, after.outside) {
                found.append(
                    (nodes[source], .outside(change.range), answers[Int(change.before)], answers[Int(change.after)])
                )
            }
        }
        let before = answersFromOutside(\.old)
        let after = answersFromOutside(\.new)
        for node in nodes.indices {
            for change in Self.overlay(before[node], after[node]) {
                found.append(
                    (.outside(change.range), nodes[node], answers[Int(change.before)], answers[Int(change.after)])
                )
            }
            if !before[node].isEmpty { exposed.before.append(nodes[node]) }
            if !after[node].isEmpty { exposed.after.append(nodes[node]) }
        }
        return found
    }

    // MARK: Answers in shared numbers

    /// The answers about one shared node as the source; none in a map that does not have it.
    private mutating func answers(
        from source: Int,
        _ side: WritableKeyPath<DiffWalk, Side>
    ) -> (nodes: [UInt32], outside: [EdgeWalk.RangeAnswer]) {
        guard let own = self[keyPath: side].own[source] else {
            return (Array(repeating: 0, count: nodes.count), [])
        }
        let (numbers, outside) = self[keyPath: side].walk.answers(from: own)
        share(numbers, side)
        share(outside.map(\.number), side)
        let shared = self[keyPath: side].shared
        let indices = self[keyPath: side].own
        var row = Array(repeating: UInt32(0), count: nodes.count)
        for node in row.indices {
            if let index = indices[node] { row[node] = shared[Int(numbers[index])] ?? 0 }
        }
        return (row, outside.map { .init(range: $0.range, number: shared[Int($0.number)] ?? 0) })
    }

    private mutating func answersFromOutside(
        _ side: WritableKeyPath<DiffWalk, Side>
    ) -> [[EdgeWalk.RangeAnswer]] {
        let columns = self[keyPath: side].walk.answersFromOutside()
        for column in columns { share(column.map(\.number), side) }
        let shared = self[keyPath: side].shared
        return self[keyPath: side].own.map { index in
            guard let index else { return [] }
            return columns[index].map { .init(range: $0.range, number: shared[Int($0.number)] ?? 0) }
        }
    }

    /// Makes sure that all of a map's numbers have shared ones.
    private mutating func share(_ own: [UInt32], _ side: WritableKeyPath<DiffWalk, Side>) {
        var shared = self[keyPath: side].shared
        self[keyPath: side].shared = []
        for number in own {
            let index = Int(number)
            if index >= shared.count { shared += Array(repeating: nil, count: index + 1 - shared.count) }
            guard shared[index] == nil else { continue }
            shared[index] = sharedNumber(of: self[keyPath: side].walk.connections(number))
        }
        self[keyPath: side].shared = shared
    }

    private mutating func sharedNumber(of answer: PairConnections) -> UInt32 {
        if let known = numbers[answer] { return known }
        let number = UInt32(answers.count)
        answers.append(answer)
        numbers[answer] = number
        return number
    }

    // MARK: Ranges

    private struct RangeChange {
        var range: AddressRange
        var before: UInt32
        var after: UInt32
    }

    /// Where two lists of ranges, each sorted, have different answers; neighbours that change alike are one.
    private static func overlay(_ old: [EdgeWalk.RangeAnswer], _ new: [EdgeWalk.RangeAnswer]) -> [RangeChange] {
        var result: [RangeChange] = []
        let blocks = (old + new).map(\.range)
        for family in [IPAddress.Family.v4, .v6] {
            var starts: Set<UInt128> = []
            for range in blocks where range.first.family == family {
                starts.insert(range.first.bits)
                starts.insert(range.last.bits &+ 1)
            }
            // The end of the whole family begins nothing.
            starts.remove(family == .v4 ? 0x1_0000_0000 : 0)
            if blocks.contains(where: { $0.first.family == family && $0.first.bits == 0 }) { starts.insert(0) }
            let sorted = starts.sorted()
            var (before, after) = (old[...], new[...])
            for (index, start) in sorted.enumerated() {
                let highest: UInt128 = family == .v4 ? 0xffff_ffff : .max
                let end = index + 1 < sorted.count ? sorted[index + 1] - 1 : highest
                let range = AddressRange(IPAddress(family: family, bits: start), IPAddress(family: family, bits: end))
                let change = RangeChange(
                    range: range,
                    before: answer(at: range.first, &before),
                    after: answer(at: range.first, &after)
                )
                guard change.before != change.after else { continue }
                if let last = result.last, last.before == change.before, last.after == change.after,
                    last.range.isFollowed(by: range)
                {
                    result[result.count - 1].range.last = range.last
                } else {
                    result.append(change)
                }
            }
        }
        return result
    }

    private static func answer(at address: IPAddress, _ ranges: inout ArraySlice<EdgeWalk.RangeAnswer>) -> UInt32 {
        while let first = ranges.first, first.range.last < address { ranges.removeFirst() }
        guard let first = ranges.first, first.range.contains(address) else { return 0 }
        return first.number
    }
}
