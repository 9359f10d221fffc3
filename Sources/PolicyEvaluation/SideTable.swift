// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// What one direction's policies let through between every two of many parties.
///
/// Subjects that the same specs select share a row. A row has one answer for most peers and a list of the others.
struct SideTable {
    /// Answers by their number in `InternedConnections`.
    struct Row: Hashable {
        struct Exception: Hashable {
            var peer: Int32
            var answer: UInt32
        }

        var most: UInt32
        /// Sorted by peer.
        var exceptions: [Exception]

        func answer(_ peer: Int) -> UInt32 {
            var (low, high) = (0, exceptions.count)
            while low < high {
                let middle = (low + high) / 2
                if exceptions[middle].peer < peer { low = middle + 1 } else { high = middle }
            }
            return low < exceptions.count && exceptions[low].peer == peer ? exceptions[low].answer : most
        }
    }

    /// What makes two subjects share their answers.
    private struct SubjectKey: Hashable {
        /// Once for each thing that may be so.
        var alternatives: [[ResolvedSnapshot.SelectingSpec]]
        var namedPorts: [NamedPort]
        /// For subjects that are no endpoints.
        var kind: Party.Kind?
    }

    /// By party, an index into `rows`.
    private(set) var rowOf: [Int32] = []
    private(set) var rows: [Row] = []
    /// By peer: the rows in which it is an exception, in order, with the answer.
    private(set) var byPeer: [[Row.Exception]]

    init(
        _ direction: Direction,
        _ resolved: ResolvedSnapshot,
        _ parties: [Party],
        _ policies: JudgedPolicies,
        _ index: inout RulePeerIndex,
        _ answers: inout InternedConnections
    ) {
        var builder = RowBuilder(direction: direction, resolved: resolved, parties: parties, policies: policies)
        var rowOfSubject: [SubjectKey: Int32] = [:]
        var rowOfAnswers: [Row: Int32] = [:]
        for subject in parties {
            let key = Self.key(subject, direction, resolved, policies)
            if let known = rowOfSubject[key] {
                rowOf.append(known)
                continue
            }
            var seen: Set<ResolvedSnapshot.SelectingSpec> = []
            let specs = key.alternatives.joined().filter { seen.insert($0).inserted }
            let row = builder.row(of: subject, specs, &index, &answers)
            let number = rowOfAnswers[row] ?? Int32(rows.count)
            if number == rows.count { rows.append(row) }
            rowOfAnswers[row] = number
            rowOfSubject[key] = number
            rowOf.append(number)
        }
        byPeer = Array(repeating: [], count: parties.count)
        for (number, row) in rows.enumerated() {
            for exception in row.exceptions {
                byPeer[Int(exception.peer)].append(.init(peer: Int32(number), answer: exception.answer))
            }
        }
    }

    func answer(_ subject: Int, peer: Int) -> UInt32 { rows[Int(rowOf[subject])].answer(peer) }

    private static func key(
        _ subject: Party,
        _ direction: Direction,
        _ resolved: ResolvedSnapshot,
        _ policies: JudgedPolicies
    ) -> SubjectKey {
        let (identity, selecting) = resolved.specs(of: subject, direction)
        let alternatives = selecting.map { specs in
            specs.filter { reference in
                (policies == .all || reference.mode == .blocking) && resolved.spec(reference).concerns(direction)
            }
        }
        guard let identity else { return SubjectKey(alternatives: alternatives, namedPorts: [], kind: subject.kind) }
        let hasNames =
            direction == .ingress
            && alternatives.joined().contains { reference in
                resolved.spec(reference).rules.contains { $0.direction == direction && $0.ports.hasNames }
            }
        return SubjectKey(alternatives: alternatives, namedPorts: hasNames ? identity.namedPorts : [], kind: nil)
    }
}

/// Works out rows: peers that every rule treats alike are asked about once.
private struct RowBuilder {
    let direction: Direction
    let resolved: ResolvedSnapshot
    let parties: [Party]
    let policies: JudgedPolicies
    /// By party: a number for what the rules looked at so far have said; 0: none matches.
    private var signatures: [UInt32]
    private var touched: [Int32] = []

    init(direction: Direction, resolved: ResolvedSnapshot, parties: [Party], policies: JudgedPolicies) {
        self.direction = direction
        self.resolved = resolved
        self.parties = parties
        self.policies = policies
        signatures = Array(repeating: 0, count: parties.count)
    }

    mutating func row(
        of subject: Party,
        _ specs: [ResolvedSnapshot.SelectingSpec],
        _ index: inout RulePeerIndex,
        _ answers: inout InternedConnections
    ) -> SideTable.Row {
        let count = sign(specs, &index)
        touched.sort()
        var answerOf: [UInt32?] = Array(repeating: nil, count: count + 1)
        func answer(_ peer: Int, _ signature: UInt32) -> UInt32 {
            if let known = answerOf[Int(signature)] { return known }
            let number = answers.number(resolved.side(direction, of: subject, peer: parties[peer], policies))
            answerOf[Int(signature)] = number
            return number
        }
        var untouched: UInt32?
        if touched.count < parties.count {
            untouched = signatures.firstIndex(of: 0).map { answer($0, 0) }
        }
        var row = SideTable.Row(most: untouched ?? InternedConnections.none, exceptions: [])
        row.exceptions = touched.map { .init(peer: $0, answer: answer(Int($0), signatures[Int($0)])) }
        settle(&row)
        for party in touched { signatures[Int(party)] = 0 }
        touched.removeAll(keepingCapacity: true)
        return row
    }

    /// Gives every peer a signature; returns how many there are beside 0.
    private mutating func sign(_ specs: [ResolvedSnapshot.SelectingSpec], _ index: inout RulePeerIndex) -> Int {
        var count: UInt32 = 0
        // The host passes where nobody else does.
        for (party, view) in index.views.enumerated() where view.kind == .host {
            if count == 0 { count = 1 }
            signatures[party] = 1
            touched.append(Int32(party))
        }
        for spec in specs {
            for (number, rule) in resolved.spec(spec).rules.enumerated() where rule.direction == direction {
                var split: [UInt64: UInt32] = [:]
                for found in index.matches(rule, at: number, of: spec) {
                    let old = signatures[Int(found.party)]
                    if old == 0 { touched.append(found.party) }
                    let key = UInt64(old) << 32 | UInt64(found.code)
                    if let known = split[key] {
                        signatures[Int(found.party)] = known
                    } else {
                        count += 1
                        split[key] = count
                        signatures[Int(found.party)] = count
                    }
                }
            }
        }
        return Int(count)
    }

    /// Makes the most frequent answer the one for most, so that equal rows are equal values and small.
    private func settle(_ row: inout SideTable.Row) {
        var counts: [UInt32: Int] = [:]
        for exception in row.exceptions { counts[exception.answer, default: 0] += 1 }
        counts[row.most, default: 0] += parties.count - row.exceptions.count
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? row.most
        if most != row.most {
            var all = Array(repeating: row.most, count: parties.count)
            for exception in row.exceptions { all[Int(exception.peer)] = exception.answer }
            row.exceptions = all.enumerated().map { .init(peer: Int32($0.offset), answer: $0.element) }
        }
        row.exceptions.removeAll { $0.answer == most }
        row.most = most
    }
}
