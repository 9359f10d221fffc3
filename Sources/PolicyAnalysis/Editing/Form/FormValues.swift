// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// One requirement of a selector, as people write it: `app = web`, `tier in (a, b)`, `legacy does not exist`.
public struct LabelTest: Hashable, Sendable, Codable {
    public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
        /// One value.
        case equals
        /// One value or more, each.
        case isIn = "in"
        case isNotIn = "not-in"
        /// No values.
        case exists
        case doesNotExist = "not-exists"

        /// The word of `matchExpressions`.
        var word: String {
            switch self {
            case .equals, .isIn: "In"
            case .isNotIn: "NotIn"
            case .exists: "Exists"
            case .doesNotExist: "DoesNotExist"
            }
        }
    }

    /// As written: `app`, `k8s:app.kubernetes.io/name`.
    public var key: String
    public var comparison: Comparison
    public var values: [String]

    public init(_ key: String, _ comparison: Comparison = .equals, _ values: [String]) {
        self.key = key
        self.comparison = comparison
        self.values = values
    }

    /// Whether exactly one value passes.
    var demandsOneValue: Bool { (comparison == .equals || comparison == .isIn) && values.count == 1 }

    /// `app=web`, `app in (a, b)`, `app`, `!app`; as summaries write it.
    public var description: String {
        let list = values.joined(separator: ", ")
        switch comparison {
        case .equals: return "\(key)=\(list)"
        case .isIn: return "\(key) in (\(list))"
        case .isNotIn: return "\(key) not in (\(list))"
        case .exists: return "\(key) exists"
        case .doesNotExist: return "\(key) does not exist"
        }
    }
}

/// Which namespaces the pods of a peer are in.
public enum NamespaceChoice: Hashable, Sendable, Codable {
    /// That of the policy.
    case own
    case all
    case named(name: String)
    /// Those whose labels pass the tests.
    case matching(labels: [LabelTest])
}

/// One other side of a rule, as the form shows it.
public enum PeerValue: Hashable, Sendable, Codable {
    /// Pods whose labels pass all tests; `[]` is all pods of the namespaces.
    case pods(labels: [LabelTest], namespaces: NamespaceChoice)
    /// One of Cilium's entities: `host`.
    case entity(name: String)
    /// An address block with exceptions, as written.
    case block(cidr: String, except: [String])
    case dnsName(name: String)
    /// With `*` for any part of a name.
    case dnsPattern(pattern: String)
    /// A Kubernetes Service; `nil` is any namespace.
    case service(name: String, namespace: String?)
}

/// Ports of one protocol, as written.
public struct PortValue: Hashable, Sendable, Codable {
    /// A number or the name of a port; `nil` is every port (NetworkPolicy), `0` too (Cilium).
    public var port: String?
    /// The last port of a range.
    public var endPort: Int?
    /// `TCP`, `UDP`, …; `nil` is what the kind takes for it: TCP in a NetworkPolicy, any in Cilium's.
    public var transport: String?

    public init(_ port: String?, endPort: Int? = nil, transport: String? = nil) {
        self.port = port
        self.endPort = endPort
        self.transport = transport
    }
}

/// HTTP requests: regular expressions; `nil` is any.
public struct HTTPValue: Hashable, Sendable, Codable {
    public var method: String?
    public var path: String?

    public init(method: String?, path: String?) {
        self.method = method
        self.path = path
    }
}

/// A DNS name that may be asked for, or a pattern of names.
public struct DNSValue: Hashable, Sendable, Codable {
    public var name: String
    public var isPattern: Bool

    public init(_ name: String, isPattern: Bool) {
        self.name = name
        self.isPattern = isPattern
    }
}

/// One type of ICMP messages.
public struct ICMPValue: Hashable, Sendable, Codable {
    /// `IPv4` or `IPv6`; `nil` is IPv4.
    public var family: String?
    /// A number or a name.
    public var type: String

    public init(family: String?, type: String) {
        self.family = family
        self.type = type
    }
}

/// A new rule, before it is in a text.
public struct RuleDraft: Hashable, Sendable, Codable {
    /// `[]`: everyone, on the ports; without ports too a rule says nothing, and is refused where that means everything.
    public var peers: [PeerValue]
    /// `[]`: every port.
    public var ports: [PortValue]
    public var icmp: [ICMPValue]

    public init(peers: [PeerValue] = [], ports: [PortValue] = [], icmp: [ICMPValue] = []) {
        self.peers = peers
        self.ports = ports
        self.icmp = icmp
    }
}
