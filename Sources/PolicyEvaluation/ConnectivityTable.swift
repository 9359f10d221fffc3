// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
import PolicyModel

/// What can pass between any two of many parties, worked out per set of selecting policies instead of per pair.
///
/// The same answers as `ResolvedSnapshot.connections(from:to:by:)`. Parties are named by their index in `parties`.
///
/// - Complexity: to build, O(parties + rules × parties they match); to ask, O(log parties) a pair, O(1) with a cursor.
public struct ConnectivityTable: Sendable {
    public let parties: [Party]
    private let resolved: ResolvedSnapshot
    private let policies: JudgedPolicies
    let egress: SideTable
    let ingress: SideTable
    let answers: InternedConnections
    /// By party: its endpoint, -1 for none, -2 for a node.
    private let endpointOf: [Int32]

    public init(_ resolved: ResolvedSnapshot, parties: [Party], by policies: JudgedPolicies = .all) {
        self.resolved = resolved
        self.parties = parties
        self.policies = policies
        var index = RulePeerIndex(resolved, parties)
        var answers = InternedConnections()
        egress = SideTable(.egress, resolved, parties, policies, &index, &answers)
        ingress = SideTable(.ingress, resolved, parties, policies, &index, &answers)
        self.answers = answers
        endpointOf = parties.map { party in
            switch party.kind {
            case .endpoint(let index): Int32(index)
            case .node: -2
            default: -1
            }
        }
    }

    /// What can pass from one party to another.
    public func connections(from source: Int, to destination: Int) -> PairConnections {
        if isSpecial(source, destination) {
            return resolved.connections(from: parties[source], to: parties[destination], by: policies)
        }
        return side(.egress, of: source, peer: destination).and(side(.ingress, of: destination, peer: source))
    }

    /// What one party's own policies let through in a direction, whatever the other side's say.
    public func side(_ direction: Direction, of subject: Int, peer: Int) -> PairConnections {
        let table = direction == .egress ? egress : ingress
        return answers.values[Int(table.answer(subject, peer: peer))]
    }

    /// Whether two parties are known to get the same answers about every third one but nodes, as source and as
    /// destination.
    public func areAlike(_ one: Int, _ other: Int) -> Bool {
        // What is said of a node depends on whether it is the other end's own.
        for party in [one, other] { if case .node = parties[party].kind { return false } }
        return [egress, ingress].allSatisfy { side in
            side.rowOf[one] == side.rowOf[other] && side.byPeer[one] == side.byPeer[other]
        }
    }

    /// Whether no party's policies for a direction treat two peers differently.
    public func areAlike(_ one: Int, _ other: Int, asPeersIn direction: Direction) -> Bool {
        let side = direction == .egress ? egress : ingress
        return side.byPeer[one] == side.byPeer[other]
    }

    /// For asking about many destinations of one source at a time.
    public func cursor(from source: Int) -> Cursor { Cursor(self, source: source) }

    /// Whether the answer about two parties is not made of the two sides alone.
    private func isSpecial(_ source: Int, _ destination: Int) -> Bool {
        let (one, other) = (endpointOf[source], endpointOf[destination])
        return one == other ? one != -1 : one == -2 || other == -2
    }

    /// The answers about one source, for all destinations; answers have numbers, equal ones the same number.
    public struct Cursor: Sendable {
        private let table: ConnectivityTable
        private var answers: InternedConnections
        private var combined: [UInt64: UInt32] = [:]
        private var source = 0
        private var egress: [UInt32] = []
        /// By row of the ingress table.
        private var ingress: [UInt32] = []

        init(_ table: ConnectivityTable, source: Int) {
            self.table = table
            answers = table.answers
            move(to: source)
        }

        /// Goes on to another source; numbers of answers stay valid.
        /// - Complexity: O(parties).
        public mutating func move(to source: Int) {
            self.source = source
            let row = table.egress.rows[Int(table.egress.rowOf[source])]
            egress = Array(repeating: row.most, count: table.parties.count)
            for exception in row.exceptions { egress[Int(exception.peer)] = exception.answer }
            ingress = table.ingress.rows.map(\.most)
            for exception in table.ingress.byPeer[source] { ingress[Int(exception.peer)] = exception.answer }
        }

        /// The number of the answer about a destination; 0 when nothing can pass.
        public mutating func number(to destination: Int) -> UInt32 {
            if table.isSpecial(source, destination) {
                return answers.number(
                    table.resolved.connections(
                        from: table.parties[source],
                        to: table.parties[destination],
                        by: table.policies
                    )
                )
            }
            let one = egress[destination]
            let other = ingress[Int(table.ingress.rowOf[destination])]
            if one == InternedConnections.all || one == other { return other }
            if other == InternedConnections.all { return one }
            if one == InternedConnections.none || other == InternedConnections.none { return InternedConnections.none }
            let key = UInt64(one) << 32 | UInt64(other)
            if let known = combined[key] { return known }
            let number = answers.number(answers.values[Int(one)].and(answers.values[Int(other)]))
            combined[key] = number
            return number
        }

        /// Numbers of answers go from 0 to one less than this, which grows while the cursor moves.
        public var answerCount: Int { answers.values.count }

        /// The answer behind a number.
        public func answer(_ number: UInt32) -> PairConnections { answers.values[Int(number)] }

        /// The number of an answer made elsewhere, so that it can be compared with this cursor's.
        public mutating func number(of answer: PairConnections) -> UInt32 { answers.number(answer) }
    }
}

/// Sets of connections by numbers; equal sets have equal numbers.
struct InternedConnections: Sendable {
    static let none: UInt32 = 0
    static let all: UInt32 = 1

    private(set) var values: [PairConnections] = [.none, .all]
    private var numbers: [PairConnections: UInt32] = [.none: Self.none, .all: Self.all]

    mutating func number(_ value: PairConnections) -> UInt32 {
        if let known = numbers[value] { return known }
        let number = UInt32(values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}
