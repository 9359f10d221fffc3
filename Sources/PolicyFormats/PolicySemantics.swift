// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// How NetworkPolicy is read: as Kubernetes defines it, or as Cilium does it.
///
/// The two differ in what `policyTypes` says and in whom an `ipBlock` can match (`SemanticsComparison`).
public enum PolicySemantics: String, Hashable, Sendable, Codable, CaseIterable {
    /// `policyTypes` decides which sections count; an `ipBlock` is whoever has the address (networking.k8s.io/v1).
    case kubernetes
    /// A section that has rules counts, whatever `policyTypes` says; an `ipBlock` is an address outside (`CIDRMatchMode`).
    case cilium
}

/// Whom Cilium's address blocks match beside addresses outside (Helm `policyCIDRMatchMode`).
public enum CIDRMatchMode: String, Hashable, Sendable, Codable, CaseIterable {
    case nodes
    /// Since Cilium 1.20; earlier versions do not have it.
    case pods
}

/// How the Cilium of one environment reads policies: its version and the settings that change their meaning.
public struct CiliumSettings: Hashable, Sendable {
    public var version: CiliumVersion
    public var cidrMatchMode: Set<CIDRMatchMode>
    /// Whether a selector that names no cluster means the local one (`policy-default-local-cluster`); `nil`: as the version
    /// has it by default, which is on since 1.19.
    public var defaultsToLocalCluster: Bool?

    public init(
        version: CiliumVersion = .latest,
        cidrMatchMode: Set<CIDRMatchMode> = [],
        defaultsToLocalCluster: Bool? = nil
    ) {
        self.version = version
        self.cidrMatchMode = cidrMatchMode
        self.defaultsToLocalCluster = defaultsToLocalCluster
    }

    /// Whom an address block of a policy can match.
    public var cidrReach: CIDRPeer.Reach {
        let hasPods = cidrMatchMode.contains(.pods) && version >= CiliumVersion(1, 20)
        switch (cidrMatchMode.contains(.nodes), hasPods) {
        case (false, false): return .world
        case (true, false): return .worldAndNodes
        case (false, true): return .worldAndEndpoints
        case (true, true): return .anyParty
        }
    }

    /// Whether a selector that names no cluster means the local one.
    public var selectsLocalCluster: Bool { defaultsToLocalCluster ?? (version >= CiliumVersion(1, 19)) }
}
