// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Address blocks that do not mean whom they seem to mean (V140, V141, V142), and hosts that are shut out (V132).
struct AddressLint {
    private let world: LintWorld
    private let pods: [IPAddress]
    private let nodes: [IPAddress]
    private let hasIPv6: Bool

    init(_ world: LintWorld) {
        self.world = world
        let reached = world.snapshot.endpoints.filter { $0.protection == .enforced }.flatMap(\.addresses)
        // Made-up addresses lie in endpoint subnets of their own, and nobody writes blocks for them.
        pods = reached.filter { !WorldReader.syntheticBlock.contains($0) }.sorted()
        nodes = (Array(world.snapshot.hostAddresses) + world.snapshot.nodes.flatMap(\.addresses)).sorted()
        hasIPv6 = reached.contains { $0.family == .v6 }
    }

    func remarks() -> [LintRemark] {
        world.policies.flatMap { _, policy in
            policy.specs.flatMap { spec in
                spec.rules.flatMap { blocks($0) } + (losesHost(spec) ? [LintRemark(.losesHost, at: spec.location)] : [])
            }
        }
    }

    private func blocks(_ rule: Rule) -> [LintRemark] {
        guard case .anyOf(let peers) = rule.peers else { return [] }
        let blocks = peers.compactMap { peer -> CIDRPeer? in
            guard case .cidr(let block) = peer else { return nil }
            return block
        }
        var result: [LintRemark] = []
        // The whole of a family is how people write "outside", and Cilium reads it so.
        for block in blocks where block.prefix.length > 0 {
            let reachesPods = block.reach == .anyParty || block.reach == .worldAndEndpoints
            let reachesNodes = block.reach == .anyParty || block.reach == .worldAndNodes
            if !reachesPods, first(of: pods, in: block) != nil {
                result.append(LintRemark(.coversPods("\(block.prefix)"), at: rule.location))
            }
            if !reachesNodes, first(of: nodes, in: block) != nil {
                result.append(LintRemark(.coversNodes("\(block.prefix)"), at: rule.location))
            }
        }
        let isIPv4Only =
            blocks.contains { $0.prefix.family == .v4 && $0.prefix.length == 0 }
            && !blocks.contains { $0.prefix.family == .v6 }
        if hasIPv6, isIPv4Only { result.append(LintRemark(.onlyIPv4("0.0.0.0/0"), at: rule.location, hint: .addIPv6)) }
        return result
    }

    /// - Complexity: O(log n), and the addresses that exceptions take out.
    private func first(of sorted: [IPAddress], in block: CIDRPeer) -> IPAddress? {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < block.prefix.base { low = middle + 1 } else { high = middle }
        }
        while low < sorted.count, block.prefix.contains(sorted[low]) {
            if block.contains(sorted[low]) { return sorted[low] }
            low += 1
        }
        return nil
    }

    /// Whether inbound is restricted, the host is not let in by itself, and no rule lets it in.
    private func losesHost(_ spec: PolicySpec) -> Bool {
        guard world.snapshot.hostTraffic == .enforced, spec.isolates.contains(.ingress) else { return false }
        let host = Party(
            .host,
            address: world.snapshot.hostAddresses.min() ?? IPAddress(family: .v4, bits: 0x7F00_0001)
        )
        return world.judgedAlike(world.identities(spec.subject)).contains { identity, _ in
            guard let party = world.party(identity) else { return false }
            return world.resolved.connections(.ingress, of: party, with: host).isEmpty
        }
    }
}
