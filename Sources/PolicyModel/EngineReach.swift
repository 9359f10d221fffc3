// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What the engine that enforces a snapshot's policies can check.
public enum EngineReach: String, Hashable, Sendable, Codable, CaseIterable {
    /// Addresses, labels, protocols and ports, as nftables on a host.
    ///
    /// What it cannot check closes: an allow rule that needs it matches nothing, and a deny rule matches as if it held.
    case layer4
    /// Also requests, DNS names, TLS server names, Services and nodes, as Cilium on a cluster.
    ///
    /// What a question leaves open, such as the name behind an address, makes the answer uncertain.
    case layer7
}
