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
            sets: addressSets(world, classes),
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

    private func addressSets(_ world: ResolvedSnapshot, _ classes: AddressClasses) -> [String: NamedSet] {
        var sets: [String: NamedSet] = [:]
        for family in IPAddress.Family.allCases {
            let terms = FamilyTerms(family)
            func map(_ elements: [(IPAddress, UInt32)]) -> NamedSet {
                let mine = elements.filter { $0.0.family == family }.map { ("\($0.0)", PeerClass.text($0.1)) }
                return NamedSet(
                    key: [terms.addressType],
                    data: "classid",
                    elements: Dictionary(mine) { first, _ in first }
                )
            }
            sets["id\(terms.digit)"] = map(classes.endpoints.map { ($0.address, $0.number) })
            sets["host\(terms.digit)"] = map(classes.hosts.map { ($0.address, $0.number) })
            let ranges = classes.ranges.filter { $0.first.family == family }
            sets["cidr\(terms.digit)"] = NamedSet(
                key: [terms.addressType],
                data: "classid",
                isInterval: true,
                elements: Dictionary(
                    ranges.map { (Self.range($0.first, $0.last), PeerClass.text($0.number)) }
                ) { first, _ in first }
            )
            sets["subnets\(terms.digit)"] = NamedSet(
                key: [terms.addressType],
                isInterval: true,
                elements: subnets(world, family)
            )
            let known = world.endpointByAddress.keys.filter { $0.family == family }
            sets["known\(terms.digit)"] = NamedSet(
                key: [terms.addressType],
                elements: Dictionary(uniqueKeysWithValues: known.map { ("\($0)", "") })
            )
            sets["self\(terms.digit)"] = NamedSet(
                key: [terms.addressType, terms.addressType],
                elements: pairs(world, family)
            )
            for direction in Direction.allCases {
                for orientation in Orientation.allCases {
                    sets["\(direction.suffix)\(terms.digit)_\(orientation.rawValue)"] = NamedSet(
                        key: [terms.addressType],
                        data: "verdict"
                    )
                }
            }
        }
        return sets
    }

    /// Every two addresses of one endpoint, an address with itself among them.
    private func pairs(_ world: ResolvedSnapshot, _ family: IPAddress.Family) -> [String: String] {
        var addresses: [Int: [IPAddress]] = [:]
        for (address, endpoint) in world.endpointByAddress where address.family == family {
            addresses[endpoint, default: []].append(address)
        }
        var pairs: [String: String] = [:]
        for own in addresses.values {
            for source in own {
                for destination in own { pairs["\(source) . \(destination)"] = "" }
            }
        }
        return pairs
    }

    private static func range(_ first: IPAddress, _ last: IPAddress) -> String {
        first == last ? "\(first)" : "\(first)-\(last)"
    }

    /// Every address that can be an endpoint's, as disjoint ranges.
    private func subnets(_ world: ResolvedSnapshot, _ family: IPAddress.Family) -> [String: String] {
        let single =
            world.endpointByAddress.keys.map { Prefix(host: $0) } + world.contestedAddresses.map { Prefix(host: $0) }
        let blocks = (world.snapshot.endpointSubnets + single).map { CIDRPeer($0, reach: .world) }
        var ranges: [(first: IPAddress, last: IPAddress)] = []
        for segment in AddressSegments(blocks, family: family).segments {
            if let previous = ranges.last, previous.last.bits + 1 == segment.first.bits {
                ranges[ranges.count - 1].last = segment.last
            } else {
                ranges.append((segment.first, segment.last))
            }
        }
        return Dictionary(ranges.map { (Self.range($0.first, $0.last), "") }) { first, _ in first }
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
        for (address, endpoint) in world.endpointByAddress {
            for (direction, name) in byIdentity[world.identityOfEndpoint[endpoint]] {
                for orientation in Orientation.allCases {
                    let set = "\(direction.suffix)\(address.family == .v4 ? "4" : "6")_\(orientation.rawValue)"
                    table.sets[set]?.elements["\(address)"] = "jump \(name)_\(orientation.rawValue)"
                }
            }
        }
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
