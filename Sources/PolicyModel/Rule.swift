// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// One item of a policy's ingress, egress, ingressDeny or egressDeny list: peers, ports and conditions.
///
/// A connection matches when its other side is one of the peers, its protocol and port are among the ports, and every
/// condition holds.
public struct Rule: Hashable, Sendable {
    public var direction: Direction
    public var action: RuleAction
    /// Index in its section, from 0.
    public var index: Int
    public var peers: Peers
    public var ports: Ports
    /// What must hold beyond addresses and ports.
    ///
    /// An engine that cannot check one must treat the rule as closed: an allow rule allows nothing, a deny rule denies
    /// without regard to the condition.
    public var conditions: [Condition]
    public var location: SourceLocation

    public init(
        direction: Direction,
        action: RuleAction,
        index: Int,
        peers: Peers,
        ports: Ports,
        conditions: [Condition] = [],
        location: SourceLocation
    ) {
        self.direction = direction
        self.action = action
        self.index = index
        self.peers = peers
        self.ports = ports
        self.conditions = conditions
        self.location = location
    }
}

/// The other sides that a rule is about.
public enum Peers: Hashable, Sendable {
    /// Everyone: every endpoint, the host, and every address outside.
    case anyone
    /// Any of these; `[]` is no one.
    case anyOf([Peer])
}

/// One kind of other side.
public enum Peer: Hashable, Sendable {
    /// Endpoints (and, for selectors on `reserved:` labels, entities) whose labels match. Scoping to a namespace is
    /// already part of the selector.
    case endpoints(Selector)
    case entity(Entity)
    case cidr(CIDRPeer)
    /// The address blocks of CIDR groups.
    case cidrGroup(CIDRGroupReference, except: [Prefix])
    /// Cluster nodes by their labels, never the local host (Cilium `fromNodes`/`toNodes`).
    case nodes(Selector)
    /// Cluster nodes by their labels, the local host like any other (network-policy-api `nodes`).
    case clusterNodes(Selector)
    /// The backends of Kubernetes Services.
    case services([ServiceReference])
    /// DNS names (Cilium `toFQDNs`).
    case dnsNames([DNSNamePattern])
    /// Security groups of a cloud provider, as written; no engine here can resolve them.
    case cloudGroups
}

/// An address block with exceptions.
public struct CIDRPeer: Hashable, Sendable {
    /// Which parties an address block can match.
    public enum Reach: Hashable, Sendable {
        /// Addresses outside only, never an endpoint or the host (Cilium; docs "Limitations of CIDR").
        case world
        /// Addresses outside and nodes (Cilium, `policyCIDRMatchMode: nodes`).
        case worldAndNodes
        /// Addresses outside and endpoints (Cilium 1.20, `policyCIDRMatchMode: pods`).
        case worldAndEndpoints
        /// Whoever has the address (Kubernetes NetworkPolicy `ipBlock`).
        case anyParty
    }

    public var prefix: Prefix
    /// Inside `prefix`, and not matched.
    public var except: [Prefix]
    public var reach: Reach

    public init(_ prefix: Prefix, except: [Prefix] = [], reach: Reach) {
        self.prefix = prefix
        self.except = except
        self.reach = reach
    }

    public func contains(_ address: IPAddress) -> Bool {
        prefix.contains(address) && !except.contains { $0.contains(address) }
    }
}

/// How a rule names CIDR groups.
public enum CIDRGroupReference: Hashable, Sendable {
    case named(String)
    case selected(Selector)
}

/// A Kubernetes Service, or several by label (Cilium `toServices`).
public struct ServiceReference: Hashable, Sendable {
    public enum Choice: Hashable, Sendable {
        case named(String)
        case selected(Selector)
    }

    public var choice: Choice
    /// `nil`: any namespace.
    public var namespace: String?

    public init(_ choice: Choice, namespace: String?) {
        self.choice = choice
        self.namespace = namespace
    }
}

/// A DNS name or pattern, as written.
public enum DNSNamePattern: Hashable, Sendable {
    case name(String)
    case pattern(String)
}
