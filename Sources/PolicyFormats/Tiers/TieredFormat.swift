// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// What sets the three kinds of ordered policy apart (network-policy-api, `apis/v1alpha1` and `apis/v1alpha2`).
struct TieredFormat {
    let kind: PolicyKind
    let apiVersion: String
    /// Fields of `spec` other than the subject and the two sections.
    let ownFields: [String]
    /// What a rule's `action` may say.
    let actions: [(word: String, action: RuleAction)]
    /// The field of a rule that has its ports.
    let portsField: String
    /// How many rules a section, peers a rule, and ports a rule may have.
    let maximumItems: Int
    /// The kinds of peer of an egress rule; an ingress rule has the first two.
    let peers: [String]
    /// Whether a `pods` selector must say its namespaces too.
    let demandsNamespaces: Bool

    init?(_ kind: PolicyKind) {
        self.kind = kind
        let (allow, deny, pass) = (("Allow", RuleAction.allow), ("Deny", RuleAction.deny), ("Pass", RuleAction.pass))
        let addresses = ["namespaces", "pods", "nodes", "networks"]
        switch kind {
        case .adminNetworkPolicy:
            (apiVersion, ownFields, actions) = (Self.alpha1, ["priority"], [allow, deny, pass])
            (portsField, maximumItems, peers, demandsNamespaces) = ("ports", 100, addresses + ["domainNames"], true)
        case .baselineAdminNetworkPolicy:
            (apiVersion, ownFields, actions) = (Self.alpha1, [], [allow, deny])
            (portsField, maximumItems, peers, demandsNamespaces) = ("ports", 100, addresses, true)
        case .clusterNetworkPolicy:
            (apiVersion, ownFields) = ("policy.networking.k8s.io/v1alpha2", ["tier", "priority"])
            actions = [("Accept", .allow), deny, pass]
            (portsField, maximumItems, peers, demandsNamespaces) = ("protocols", 25, addresses + ["domainNames"], false)
        case .networkPolicy, .ciliumNetworkPolicy, .ciliumClusterwideNetworkPolicy: return nil
        }
    }

    private static let alpha1 = "policy.networking.k8s.io/v1alpha1"

    /// The kinds of peer that a rule of a section may have.
    func peers(_ direction: Direction) -> [String] { direction == .ingress ? Array(peers.prefix(2)) : peers }
}
