// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// The Nodes of a world.
struct WorldNodes {
    private var nodes: [String: ClusterNode] = [:]

    /// Sorted by name.
    var all: [ClusterNode] { nodes.values.sorted { $0.name < $1.name } }

    /// Every address of every node.
    var addresses: Set<IPAddress> { Set(nodes.values.flatMap(\.addresses)) }

    /// Adds a Node; what its status lists besides addresses, such as its host name, is left out.
    mutating func add(_ object: ObjectReader) {
        guard let metadata = ObjectMetadata(of: object) else { return }
        var addresses: [IPAddress] = []
        for item in object["status"]?.anyObject()?["addresses"]?.list() ?? [] {
            guard let text = item.node["address"]?.string, let address = IPAddress(text) else { continue }
            if !addresses.contains(address) { addresses.append(address) }
        }
        if nodes[metadata.name] != nil { object.field.report(.duplicateObject("Node", metadata.name, in: nil)) }
        nodes[metadata.name] = ClusterNode(name: metadata.name, labels: metadata.labels, addresses: addresses)
    }
}
