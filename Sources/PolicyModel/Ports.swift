// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// The protocols and ports that a rule is about.
public enum Ports: Hashable, Sendable {
    /// Every protocol and port, also protocols without ports.
    case all
    /// Any of these; `[]` is none.
    case anyOf([PortMatch])

    /// Whether any of them is given by its name.
    public var hasNamedPort: Bool {
        guard case .anyOf(let list) = self else { return false }
        return list.contains { if case .named = $0 { true } else { false } }
    }
}

/// One protocol and port, or ICMP type, of a rule.
public enum PortMatch: Hashable, Sendable {
    /// Ports of the given protocols. `ANY` is TCP, UDP and SCTP.
    case numbered([IPProtocol], PortRange)
    /// A port by its name: on ingress looked up among the subject's ports, on egress among each peer's.
    case named([IPProtocol], String)
    /// ICMP messages of one type; `ipProtocol` is `.icmp` or `.icmpv6`.
    case icmp(IPProtocol, type: UInt8)
}

/// What a rule asks for beyond addresses, protocols and ports.
public enum Condition: Hashable, Sendable {
    case http([HTTPMatch])
    case dns([DNSNamePattern])
    case kafka
    /// Another L7 protocol by its name.
    case l7(String)
    /// Mutual authentication: `required` or `test-always-fail`.
    case authentication(String)
    /// TLS server names (SNI).
    case serverNames([String])
    /// TLS terminated or originated by the proxy.
    case tls
    /// A proxy listener.
    case listener(String)

    /// What messages call it.
    public var feature: String {
        switch self {
        case .http: "HTTP rules"
        case .dns: "DNS rules"
        case .kafka: "Kafka rules"
        case .l7(let name): "\(name) rules"
        case .authentication: "mutual authentication"
        case .serverNames: "TLS server names"
        case .tls: "TLS interception"
        case .listener: "proxy listeners"
        }
    }
}

/// One HTTP request pattern; `nil` and empty mean any.
public struct HTTPMatch: Hashable, Sendable {
    /// Regular expressions, matched against the whole value.
    public var method: String?
    public var path: String?
    public var host: String?
    /// `Name` or `Name: value`, as written.
    public var headers: [String]

    public init(method: String? = nil, path: String? = nil, host: String? = nil, headers: [String] = []) {
        self.method = method
        self.path = path
        self.host = host
        self.headers = headers
    }
}
