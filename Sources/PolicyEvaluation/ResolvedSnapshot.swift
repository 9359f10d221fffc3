// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// A snapshot with what every question needs worked out once: identities, who has which address, and which policies
/// select whom.
///
/// - Complexity: to build, O(endpoints + identities × policies of their namespace).
public struct ResolvedSnapshot: Sendable {
    /// A spec that selects an identity, and the mode in which it acts there.
    public struct SelectingSpec: Hashable, Sendable {
        /// Index into the snapshot's policies.
        public var policy: Int
        /// Index into the policy's specs.
        public var spec: Int
        public var mode: Mode
    }

    public internal(set) var snapshot: ClusterSnapshot
    /// Distinct identities of the endpoints, in order of first appearance.
    public internal(set) var identities: [Identity]
    /// By endpoint index, an index into `identities`.
    public internal(set) var identityOfEndpoint: [Int]
    /// By identity index: the specs that select it, in the order in which they are asked: by tier, priority, then policy.
    public internal(set) var selecting: [[SelectingSpec]]
    /// Policies for hosts themselves; empty on an engine that has none.
    var hostPolicies: [HostPolicy]
    /// Addresses of endpoints that policies reach; an address that different endpoints claim is absent.
    public internal(set) var endpointByAddress: [IPAddress: Int]
    /// Addresses that endpoints of different identities claim: nobody is trusted to have them.
    public internal(set) var contestedAddresses: Set<IPAddress>
    /// Nodes by address, on an engine that tells nodes apart.
    let nodeByAddress: [IPAddress: Int]
    private(set) var matching: RuleMatching
    /// Once something has changed.
    var changes: ChangeIndex?

    /// - Parameter previous: an earlier resolution; what depends on the endpoints alone is taken over from it while they
    ///   are the same.
    public init(_ snapshot: ClusterSnapshot, after previous: ResolvedSnapshot? = nil) {
        self.snapshot = snapshot
        matching = RuleMatching(snapshot)
        if let previous, previous.hasSameEndpoints(as: snapshot) {
            identities = previous.identities
            identityOfEndpoint = previous.identityOfEndpoint
            endpointByAddress = previous.endpointByAddress
            contestedAddresses = previous.contestedAddresses
        } else {
            (identities, identityOfEndpoint) = Self.identities(snapshot)
            (endpointByAddress, contestedAddresses) = Self.endpointsByAddress(snapshot, identityOfEndpoint)
        }
        var index = SpecIndex(snapshot.policies)
        selecting = identities.map { index.specs(selecting: $0, snapshot.policies, snapshot.modes) }
        hostPolicies = HostPolicy.all(in: snapshot)
        nodeByAddress = snapshot.reach == .layer4 ? [:] : Self.nodesByAddress(snapshot)
    }

    private func hasSameEndpoints(as other: ClusterSnapshot) -> Bool {
        snapshot.clusterName == other.clusterName && snapshot.namespaceLabels == other.namespaceLabels
            && snapshot.endpoints == other.endpoints
    }

    private static func identities(_ snapshot: ClusterSnapshot) -> (identities: [Identity], ofEndpoint: [Int]) {
        var identities: [Identity] = []
        var indexOf: [Identity: Int] = [:]
        var derived = DerivedLabels(snapshot)
        // Growing would hash everything again and again.
        indexOf.reserveCapacity(snapshot.endpoints.count)
        identities.reserveCapacity(snapshot.endpoints.count)
        let ofEndpoint = snapshot.endpoints.map { endpoint in
            let identity = Identity(of: endpoint, derived: &derived)
            if let known = indexOf[identity] { return known }
            indexOf[identity] = identities.count
            identities.append(identity)
            return identities.count - 1
        }
        return (identities, ofEndpoint)
    }

    /// The same world with another reading of addresses that nobody knows.
    /// - Complexity: O(1).
    public func reading(unknownAddresses reading: UnknownAddresses.Reading) -> ResolvedSnapshot {
        guard snapshot.unknownAddresses.map({ $0.reading != reading }) ?? false else { return self }
        var other = self
        other.snapshot.unknownAddresses?.reading = reading
        other.matching.unknownAddresses = reading
        return other
    }

    /// The address blocks that CIDR groups stand for.
    public var cidrGroups: CIDRGroupIndex { matching.cidrGroups }

    /// Who has an address.
    public func party(at address: IPAddress) -> Party {
        if let endpoint = endpointByAddress[address] { return Party(.endpoint(endpoint), address: address) }
        if let node = nodeByAddress[address] { return Party(.node(node), address: address) }
        if snapshot.hostAddresses.contains(address) || address.isLoopback { return Party(.host, address: address) }
        if contestedAddresses.contains(address) || snapshot.endpointSubnets.contains(where: { $0.contains(address) }) {
            return Party(.unknown, address: address)
        }
        return Party(.world, address: address)
    }

    /// The first of several nodes with one address.
    private static func nodesByAddress(_ snapshot: ClusterSnapshot) -> [IPAddress: Int] {
        let pairs = snapshot.nodes.enumerated().flatMap { index, node in node.addresses.map { ($0, index) } }
        return Dictionary(pairs) { first, _ in first }
    }

    static func endpointsByAddress(
        _ snapshot: ClusterSnapshot,
        _ identities: [Int]
    )
        -> (found: [IPAddress: Int], contested: Set<IPAddress>)
    {
        var found: [IPAddress: Int] = [:]
        found.reserveCapacity(snapshot.endpoints.count)
        var contested: Set<IPAddress> = []
        for (index, endpoint) in snapshot.endpoints.enumerated() where endpoint.protection == .enforced {
            for address in endpoint.addresses {
                if let other = found[address], identities[other] != identities[index] { contested.insert(address) }
                found[address] = found[address] ?? index
            }
        }
        for address in contested { found[address] = nil }
        return (found, contested)
    }
}
