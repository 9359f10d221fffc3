// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyModel

/// What a policy of the normal tier means, whatever the format and the order it is written in.
///
/// Equal values judge alike in every world. Two policies that judge alike need not have equal values.
struct PolicyMeaning: Hashable {
    private struct Part: Hashable {
        var subject: PolicySpec.Subject
        var isolates: Set<Direction>
        var rules: Set<Piece>
    }

    /// One kind of other side on one kind of port; a rule is all pairs of its peers and ports.
    private struct Piece: Hashable {
        var direction: Direction
        var action: RuleAction
        /// `nil` for everyone.
        var peer: Peer?
        /// `nil` for every protocol and port.
        var port: PortMatch?
        var conditions: [Condition]
    }

    private let parts: Set<Part>

    init(_ policy: Policy) {
        parts = Set(
            policy.specs.map { spec in
                var subject = spec.subject
                if case .endpoints(let selector) = subject { subject = .endpoints(Self.normalised(selector)) }
                return Part(subject: subject, isolates: spec.isolates, rules: Set(spec.rules.flatMap(Self.pieces)))
            }
        )
    }

    private static func pieces(_ rule: Rule) -> [Piece] {
        var peers: [Peer?] = [nil]
        if case .anyOf(let list) = rule.peers {
            peers = list.contains(.entity(.all)) ? [nil] : list.map { normalised($0) }
        }
        var ports: [PortMatch?] = [nil]
        if case .anyOf(let list) = rule.ports { ports = list.flatMap(single) }
        return peers.flatMap { peer in
            ports.map { port in
                Piece(
                    direction: rule.direction,
                    action: rule.action,
                    peer: peer,
                    port: port,
                    conditions: rule.conditions
                )
            }
        }
    }

    /// A port of each protocol.
    private static func single(_ port: PortMatch) -> [PortMatch] {
        switch port {
        case .numbered(let protocols, let range): protocols.map { .numbered([$0], range) }
        case .named(let protocols, let name): protocols.map { .named([$0], name) }
        case .icmp: [port]
        }
    }

    private static func normalised(_ peer: Peer) -> Peer {
        switch peer {
        case .endpoints(let selector): return .endpoints(normalised(selector))
        case .cidr(let block): return .cidr(CIDRPeer(block.prefix, except: block.except.sorted(), reach: block.reach))
        default: return peer
        }
    }

    /// Requirements in one order, each once, and the namespace said in one way.
    ///
    /// A selector that demands a namespace matches endpoints only, and all their labels are of source `k8s`.
    static func normalised(_ selector: Selector) -> Selector {
        var requirements = selector.requirements
        let demandsNamespace = requirements.contains { requirement in
            switch requirement {
            case .isIn(let key, _), .exists(let key):
                (key.source == .k8s || key.source == .any)
                    && (key.name == WellKnownLabel.namespace.name
                        || key.name.hasPrefix(WellKnownLabel.namespaceLabelPrefix))
            case .isNotIn, .doesNotExist: false
            }
        }
        if demandsNamespace { requirements = requirements.map(ofPods) }
        let namesIt = requirements.contains { requirement in
            if case .isIn(WellKnownLabel.namespace, _) = requirement { true } else { false }
        }
        // Every namespace has its name as a label, and every endpoint a namespace.
        if demandsNamespace {
            requirements.removeAll { $0 == .exists(WellKnownLabel.namespace) }
            if !namesIt { requirements.append(.exists(WellKnownLabel.namespace)) }
        }
        let unique = Set(requirements.map(sorted))
        return Selector(unique.sorted { ("\($0)") < ("\($1)") })
    }

    private static func ofPods(_ requirement: Selector.Requirement) -> Selector.Requirement {
        var key = requirement.key
        if key.source == .any { key = .k8s(key.name) }
        if key == .k8s(WellKnownLabel.namespaceLabelPrefix + WellKnownLabel.namespaceName) {
            key = WellKnownLabel.namespace
        }
        switch requirement {
        case .isIn(_, let values): return .isIn(key, values)
        case .isNotIn(_, let values): return .isNotIn(key, values)
        case .exists: return .exists(key)
        case .doesNotExist: return .doesNotExist(key)
        }
    }

    private static func sorted(_ requirement: Selector.Requirement) -> Selector.Requirement {
        switch requirement {
        case .isIn(let key, let values): .isIn(key, Set(values).sorted())
        case .isNotIn(let key, let values): .isNotIn(key, Set(values).sorted())
        case .exists, .doesNotExist: requirement
        }
    }
}
