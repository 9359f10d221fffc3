// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyEvaluation
public import PolicyModel

/// What people type for one end of a connection: `shop/web`, an address, or an entity such as `host` or `world`.
public enum PartyName: Hashable, Sendable {
    /// A pod by its own name, or every pod of a workload by the workload's.
    case endpoint(namespace: String, name: String)
    case address(IPAddress)
    case entity(Entity)

    /// Reads `namespace/name`, an address, or an entity; `nil` when the text is none of them.
    public init?(_ text: String) {
        if let address = IPAddress(text) {
            self = .address(address)
        } else if let entity = Entity(rawValue: text), Self.entities.contains(entity) {
            self = .entity(entity)
        } else {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            self = .endpoint(namespace: parts[0], name: parts[1])
        }
    }

    /// Entities that stand for someone; `all`, `cluster`, `cluster-mesh` and `none` stand for groups.
    public static let entities: Set<Entity> = [
        .world, .worldIPv4, .worldIPv6, .host, .remoteNode, .kubeAPIServer, .`init`, .ingress, .health, .unmanaged,
    ]

    /// Everyone the name stands for; empty when nobody has it.
    ///
    /// `world` stands for the addresses that `ResolvedSnapshot.outsideSamples` has: what holds for each of them holds for
    /// every address outside.
    /// - Complexity: O(endpoints); for the world O(n log n) in address blocks and endpoints.
    public func parties(in world: ResolvedSnapshot) -> [Party] {
        switch self {
        case .address(let address): return [world.party(at: address)]
        case .endpoint(let namespace, let name):
            let indices = world.snapshot.endpoints.indices.filter { index in
                let endpoint = world.snapshot.endpoints[index]
                return endpoint.namespace == namespace && (endpoint.name == name || endpoint.workload.name == name)
            }
            return indices.flatMap { world.parties(ofEndpoint: $0) }
        case .entity(.host):
            let address = world.snapshot.hostAddresses.min() ?? IPAddress(family: .v4, bits: 0x7F00_0001)
            // Of a cluster's nodes nobody says which one is meant.
            let isKnown = world.snapshot.reach == .layer4 || world.snapshot.hostAddresses.count == 1
            return [Party(.host, address: address, isAddressKnown: isKnown)]
        case .entity(.world): return world.outsideSamples()
        case .entity(.worldIPv4): return world.outsideSamples().filter { $0.address.family == .v4 }
        case .entity(.worldIPv6): return world.outsideSamples().filter { $0.address.family == .v6 }
        case .entity(let entity):
            // TEST-NET-1 (RFC 5737): the address of a reserved party is not known, and no rule may depend on it.
            return [Party(.reserved(entity), address: IPAddress(family: .v4, bits: 0xC000_0201), isAddressKnown: false)]
        }
    }
}

extension ResolvedSnapshot {
    /// An endpoint as an end of connections, once per address family.
    ///
    /// One that policies do not reach (host network) is whoever has its address; without an address it is nobody.
    public func parties(ofEndpoint index: Int) -> [Party] {
        let endpoint = snapshot.endpoints[index]
        guard endpoint.protection == .enforced else { return endpoint.addresses.prefix(1).map { party(at: $0) } }
        var families: Set<IPAddress.Family> = []
        return endpoint.addresses.filter { families.insert($0.family).inserted }.map { address in
            Party(.endpoint(index), address: address)
        }
    }
}
