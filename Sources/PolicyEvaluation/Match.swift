// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Whether a rule, or a part of one, is about a connection.
enum Match: Hashable, Sendable {
    case no
    /// It depends on something that neither the snapshot nor the question says.
    case maybe(Uncertainty)
    /// This engine cannot check it, and the rule is one that passes on: whether it matches or not, a later rule may open what
    /// an earlier tier closes. So it denies (network-policy-api: "treat the rule as a Deny all rule").
    case closes
    /// Yes, for the requests that the rule's conditions let through; which these are the question leaves open.
    case limited
    case yes

    /// The widest of several alternatives.
    static func any(_ alternatives: some Sequence<Match>) -> Match {
        var best = Match.no
        for alternative in alternatives {
            if alternative == .yes { return .yes }
            if alternative.rank > best.rank { best = alternative }
        }
        return best
    }

    /// What holds when both parts have to.
    func and(_ other: Match) -> Match {
        if self == .no || other == .no { return .no }
        if case .maybe = self { return self }
        if case .maybe = other { return other }
        if self == .closes || other == .closes { return .closes }
        return self == .limited ? self : other
    }

    private var rank: Int {
        switch self {
        case .no: 0
        case .maybe: 1
        case .closes: 2
        case .limited: 3
        case .yes: 4
        }
    }
}

/// What an answer would have to know and nobody said.
public enum Uncertainty: String, Hashable, Sendable, Codable, CaseIterable {
    /// Which DNS name an address outside was looked up by.
    case dnsName = "DNS_NAME"
    /// Which addresses a cloud provider's security group has.
    case cloudGroup = "CLOUD_GROUP"
    /// Which backends a Service has that is not among the manifests, or has no selector.
    case service = "SERVICE"
    /// Which node is meant, or which labels it has.
    case node = "NODE"
    /// Which address the Kubernetes API server has.
    case apiServer = "API_SERVER"
    /// Which address an endpoint or a node has.
    case address = "ADDRESS"

    /// What people read: `it depends on …`.
    public var sentence: String {
        switch self {
        case .dnsName: "it depends on the DNS name behind the address"
        case .cloudGroup: "it depends on the addresses of a cloud provider's security group"
        case .service: "it depends on the backends of a Service that is not known"
        case .node: "it depends on which node it is"
        case .apiServer: "it depends on the address of the Kubernetes API server"
        case .address: "it depends on an address that is not known"
        }
    }
}
