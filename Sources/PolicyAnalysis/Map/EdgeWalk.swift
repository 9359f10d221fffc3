// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation

/// Walks over the edges of a map, one source after the other, with numbers instead of values and texts.
struct EdgeWalk {
    /// One end of an edge, as a number.
    enum Place: Hashable {
        case node(Int)
        /// Index into the walk's ranges.
        case outside(Int)
    }

    private struct Outside {
        var range: Int
        var node: Int
        var number: UInt32
    }

    private let map: ConnectivityMap
    private var cursor: ConnectivityTable.Cursor
    /// Ranges by number, as they come up.
    private var ranges: [AddressRange] = []
    private var rangeNumbers: [AddressRange: Int] = [:]
    private var rangeTexts: [[UInt8]] = []
    private let nodeTexts: [[UInt8]]
    private var unions: [UInt64: UInt32] = [:]
    private let focused: [Int]?
    /// By node: its party; -1 for a node with several, or one that is compared with itself.
    private let singles: [Int32]

    init(_ map: ConnectivityMap) {
        self.map = map
        cursor = map.table.cursor(from: 0)
        nodeTexts = map.nodes.map { Array($0.description.utf8) }
        singles = map.places.parties.map { parties in
            parties.count == 1 && map.options.level == .workload ? Int32(parties[0]) : -1
        }
        focused = map.inFocus.map { flags in flags.indices.filter { flags[$0] } }
    }

    func node(_ place: Place) -> MapNode {
        switch place {
        case .node(let index): map.nodes[index]
        case .outside(let index): .outside(ranges[index])
        }
    }

    func text(_ place: Place) -> [UInt8] {
        switch place {
        case .node(let index): nodeTexts[index]
        case .outside(let index): rangeTexts[index]
        }
    }

    func connections(_ number: UInt32) -> PairConnections { cursor.answer(number) }

    /// Numbers of answers go from 0 to one less than this, which grows with the walk.
    var answerCount: Int { cursor.answerCount }

    /// Parties that stand for a place; for a range one that stands for a part of it with the same answers.
    func parties(_ place: Place) -> [Int] {
        switch place {
        case .node(let index): return map.places.parties[index]
        case .outside(let index):
            let first = ranges[index].first
            let places = map.places.sources + map.places.destinations
            return places.first { $0.range.first == first }.map { [$0.party] } ?? []
        }
    }

    mutating func run(_ body: (Place, Place, UInt32, inout EdgeWalk) throws -> Void) rethrows {
        var fromOutside = outsideSources()[...]
        for source in map.nodes.indices {
            while let next = fromOutside.first, rangeTexts[next.range].lexicographicallyPrecedes(nodeTexts[source]) {
                try body(.outside(next.range), .node(next.node), next.number, &self)
                fromOutside.removeFirst()
            }
            try run(from: source, body)
        }
        for next in fromOutside { try body(.outside(next.range), .node(next.node), next.number, &self) }
    }

    private mutating func run(
        from source: Int,
        _ body: (Place, Place, UInt32, inout EdgeWalk) throws -> Void
    ) rethrows {
        let isFocused = map.inFocus?[source] ?? true
        let answers = answers(from: source)
        var outside = isFocused ? answers.outside.map { (range: number(of: $0.range), number: $0.number) } : []
        outside.sort { rangeTexts[$0.range].lexicographicallyPrecedes(rangeTexts[$1.range]) }
        var next = outside[...]
        for destination in map.nodes.indices {
            guard isFocused || map.inFocus?[destination] ?? true else { continue }
            let number = answers.nodes[destination]
            guard number != 0 else { continue }
            while let range = next.first, rangeTexts[range.range].lexicographicallyPrecedes(nodeTexts[destination]) {
                try body(.node(source), .outside(range.range), range.number, &self)
                next.removeFirst()
            }
            try body(.node(source), .node(destination), number, &self)
        }
        for range in next { try body(.node(source), .outside(range.range), range.number, &self) }
    }

    /// Addresses outside with one answer.
    struct RangeAnswer {
        var range: AddressRange
        /// Never 0.
        var number: UInt32
    }

    /// The answers about one node as the source: by node, and for addresses outside in order.
    mutating func answers(from source: Int) -> (nodes: [UInt32], outside: [RangeAnswer]) {
        let row = row(from: source)
        var nodes = Array(repeating: UInt32(0), count: singles.count)
        for destination in nodes.indices where destination != source || map.options.level == .namespace {
            let party = Int(singles[destination])
            nodes[destination] = party >= 0 ? row[party] : number(row, from: source, to: destination)
        }
        return (nodes, answered(map.places.destinations, map.places.destinations.map { row[$0.party] }))
    }

    // MARK: One source

    /// By party: the answers about a node as the source.
    private mutating func row(from source: Int) -> [UInt32] {
        let own = map.places.parties[source]
        var row = Array(repeating: UInt32(0), count: map.table.parties.count)
        if own.count == 1 {
            cursor.move(to: own[0])
            for destination in row.indices where destination != own[0] {
                row[destination] = cursor.number(to: destination)
            }
            return row
        }
        for party in own {
            cursor.move(to: party)
            for destination in map.table.parties.indices where destination != party {
                // Addresses of a family are only asked about with others of it, where the source has them.
                guard fits(destination, party, own) else { continue }
                let number = cursor.number(to: destination)
                row[destination] = union(row[destination], number)
            }
        }
        return row
    }

    /// Whether a question about two addresses makes sense: not about one endpoint, and of one family where there is a
    /// choice.
    private func fits(_ destination: Int, _ source: Int, _ own: [Int]) -> Bool {
        guard map.table.parties[destination].kind != map.table.parties[source].kind else { return false }
        guard map.options.level == .workload else { return true }
        let wanted = family(of: destination)
        return wanted == family(of: source) || !own.contains { family(of: $0) == wanted }
    }

    private func family(of party: Int) -> IPAddress.Family { map.table.parties[party].address.family }

    private mutating func number(_ row: [UInt32], from source: Int, to destination: Int) -> UInt32 {
        var parties = map.places.parties[destination]
        if map.options.level == .workload {
            let shared = parties.filter { party in
                map.places.parties[source].contains { family(of: $0) == family(of: party) }
            }
            if !shared.isEmpty { parties = shared }
        }
        var result: UInt32 = 0
        for party in parties { result = union(result, row[party]) }
        return result
    }

    /// What passes in one case or the other, both of which there are.
    private mutating func union(_ one: UInt32, _ other: UInt32) -> UInt32 {
        if one == 0 || one == other { return other }
        if other == 0 { return one }
        let key = UInt64(min(one, other)) << 32 | UInt64(max(one, other))
        if let known = unions[key] { return known }
        let number = cursor.number(of: cursor.answer(one).joined(cursor.answer(other)))
        unions[key] = number
        return number
    }

    // MARK: Addresses outside

    /// The ranges that have an answer.
    private func answered(_ outside: [MapPlaces.Outside], _ numbers: [UInt32]) -> [RangeAnswer] {
        zip(outside, numbers).compactMap { place, number in
            number == 0 ? nil : RangeAnswer(range: place.range, number: number)
        }
    }

    /// By node: the answers about addresses outside as the source; for nodes out of focus none.
    mutating func answersFromOutside() -> [[RangeAnswer]] {
        var columns: [[UInt32]] = Array(repeating: [], count: map.nodes.count)
        for party in map.places.sources.map(\.party) {
            cursor.move(to: party)
            for target in focused ?? Array(map.nodes.indices) {
                let all = map.places.parties[target]
                let own = all.count == 1 ? all : all.filter { family(of: $0) == family(of: party) }
                var number: UInt32 = 0
                for destination in own.isEmpty ? all : own {
                    let next = cursor.number(to: destination)
                    number = union(number, next)
                }
                columns[target].append(number)
            }
        }
        return columns.map { answered(map.places.sources, $0) }
    }

    /// The edges that start outside, by text.
    private mutating func outsideSources() -> [Outside] {
        var result: [Outside] = []
        for (node, answers) in answersFromOutside().enumerated() {
            result += answers.map { Outside(range: number(of: $0.range), node: node, number: $0.number) }
        }
        return result.sorted { left, right in
            if left.range == right.range { return left.node < right.node }
            return rangeTexts[left.range].lexicographicallyPrecedes(rangeTexts[right.range])
        }
    }

    private mutating func number(of range: AddressRange) -> Int {
        if let known = rangeNumbers[range] { return known }
        rangeNumbers[range] = ranges.count
        ranges.append(range)
        rangeTexts.append(Array(MapNode.outside(range).description.utf8))
        return ranges.count - 1
    }
}

extension AddressRange {
    /// Whether another range begins where this one ends.
    func isFollowed(by other: AddressRange) -> Bool {
        first.family == other.first.family && last.bits &+ 1 == other.first.bits
    }
}

extension PairConnections {
    /// What passes in at least one of two cases, both of which there are: the more certain word counts.
    func joined(_ other: PairConnections) -> PairConnections {
        let allowed = allowed.union(other.allowed)
        let limited = limited.union(other.limited).subtracting(allowed)
        return PairConnections(
            allowed: allowed,
            limited: limited,
            uncertain: uncertain.union(other.uncertain).subtracting(allowed).subtracting(limited)
        )
    }
}
