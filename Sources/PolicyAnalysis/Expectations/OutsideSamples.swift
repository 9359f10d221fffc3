// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyModel

extension ResolvedSnapshot {
    /// Addresses outside, one or more of every range that any rule of the snapshot tells apart; sorted.
    ///
    /// Rules see an address through blocks alone. Between two neighbouring edges of blocks all addresses are therefore judged
    /// alike, and the first one stands for the rest. Addresses of endpoints, nodes and the host are edges as well, as a
    /// range may start with one of them.
    /// - Complexity: O(n log n) in address blocks, endpoints and nodes.
    public func outsideSamples() -> [Party] {
        var edges: Set<IPAddress> = [IPAddress(family: .v4, bits: 0), IPAddress(family: .v6, bits: 0)]
        for block in namedBlocks() + specialBlocks() {
            edges.insert(block.base)
            if let next = block.last.next { edges.insert(next) }
        }
        return edges.sorted().map { party(at: $0) }.filter { $0.kind == .world }
    }

    /// Every block that a rule or a CIDR group names.
    private func namedBlocks() -> [Prefix] {
        var blocks = snapshot.cidrGroups.flatMap(\.prefixes)
        for rule in snapshot.policies.lazy.flatMap(\.specs).flatMap(\.rules) {
            guard case .anyOf(let peers) = rule.peers else { continue }
            for peer in peers {
                switch peer {
                case .cidr(let block): blocks += [block.prefix] + block.except
                case .cidrGroup(_, let except): blocks += except
                case .endpoints, .entity, .nodes, .clusterNodes, .services, .dnsNames, .cloudGroups: break
                }
            }
        }
        return blocks
    }

    /// Addresses that are not outside, and those that rules may compare one by one.
    private func specialBlocks() -> [Prefix] {
        var addresses = snapshot.endpoints.flatMap(\.addresses) + Array(snapshot.hostAddresses)
        addresses += snapshot.nodes.flatMap(\.addresses) + snapshot.services.flatMap(\.backends)
        let loopback = [
            Prefix(IPAddress(family: .v4, bits: 0x7F00_0000), length: 8), Prefix(host: IPAddress(family: .v6, bits: 1)),
        ]
        return addresses.map { Prefix(host: $0) } + snapshot.endpointSubnets + loopback
    }
}

extension IPAddress {
    /// The address after this one; `nil` after the last.
    fileprivate var next: IPAddress? {
        let last: UInt128 = family == .v4 ? 0xFFFF_FFFF : .max
        return bits < last ? IPAddress(family: family, bits: bits + 1) : nil
    }
}
