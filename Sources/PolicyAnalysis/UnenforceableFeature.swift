// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import PolicyFormats
public import PolicyModel

/// One thing in a policy that an environment cannot enforce.
///
/// The policy still counts: its isolation holds, an allow rule that needs the feature allows nothing, and a deny rule denies
/// as if the part that cannot be checked always held.
public struct UnenforceableFeature: Hashable, Sendable {
    public var policy: PolicyID
    /// What messages call it: `HTTP rules`.
    public var feature: String
    public var reason: String
    public var location: SourceLocation

    /// The V113 finding for it.
    public var finding: Finding {
        PolicyRemark.unenforceable(feature, reason: reason).finding(at: location)
    }
}

/// The kinds of environment, by what they can enforce.
public enum EnforcementEngine: String, Hashable, Sendable, CaseIterable {
    /// The kernel's nftables on one host: addresses, protocols and ports.
    case host
    /// Cilium on Kubernetes.
    case kubernetes

    /// What of a policy this engine cannot enforce, each feature once per rule, in the order of the rules.
    public func unenforceable(in policy: Policy) -> [UnenforceableFeature] {
        guard self == .host else { return [] }
        var result: [UnenforceableFeature] = []
        for spec in policy.specs {
            if case .nodes = spec.subject {
                result.append(
                    UnenforceableFeature(
                        policy: policy.id,
                        feature: "rules for nodes",
                        reason: "it protects containers, not the host itself",
                        location: spec.location
                    )
                )
            }
            for rule in spec.rules {
                for (feature, reason) in Self.features(of: rule) {
                    let found = UnenforceableFeature(
                        policy: policy.id,
                        feature: feature,
                        reason: reason,
                        location: rule.location
                    )
                    if !result.contains(found) { result.append(found) }
                }
            }
        }
        return result
    }

    private static func features(of rule: Rule) -> [(feature: String, reason: String)] {
        var features = rule.conditions.map { ($0.feature, "it judges addresses, protocols and ports only") }
        guard case .anyOf(let peers) = rule.peers else { return features }
        for peer in peers {
            switch peer {
            case .endpoints, .entity, .cidr, .cidrGroup: break
            case .nodes, .clusterNodes: features.append(("peers that are nodes", "it is one host without a cluster"))
            case .services: features.append(("Service peers", "it has no Kubernetes Services"))
            case .dnsNames: features.append(("DNS-name peers", "it does not see DNS answers"))
            case .cloudGroups: features.append(("cloud security groups", "it asks no cloud provider"))
            }
        }
        return features
    }
}
