// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// The other side of a connection as rules see it.
struct PeerView {
    enum Kind { case endpoint, host, node, reserved, world, unknown }

    var kind: Kind
    var labels: LabelSet
    var address: IPAddress
    var isAddressKnown = true
    /// Namespace and named ports of an endpoint; `nil` for others.
    var identity: Identity?
    /// Labels of the Node, for a node whose labels are known.
    var nodeLabels: LabelSet?
    /// The name that an address outside was looked up by, where the question says it.
    var dnsName: String?

    /// Whether an address block of the given reach can match at all.
    func isReached(by reach: CIDRPeer.Reach) -> Bool {
        switch (kind, reach) {
        case (.world, _), (_, .anyParty): true
        case (.endpoint, .worldAndEndpoints): true
        case (.host, .worldAndNodes), (.node, .worldAndNodes), (.reserved, .worldAndNodes): true
        default: false
        }
    }
}

extension ResolvedSnapshot {
    /// How rules see a party.
    func view(of party: Party) -> PeerView {
        var view = viewOfKnown(party)
        view.isAddressKnown = party.isAddressKnown
        if view.kind == .endpoint, let unknown = snapshot.unknownAddresses {
            // An endpoint without any address is asked about by the unspecified one.
            let isMadeUp = unknown.block.contains(party.address) || party.address.bits == 0
            view.isAddressKnown = view.isAddressKnown && !isMadeUp
        }
        return view
    }

    private func viewOfKnown(_ party: Party) -> PeerView {
        switch party.kind {
        case .endpoint(let index):
            let identity = identities[identityOfEndpoint[index]]
            return PeerView(kind: .endpoint, labels: identity.labels, address: party.address, identity: identity)
        case .host:
            // A node of which it is supposed that it is the local one still has its own labels.
            let node = party.hostNode.map { snapshot.nodes[$0] }
            return PeerView(
                kind: .host,
                labels: ReservedIdentity.host,
                address: party.address,
                nodeLabels: node?.labelSet
            )
        case .node(let index):
            return PeerView(
                kind: .node,
                labels: ReservedIdentity.remoteNode,
                address: party.address,
                nodeLabels: snapshot.nodes[index].labelSet
            )
        case .reserved(let entity):
            return PeerView(kind: .reserved, labels: ReservedIdentity.labels(of: entity), address: party.address)
        case .world:
            return PeerView(
                kind: .world,
                labels: ReservedIdentity.world(party.address.family),
                address: party.address
            )
        case .unknown: return PeerView(kind: .unknown, labels: LabelSet([]), address: party.address)
        }
    }
}
