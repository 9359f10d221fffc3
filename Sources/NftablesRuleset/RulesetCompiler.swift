// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
public import PolicyEvaluation
public import PolicyModel

/// Turns a resolved snapshot into what the kernel should hold.
///
/// A function of its input but for class numbers, which it keeps from one ruleset to the next so that a small change
/// stays small in the kernel. Chains whose inputs have not changed since the ruleset before are not made again.
public struct RulesetCompiler: Sendable {
    private var numbers = ClassNumbers()
    private var subjects = SubjectCache()
    private var addresses = AddressSets()
    private var entries = SubjectEntries()
    /// The guard's sets depend on the attachments alone, and they are large.
    private var guarded: (attachments: [WorkloadInventory.Attachment], sets: [String: NamedSet]) = (
        [], GuardTable.sets(for: [])
    )

    public init() {}

    /// The ruleset for a world.
    ///
    /// - Parameters:
    ///   - world: Whom to judge and by which policies.
    ///   - attachments: Endpoints' ports on this host's bridges, for the guard.
    ///   - generation: Written on every connection that the ruleset judges; must differ from those before it.
    /// - Complexity: O(addresses + address blocks × log + for each group of alike endpoints, rules × their peers' classes).
    public mutating func ruleset(
        for world: ResolvedSnapshot,
        attachments: [WorkloadInventory.Attachment],
        generation: UInt32
    ) -> Ruleset {
        let classes = AddressClasses(world, numbers: &numbers)
        let isAuditOnly = world.snapshot.modes.isAuditOnly(for: world.snapshot.policies)
        var table = Table(
            family: .inet,
            sets: addresses.sets(world, classes),
            chains: JudgingChains(
                generation: generation,
                isAuditOnly: isAuditOnly,
                closesUnknown: world.snapshot.modes.environment == .blocking
            ).chains,
            counters: JudgingChains.counters
        )
        table.sets["generation"] = NamedSet(key: ["mark"], elements: ["0x\(String(generation, radix: 16))": ""])
        addSubjects(to: &table, world, classes)
        let granted = Self.granted(attachments, world)
        if granted != guarded.attachments { guarded = (granted, GuardTable.sets(for: granted)) }
        let guardTable = GuardTable(sets: guarded.sets, generation: generation, isAuditOnly: isAuditOnly)
        return Ruleset(generation: generation, tables: [table, guardTable.table])
    }

    /// The attachments with those addresses only that the runtime gave the endpoint: what an interface has besides, the
    /// endpoint may have taken by itself, and it may be somebody else's.
    private static func granted(
        _ attachments: [WorkloadInventory.Attachment],
        _ world: ResolvedSnapshot
    ) -> [WorkloadInventory.Attachment] {
        let given = Dictionary(world.snapshot.endpoints.map { ($0.id, Set($0.addresses)) }) { first, second in
            first.intersection(second)
        }
        return attachments.map { attachment in
            var attachment = attachment
            attachment.addresses.removeAll { given[attachment.endpointID]?.contains($0) != true }
            return attachment
        }
    }

    private mutating func addSubjects(to table: inout Table, _ world: ResolvedSnapshot, _ classes: AddressClasses) {
        subjects.begin(world, classes)
        defer { subjects.end() }
        var names: [SubjectChains.Key: String] = [:]
        var byIdentity: [[Direction: String]] = []
        for (index, identity) in world.identities.enumerated() {
            var found: [Direction: String] = [:]
            for direction in Direction.allCases {
                let key = key(for: direction, identity, world.selecting[index], world)
                guard !key.specs.isEmpty else { continue }
                if let known = names[key] {
                    found[direction] = known
                    continue
                }
                var name = Self.name(for: key, world)
                while table.chains["\(name)_o"] != nil { name += "x" }
                let subject = subjects.chains(named: name, key, subject: identity)
                table.chains.merge(subject.chains) { first, _ in first }
                table.sets.merge(subject.sets) { first, _ in first }
                names[key] = name
                found[direction] = name
            }
            byIdentity.append(found)
        }
        table.sets.merge(entries.sets(world, names: byIdentity)) { first, _ in first }
    }

    private func key(
        for direction: Direction,
        _ identity: Identity,
        _ selecting: [ResolvedSnapshot.SelectingSpec],
        _ world: ResolvedSnapshot
    ) -> SubjectChains.Key {
        let specs = selecting.filter { world.snapshot.policies[$0.policy].specs[$0.spec].concerns(direction) }
        let looksAtNamedPorts =
            direction == .ingress
            && specs.contains { reference in
                world.snapshot.policies[reference.policy].specs[reference.spec].rules
                    .contains { $0.direction == .ingress && $0.ports.hasNamedPort }
            }
        return SubjectChains.Key(
            direction: direction,
            specs: specs,
            namedPorts: looksAtNamedPorts ? identity.namedPorts : []
        )
    }

    /// A name that says which policies the chain is made from, so that an edited policy changes its chain in place.
    private static func name(for key: SubjectChains.Key, _ world: ResolvedSnapshot) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        for reference in key.specs {
            let id = world.snapshot.policies[reference.policy].id
            add(id.kind.rawValue)
            add(id.description)
            add("\(reference.spec) \(reference.mode.rawValue)")
        }
        for port in key.namedPorts { add("\(port.name) \(port.ipProtocol.rawValue) \(port.port)") }
        return "\(key.direction.suffix)_\(String(hash, radix: 16))"
    }
}
