// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where a policy stands in the order in which policies are asked (network-policy-api, "ClusterNetworkPolicy").
///
/// In the tiers `admin` and `baseline` the first rule that matches decides, by priority and then in the order of the text. In
/// `normal` all policies are asked together: deny wins, then allow, then the default of whoever is isolated.
public enum Tier: Int, Hashable, Sendable, Codable, Comparable, CaseIterable {
    /// Asked first; what it passes or does not match goes to `normal`.
    case admin
    case normal
    /// Asked about what no policy of `normal` isolates.
    case baseline

    /// Whether the first matching rule decides.
    public var isOrdered: Bool { self != .normal }

    public static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
}
