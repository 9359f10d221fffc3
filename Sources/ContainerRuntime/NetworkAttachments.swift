// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Netlink
import NetworkPrimitives
import PolicyModel

/// Finds the host's side of containers' network interfaces.
enum NetworkAttachments {
    /// The interfaces of a network namespace; `nil`: the process's own.
    static func interfaces(in namespace: NetworkNamespace?) async throws -> [NetworkInterface] {
        guard let namespace else { return try InterfaceTable.read() }
        return try await namespace.run { try InterfaceTable.read() }
    }

    /// The attachments of one container: the virtual Ethernet pairs that have one end inside and one among the host's.
    ///
    /// Addresses include the link-local ones, since the container really uses them.
    static func match(
        _ inside: [NetworkInterface],
        with host: [NetworkInterface],
        endpointID: String
    ) -> [WorkloadInventory.Attachment] {
        inside.compactMap { interface in
            guard interface.kind == "veth", let peerIndex = interface.peerIndex,
                let peer = host.first(where: { $0.index == peerIndex && $0.kind == "veth" }),
                // Interface numbers repeat between namespaces; a pair points at each other.
                peer.peerIndex == interface.index
            else { return nil }
            return WorkloadInventory.Attachment(
                endpointID: endpointID,
                hostInterface: peer.name,
                macAddress: interface.macAddress,
                addresses: interface.addresses
            )
        }
    }
}
