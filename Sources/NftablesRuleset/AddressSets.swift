// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// The sets that say who has which address; one of each for IPv4 and IPv6.
///
/// They depend on endpoints and address blocks alone, and they are large: while neither changes, the sets of the ruleset
/// before are handed out again, so that making and comparing them costs next to nothing.
struct AddressSets {
    private struct Inputs {
        var endpoints: [(address: IPAddress, number: UInt32)]
        var hosts: [(address: IPAddress, number: UInt32)]
        var ranges: [(first: IPAddress, last: IPAddress, number: UInt32)]
        var owners: [IPAddress: Int]
        var contested: Set<IPAddress>
        var subnets: [Prefix]

        init(_ world: ResolvedSnapshot, _ classes: AddressClasses) {
            endpoints = classes.endpoints
            hosts = classes.hosts
            ranges = classes.ranges
            owners = world.endpointByAddress
            contested = world.contestedAddresses
            subnets = world.snapshot.endpointSubnets
        }

        func isSame(as other: Inputs) -> Bool {
            owners == other.owners && contested == other.contested && subnets == other.subnets
                && endpoints.elementsEqual(other.endpoints) { $0 == $1 }
                && hosts.elementsEqual(other.hosts) { $0 == $1 } && ranges.elementsEqual(other.ranges) { $0 == $1 }
        }
    }

    private var last: (inputs: Inputs, sets: [String: NamedSet])?

    mutating func sets(_ world: ResolvedSnapshot, _ classes: AddressClasses) -> [String: NamedSet] {
        let inputs = Inputs(world, classes)
        if let last, last.inputs.isSame(as: inputs) { return last.sets }
        var sets: [String: NamedSet] = [:]
        for family in IPAddress.Family.allCases { Self.add(family, world, classes, to: &sets) }
        last = (inputs, sets)
        return sets
    }

    private static func add(
        _ family: IPAddress.Family,
        _ world: ResolvedSnapshot,
        _ classes: AddressClasses,
        to sets: inout [String: NamedSet]
    ) {
        let terms = FamilyTerms(family)
        func map(_ elements: [(address: IPAddress, number: UInt32)]) -> NamedSet {
            let mine = elements.filter { $0.address.family == family }
                .map { ("\($0.address)", PeerClass.text($0.number)) }
            return NamedSet(
                key: [terms.addressType],
                data: "classid",
                elements: Dictionary(mine) { first, _ in first }
            )
        }
        sets["id\(terms.digit)"] = map(classes.endpoints)
        sets["host\(terms.digit)"] = map(classes.hosts)
        let ranges = classes.ranges.filter { $0.first.family == family }
            .map { (range($0.first, $0.last), PeerClass.text($0.number)) }
        sets["cidr\(terms.digit)"] = NamedSet(
            key: [terms.addressType],
            data: "classid",
            isInterval: true,
            elements: Dictionary(ranges) { first, _ in first }
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
    }

    /// Every two addresses of one endpoint, an address with itself among them.
    private static func pairs(_ world: ResolvedSnapshot, _ family: IPAddress.Family) -> [String: String] {
        var addresses: [Int: [String]] = [:]
        for (address, endpoint) in world.endpointByAddress where address.family == family {
            addresses[endpoint, default: []].append("\(address)")
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
    private static func subnets(_ world: ResolvedSnapshot, _ family: IPAddress.Family) -> [String: String] {
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
        return Dictionary(ranges.map { (range($0.first, $0.last), "") }) { first, _ in first }
    }
}
