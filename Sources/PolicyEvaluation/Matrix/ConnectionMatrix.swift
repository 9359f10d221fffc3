// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Everything that can pass between each two of many parties, worked out together and handed out row by row.
///
/// The same answers as `ResolvedSnapshot.connections(from:to:by:)`, which asks one pair (`ConnectionMatrixTests` holds the
/// two together), at a few nanoseconds for a pair instead of a few microseconds.
///
/// ```swift
/// var matrix = ConnectionMatrix(world, parties: parties)
/// for source in parties.indices {
///     for (destination, number) in matrix.row(from: source).enumerated() { use(matrix.sets[Int(number)]) }
/// }
/// ```
public struct ConnectionMatrix: Sendable {
    public let parties: [Party]
    private let egress: SideMatrix
    private let ingress: SideMatrix
    /// By source: the ingress classes that answer it with something else than their default.
    private var exceptionsOf: [[(number: Int32, answer: UInt32)]]
    private var answers: DistinctConnections
    private var combined: [UInt64: UInt32] = [:]
    private let nodes: [Bool]
    private let world: ResolvedSnapshot
    private let policies: JudgedPolicies

    /// - Complexity: O(parties + classes of subjects · (rules + hits of the rules)); a class is those parties that the same
    ///   policies select.
    public init(_ world: ResolvedSnapshot, parties: [Party], by policies: JudgedPolicies = .all) {
        self.parties = parties
        self.world = world
        self.policies = policies
        var answers = DistinctConnections()
        var index = PartyIndex(parties.map { world.view(of: $0) }, matching: world.matching)
        egress = SideMatrix(.egress, of: parties, in: world, by: policies, index: &index, answers: &answers)
        ingress = SideMatrix(.ingress, of: parties, in: world, by: policies, index: &index, answers: &answers)
        exceptionsOf = Array(repeating: [], count: parties.count)
        for (number, entry) in ingress.classes.enumerated() {
            for exception in entry.exceptions {
                exceptionsOf[Int(exception.peer)].append((Int32(number), exception.answer))
            }
        }
        nodes = parties.map { if case .node = $0.kind { true } else { false } }
        self.answers = answers
    }

    /// The distinct answers, by the numbers that rows have; more come with every row.
    public var sets: [PairConnections] { answers.sets }

    /// The answer for each destination, as a number of `sets`.
    /// - Complexity: O(parties).
    public mutating func row(from source: Int) -> [UInt32] {
        guard !nodes[source] else { return parties.indices.map { pair(source, $0) } }
        let out = egress.classes[Int(egress.classOf[source])]
        var row = [UInt32](repeating: out.fallback, count: parties.count)
        for exception in out.exceptions { row[Int(exception.peer)] = exception.answer }
        var byClass = ingress.classes.map(\.fallback)
        for exception in exceptionsOf[source] { byClass[Int(exception.number)] = exception.answer }
        for destination in parties.indices {
            row[destination] = combine(row[destination], byClass[Int(ingress.classOf[destination])])
        }
        for destination in parties.indices where nodes[destination] || isSame(source, destination) {
            row[destination] = pair(source, destination)
        }
        return row
    }

    /// Pairs that are more than their two sides are asked one by one: a node may be the other end's own.
    private mutating func pair(_ source: Int, _ destination: Int) -> UInt32 {
        answers.number(world.connections(from: parties[source], to: parties[destination], by: policies))
    }

    /// Whether both are one endpoint, which always reaches itself.
    private func isSame(_ one: Int, _ other: Int) -> Bool {
        guard case .endpoint(let first) = parties[one].kind, case .endpoint(first) = parties[other].kind else {
            return false
        }
        return true
    }

    private mutating func combine(_ out: UInt32, _ into: UInt32) -> UInt32 {
        if out == DistinctConnections.all { return into }
        if into == DistinctConnections.all || out == DistinctConnections.none { return out }
        if into == DistinctConnections.none { return into }
        let key = UInt64(out) << 32 | UInt64(into)
        if let known = combined[key] { return known }
        let number = answers.number(answers.sets[Int(out)].and(answers.sets[Int(into)]))
        combined[key] = number
        return number
    }
}

/// Distinct answers and their numbers.
struct DistinctConnections: Sendable {
    static let all: UInt32 = 0
    static let none: UInt32 = 1

    private(set) var sets: [PairConnections] = [.all, .none]
    private var numbers: [PairConnections: UInt32] = [.all: all, .none: none]

    mutating func number(_ connections: PairConnections) -> UInt32 {
        if let known = numbers[connections] { return known }
        let number = UInt32(sets.count)
        numbers[connections] = number
        sets.append(connections)
        return number
    }
}

extension ResolvedSnapshot {
    /// Whose policies are asked on one side, and what is known about that.
    func subject(_ party: Party, _ direction: Direction, _ policies: JudgedPolicies) -> SideSubject {
        let (identity, selecting, isUncertain) = specs(of: party, direction)
        let specs = selecting.filter { policies == .all || $0.mode == .blocking }
            .filter { spec($0).concerns(direction) }
        let closes = policies == .all || snapshot.modes.environment == .blocking
        return SideSubject(
            identity: identity,
            specs: specs,
            isUncertain: isUncertain,
            isClosed: party.kind == .unknown && closes
        )
    }
}
