// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel

extension ConnectivityTable {
    /// By party: whether anything that it can reach may be different in another table; `nil` when the tables are about
    /// different parties.
    ///
    /// What is `false` here has the same answers in both tables, as a source and about every destination. Nodes are always
    /// `true`: what is said of them is made of more than two sides.
    /// - Complexity: O(parties + rows and their exceptions of both tables).
    public func sourcesThatMayDiffer(from other: ConnectivityTable) -> [Bool]? {
        guard parties == other.parties else { return nil }
        let comparison = RowComparison(answers, other.answers)
        var differs = parties.map { if case .node = $0.kind { true } else { false } }
        var equal: [RowPair: Bool] = [:]
        for party in parties.indices where !differs[party] {
            let pair = RowPair(egress.rowOf[party], other.egress.rowOf[party])
            let isEqual = equal[pair] ?? comparison.isEqual(egress.rows[pair.own], other.egress.rows[pair.other])
            equal[pair] = isEqual
            differs[party] = !isEqual
        }
        // A destination whose own policies say something else touches the sources about which they do.
        for pair in Set(parties.indices.map { RowPair(ingress.rowOf[$0], other.ingress.rowOf[$0]) }) {
            comparison.mark(&differs, where: ingress.rows[pair.own], and: other.ingress.rows[pair.other])
        }
        return differs
    }

    private struct RowPair: Hashable {
        var own: Int
        var other: Int

        init(_ own: Int32, _ other: Int32) { (self.own, self.other) = (Int(own), Int(other)) }
    }
}

/// Compares rows of two tables, whose answers have different numbers.
private struct RowComparison {
    /// By the other table's number of an answer: this table's; `.max` where it does not have the answer.
    private let ownNumber: [UInt32]

    init(_ own: InternedConnections, _ other: InternedConnections) {
        let numbers = Dictionary(own.values.enumerated().map { ($1, UInt32($0)) }) { first, _ in first }
        ownNumber = other.values.map { numbers[$0] ?? .max }
    }

    func isEqual(_ own: SideTable.Row, _ other: SideTable.Row) -> Bool {
        own.most == ownNumber[Int(other.most)] && own.exceptions.count == other.exceptions.count
            && own.exceptions.elementsEqual(other.exceptions) { one, two in
                one.peer == two.peer && one.answer == ownNumber[Int(two.answer)]
            }
    }

    /// Marks the peers about which two rows differ.
    func mark(_ differs: inout [Bool], where own: SideTable.Row, and other: SideTable.Row) {
        guard !isEqual(own, other) else { return }
        let most = (own.most, ownNumber[Int(other.most)])
        guard most.0 == most.1 else {
            for peer in differs.indices where own.answer(peer) != ownNumber[Int(other.answer(peer))] {
                differs[peer] = true
            }
            return
        }
        for exception in own.exceptions + other.exceptions {
            let peer = Int(exception.peer)
            if own.answer(peer) != ownNumber[Int(other.answer(peer))] { differs[peer] = true }
        }
    }
}
