// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// What one side of every pair of parties lets through.
///
/// Subjects with the same policies are one class. For each class, most peers have the same answer, the default; the others
/// are written down one by one. Answers are numbers of distinct connection sets.
struct SideMatrix {
    /// One class of subjects.
    struct Class {
        /// Answer for every peer that is not an exception.
        var fallback: UInt32
        /// Peers with an answer of their own, ascending.
        var exceptions: [(peer: Int32, answer: UInt32)]
    }

    private(set) var classes: [Class] = []
    /// By party.
    private(set) var classOf: [Int32] = []

    /// What makes parties one class.
    private struct Key: Hashable {
        var specs: [ResolvedSnapshot.SelectingSpec]
        var namedPorts: [NamedPort]
        var isUncertain: Bool
        var isClosed: Bool
    }

    /// - Complexity: O(parties + classes · (rules + hits of the rules)).
    init(
        _ direction: Direction,
        of parties: [Party],
        in world: ResolvedSnapshot,
        by policies: JudgedPolicies,
        index: inout PartyIndex,
        answers: inout DistinctConnections
    ) {
        let views = parties.map { world.view(of: $0) }
        var numbers: [Key: Int32] = [:]
        classOf.reserveCapacity(parties.count)
        for party in parties {
            let subject = world.subject(party, direction, policies)
            let looksAtNames =
                direction == .ingress
                && subject.specs.contains {
                    world.spec($0).rules.contains { $0.direction == .ingress && $0.ports.hasNamedPort }
                }
            let key = Key(
                specs: subject.specs,
                namedPorts: looksAtNames ? subject.identity?.namedPorts ?? [] : [],
                isUncertain: subject.isUncertain,
                isClosed: subject.isClosed
            )
            if let number = numbers[key] {
                classOf.append(number)
                continue
            }
            let number = Int32(classes.count)
            numbers[key] = number
            classOf.append(number)
            var builder = SideClassBuilder(direction, subject, views: views, world: world)
            classes.append(builder.build(&index, &answers))
        }
    }
}

/// Whose policies are asked on one side.
struct SideSubject {
    var identity: Identity?
    /// In the order in which they are asked, those that count only.
    var specs: [ResolvedSnapshot.SelectingSpec]
    /// Whether it is not known if others select it too.
    var isUncertain: Bool
    /// An unknown endpoint, which nothing reaches.
    var isClosed: Bool
}

extension Ports {
    /// Whether any of them is given by name.
    var hasNamedPort: Bool {
        guard case .anyOf(let list) = self else { return false }
        return list.contains { if case .named = $0 { true } else { false } }
    }
}
