// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// The kinds of policy object that Palisade reads.
public enum PolicyKind: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case networkPolicy = "NetworkPolicy"
    case ciliumNetworkPolicy = "CiliumNetworkPolicy"
    case ciliumClusterwideNetworkPolicy = "CiliumClusterwideNetworkPolicy"
    case clusterNetworkPolicy = "ClusterNetworkPolicy"
    case adminNetworkPolicy = "AdminNetworkPolicy"
    case baselineAdminNetworkPolicy = "BaselineAdminNetworkPolicy"

    /// Whether objects of this kind live in a namespace.
    public var isNamespaced: Bool { self == .networkPolicy || self == .ciliumNetworkPolicy }

    /// Whether its rules are asked one after the other, all actions in one list (`Tier.isOrdered`).
    public var isOrdered: Bool {
        switch self {
        case .clusterNetworkPolicy, .adminNetworkPolicy, .baselineAdminNetworkPolicy: true
        case .networkPolicy, .ciliumNetworkPolicy, .ciliumClusterwideNetworkPolicy: false
        }
    }

    public static func < (left: PolicyKind, right: PolicyKind) -> Bool { left.rawValue < right.rawValue }
}

/// What names a policy: its kind, namespace and name.
public struct PolicyID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var kind: PolicyKind
    /// `nil` for a cluster-wide policy.
    public var namespace: String?
    public var name: String

    public init(_ kind: PolicyKind, namespace: String?, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// `shop/allow-web`, or the bare name of a cluster-wide policy; what people type and read.
    public var description: String { namespace.map { "\($0)/\(name)" } ?? name }

    public static func < (left: PolicyID, right: PolicyID) -> Bool {
        (left.namespace ?? "", left.name, left.kind) < (right.namespace ?? "", right.name, right.kind)
    }
}

/// One rule of a policy, as decisions name it.
public struct RuleID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var policy: PolicyID
    /// Index among the policy's specs: 0 but for Cilium's `specs`.
    public var spec: Int
    public var direction: Direction
    public var action: RuleAction
    /// Index in its section, from 0; shown from 1.
    public var index: Int

    public init(policy: PolicyID, spec: Int, direction: Direction, action: RuleAction, index: Int) {
        self.policy = policy
        self.spec = spec
        self.direction = direction
        self.action = action
        self.index = index
    }

    /// The rule inside its policy: `inbound/1`, `outbound-deny/2`, with `specs[1] ` before it past the first spec.
    public var name: String {
        let section = direction == .ingress ? "inbound" : "outbound"
        let prefix = spec == 0 ? "" : "specs[\(spec)] "
        let hasOwnSection = action == .deny && !policy.kind.isOrdered
        return "\(prefix)\(section)\(hasOwnSection ? "-deny" : "")/\(index + 1)"
    }

    /// `data/db-allow inbound/1`.
    public var description: String { "\(policy) \(name)" }

    public static func < (left: RuleID, right: RuleID) -> Bool {
        (left.policy, left.spec, left.direction, left.action.rawValue, left.index)
            < (right.policy, right.spec, right.direction, right.action.rawValue, right.index)
    }
}

/// What a rule does with the connections it matches.
public enum RuleAction: String, Hashable, Sendable, Codable, CaseIterable {
    case allow, deny
    /// Leaves them to the next tier; in ordered tiers only.
    case pass
}
