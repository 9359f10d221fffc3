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
        /// By shared node: the map's own index; -1 where it does not have the node.
        let own: [Int32]
        /// By the map's own number of an answer: the shared one.
        var shared: [UInt32] = []

        init(_ map: ConnectivityMap, _ nodes: [MapNode]) {
            self.map = map
            walk = EdgeWalk(map)
            let indices = Dictionary(map.nodes.enumerated().map { ($1, $0) }) { first, _ in first }
            own = nodes.map { indices[$0].map { Int32($0) } ?? -1 }
        }

        /// Answers of one source, by the map's own nodes and with its own numbers; empty where the map has no such source.
        struct Row {
            var numbers: [UInt32] = []
            var outside: [EdgeWalk.RangeAnswer] = []
        }

        /// The shared number of the answer about one shared node.
        func answer(_ row: Row, _ node: Int) -> UInt32 {
            let index = own[node]
            return index < 0 || row.numbers.isEmpty ? 0 : shared[Int(row.numbers[Int(index)])]
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
        let isUnchanged = unchangedSources()
        for source in nodes.indices where !isUnchanged[source] {
            let before = answers(from: source, \.old)
            let after = answers(from: source, \.new)
            for destination in nodes.indices {
                let (one, other) = (old.answer(before, destination), new.answer(after, destination))
                guard one != other else { continue }
                found.append((nodes[source], nodes[destination], answers[Int(one)], answers[Int(other)]))
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

    /// Nodes that are known to reach the same in both maps; most, when few policies differ.
    private func unchangedSources() -> [Bool] {
        let (before, after) = (old.map, new.map)
        guard before.nodes == after.nodes, before.places.parties == after.places.parties,
            let differs = before.table.sourcesThatMayDiffer(from: after.table)
        else { return Array(repeating: false, count: nodes.count) }
        return old.own.map { index in
            index >= 0 && before.places.parties[Int(index)].allSatisfy { !differs[$0] }
        }
    }

    // MARK: Answers in shared numbers

    /// The answers about one shared node as the source; ranges outside have shared numbers already.
    private mutating func answers(from source: Int, _ side: WritableKeyPath<DiffWalk, Side>) -> Side.Row {
        let own = self[keyPath: side].own[source]
        guard own >= 0 else { return Side.Row() }
        let (numbers, outside) = self[keyPath: side].walk.answers(from: Int(own))
        share(side)
        let shared = self[keyPath: side].shared
        return Side.Row(
            numbers: numbers,
            outside: outside.map { .init(range: $0.range, number: shared[Int($0.number)]) }
        )
    }

    private mutating func answersFromOutside(
        _ side: WritableKeyPath<DiffWalk, Side>
    ) -> [[EdgeWalk.RangeAnswer]] {
        let columns = self[keyPath: side].walk.answersFromOutside()
        share(side)
        let shared = self[keyPath: side].shared
        return self[keyPath: side].own.map { index in
            guard index >= 0 else { return [] }
            return columns[Int(index)].map { .init(range: $0.range, number: shared[Int($0.number)]) }
        }
    }

    /// Makes sure that all of a map's numbers have shared ones.
    private mutating func share(_ side: WritableKeyPath<DiffWalk, Side>) {
        let known = self[keyPath: side].shared.count
        for number in known..<self[keyPath: side].walk.answerCount {
            let answer = self[keyPath: side].walk.connections(UInt32(number))
            let shared = sharedNumber(of: answer)
            self[keyPath: side].shared.append(shared)
        }
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
