// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What people write into a NetworkPolicy that only Cilium's policies have.
enum CiliumFeature {
    /// What messages call a feature, by the name of its field.
    static let names: [String: String] = [
        "ingressDeny": "A deny rule", "egressDeny": "A deny rule", "toFQDNs": "A rule for DNS names",
        "fromEntities": "A rule for entities", "toEntities": "A rule for entities",
        "toServices": "A rule for Services", "fromNodes": "A rule for nodes", "toNodes": "A rule for nodes",
        "nodeSelector": "A policy for nodes", "icmps": "A rule for ICMP", "authentication": "Mutual authentication",
        "enableDefaultDeny": "A policy without default deny", "fromCIDRSet": "A CIDR set", "toCIDRSet": "A CIDR set",
        "fromGroups": "A rule for cloud security groups", "toGroups": "A rule for cloud security groups",
        "endpointSelector": "An endpointSelector", "toPorts": "A toPorts list",
        "fromEndpoints": "A fromEndpoints list", "toEndpoints": "A toEndpoints list",
    ]
}
