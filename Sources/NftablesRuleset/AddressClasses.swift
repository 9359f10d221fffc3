// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Which class every address belongs to.
struct AddressClasses {
    /// By address of an endpoint.
    private(set) var endpoints: [(address: IPAddress, number: UInt32)] = []
    /// By address of the host, where it differs from the host's general class.
    private(set) var hosts: [(address: IPAddress, number: UInt32)] = []
    /// Ranges of addresses outside; that one is unknown is found out otherwise.
    private(set) var ranges: [(first: IPAddress, last: IPAddress, number: UInt32)] = []
    /// Every class in use, by number.
    private(set) var classes: [UInt32: PeerClass] = [:]

    init(_ world: ResolvedSnapshot, numbers: inout ClassNumbers) {
        let blocks = Self.blocks(of: world)
        let segments = Dictionary(
            uniqueKeysWithValues: IPAddress.Family.allCases.map { ($0, AddressSegments(blocks, family: $0)) }
        )

        func blocksOfAnyParty(at address: IPAddress) -> [CIDRPeer] {
            (segments[address.family]?.blocks(containing: address) ?? [])
                .filter { blocks[$0].reach == .anyParty }.map { blocks[$0] }
        }
        register(.host(blocks: []), &numbers)
        for family in IPAddress.Family.allCases { register(.world(family, blocks: []), &numbers) }
        for (address, index) in world.endpointByAddress {
            let identity = world.identities[world.identityOfEndpoint[index]]
            let key = PeerClass.Key.endpoint(identity, blocks: blocksOfAnyParty(at: address))
            endpoints.append((address, register(key, &numbers)))
        }
        for address in world.snapshot.hostAddresses {
            let number = register(.host(blocks: blocksOfAnyParty(at: address)), &numbers)
            if number != PeerClass.host { hosts.append((address, number)) }
        }
        for family in IPAddress.Family.allCases {
            for segment in segments[family]?.segments ?? [] {
                let key = PeerClass.Key.world(family, blocks: segment.blocks.map { blocks[$0] })
                append(segment.first, segment.last, register(key, &numbers))
            }
        }
        numbers.keep(Set(classes.keys))
    }

    @discardableResult
    private mutating func register(_ key: PeerClass.Key, _ numbers: inout ClassNumbers) -> UInt32 {
        let number = numbers.number(for: key)
        if classes[number] == nil { classes[number] = PeerClass(number: number, key: key) }
        return number
    }

    private mutating func append(_ first: IPAddress, _ last: IPAddress, _ number: UInt32) {
        if let previous = ranges.last, previous.number == number, previous.last.family == first.family,
            previous.last.bits + 1 == first.bits
        {
            ranges[ranges.count - 1].last = last
        } else {
            ranges.append((first, last, number))
        }
    }

    /// Every distinct address block that a rule names, in an order that does not depend on the policies' order, so that
    /// classes keep their numbers.
    private static func blocks(of world: ResolvedSnapshot) -> [CIDRPeer] {
        var seen: Set<CIDRPeer> = []
        var result: [CIDRPeer] = []
        func add(_ block: CIDRPeer) {
            if seen.insert(block).inserted { result.append(block) }
        }
        for rule in world.snapshot.policies.flatMap(\.specs).flatMap(\.rules) {
            guard case .anyOf(let peers) = rule.peers else { continue }
            for peer in peers {
                switch peer {
                case .cidr(let block): add(block)
                case .cidrGroup(let reference, let except):
                    world.cidrGroups.blocks(reference, except: except).forEach(add)
                default: break
                }
            }
        }
        return result.sorted {
            $0.prefix == $1.prefix
                ? ($0.reach == .world ? 0 : 1, $0.except.description) < (
                    $1.reach == .world ? 0 : 1, $1.except.description
                )
                : $0.prefix < $1.prefix
        }
    }
}
