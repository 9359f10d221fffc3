// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// What the sandbox consists of: its hosts and who talks to whom.
///
/// A value; `SandboxWorld` makes it real.
public struct SandboxPlan: Hashable, Sendable {
    /// A container, or a machine of the outside network.
    public struct Host: Hashable, Sendable {
        /// Unique, at most 11 bytes, since the host's network interface is named after it.
        public var name: String
        /// The policy namespace; `nil`: outside, no endpoint.
        public var namespace: String?
        public var workload: String
        public var labels: [String: String]
        public var v4: IPAddress
        public var v6: IPAddress
        /// Ports that answer, TCP.
        public var tcpPorts: [UInt16]
        /// Ports that answer, UDP.
        public var udpPorts: [UInt16]
        public var namedPorts: [NamedPort]

        public init(
            _ name: String,
            namespace: String?,
            workload: String? = nil,
            labels: [String: String] = [:],
            v4: IPAddress,
            v6: IPAddress,
            tcpPorts: [UInt16],
            udpPorts: [UInt16] = [],
            namedPorts: [NamedPort] = []
        ) {
            self.name = name
            self.namespace = namespace
            self.workload = workload ?? name
            self.labels = labels
            self.v4 = v4
            self.v6 = v6
            self.tcpPorts = tcpPorts
            self.udpPorts = udpPorts
            self.namedPorts = namedPorts
        }
    }

    /// Connections that one host makes to another again and again.
    public struct Conversation: Hashable, Sendable {
        public var source: String
        public var destination: String
        public var service: Service
        /// Time from one connection to the next; every other one is over IPv6.
        public var milliseconds: Int

        public init(_ source: String, _ destination: String, _ service: Service, every milliseconds: Int) {
            self.source = source
            self.destination = destination
            self.service = service
            self.milliseconds = milliseconds
        }
    }

    /// Put before every name in the kernel, so that several sandboxes can stand side by side.
    ///
    /// At most 3 bytes.
    public var prefix = ""
    /// The containers' network: a bridge that the host has the first address of.
    public var v4Subnet: Prefix
    public var v6Subnet: Prefix
    public var hosts: [Host]
    public var conversations: [Conversation]

    public init(v4Subnet: Prefix, v6Subnet: Prefix, hosts: [Host], conversations: [Conversation]) {
        self.v4Subnet = v4Subnet
        self.v6Subnet = v6Subnet
        self.hosts = hosts
        self.conversations = conversations
    }

    public func host(_ name: String) -> Host? { hosts.first { $0.name == name } }
}

extension SandboxPlan {
    /// A shop behind a gateway, its database in a namespace of its own, the internet and a partner outside.
    public static let standard = SandboxPlan(
        v4Subnet: Prefix(IPAddress(v4: 0x0a58_0000), length: 24),
        v6Subnet: Prefix(v6(0xfd88, 0), length: 64),
        hosts: insideHosts + outsideHosts,
        conversations: allowedConversations + otherConversations
    )

    private static func v4(_ last: UInt32) -> IPAddress { IPAddress(v4: 0x0a58_0000 + last) }

    /// `first:second::last`.
    private static func v6(_ first: UInt128, _ last: UInt128, second: UInt128 = 0, third: UInt128 = 0) -> IPAddress {
        IPAddress(family: .v6, bits: first << 112 | second << 96 | third << 80 | last)
    }

    private static func inside(
        _ name: String,
        _ namespace: String,
        workload: String? = nil,
        tier: String,
        address: UInt32,
        ports: [UInt16],
        udpPorts: [UInt16] = [],
        portName: String
    ) -> Host {
        Host(
            name,
            namespace: namespace,
            workload: workload,
            labels: ["app": workload ?? name, "tier": tier],
            v4: v4(address),
            // The same digits in both families: 10.88.0.11 and fd88::11.
            v6: v6(0xfd88, UInt128(address / 10 * 16 + address % 10)),
            tcpPorts: ports,
            udpPorts: udpPorts,
            namedPorts: ports.first.map { [NamedPort(portName, .tcp, $0)] } ?? []
        )
    }

    private static let insideHosts: [Host] = [
        inside(
            "gateway",
            "shop",
            tier: "edge",
            address: 10,
            ports: [443, 80],
            udpPorts: [53],
            portName: "https"
        ),
        inside("web-1", "shop", workload: "web", tier: "frontend", address: 11, ports: [8080, 9090], portName: "http"),
        inside("web-2", "shop", workload: "web", tier: "frontend", address: 12, ports: [8080, 9090], portName: "http"),
        inside("api", "shop", tier: "backend", address: 13, ports: [9000, 9090], portName: "api"),
        inside(
            "worker",
            "shop",
            tier: "backend",
            address: 14,
            ports: [9090],
            udpPorts: [5000, 5005],
            portName: "metrics"
        ),
        inside(
            "db",
            "data",
            tier: "storage",
            address: 20,
            ports: [5432, 9090],
            udpPorts: [8125],
            portName: "postgres"
        ),
    ]

    private static let outsideHosts: [Host] = [
        Host(
            "internet",
            namespace: nil,
            v4: IPAddress(v4: 0xcb00_710a),
            v6: v6(0x2001, 0x10, second: 0xdb8, third: 0x113),
            tcpPorts: [80, 443],
            udpPorts: [53, 123]
        ),
        Host(
            "partner",
            namespace: nil,
            v4: IPAddress(v4: 0xc633_6407),
            v6: v6(0x2001, 0x7, second: 0xdb8, third: 0x198),
            tcpPorts: [443, 8443]
        ),
    ]

    private static func tcp(_ port: UInt16) -> Service { Service(.tcp, port: port) }
    private static func udp(_ port: UInt16) -> Service { Service(.udp, port: port) }
    private static let ping = Service(.icmp, port: 8)

    /// What the example policies allow.
    private static let allowedConversations: [Conversation] = [
        Conversation("internet", "gateway", tcp(443), every: 200),
        Conversation("gateway", "web-1", tcp(8080), every: 250),
        Conversation("gateway", "web-2", tcp(8080), every: 250),
        Conversation("web-1", "api", tcp(9000), every: 300),
        Conversation("web-2", "api", tcp(9000), every: 300),
        Conversation("worker", "api", tcp(9000), every: 600),
        Conversation("api", "db", tcp(5432), every: 200),
        Conversation("api", "partner", tcp(443), every: 900),
        Conversation("api", "db", udp(8125), every: 1000),
        Conversation("web-1", "gateway", udp(53), every: 700),
        Conversation("web-2", "gateway", udp(53), every: 700),
        Conversation("api", "gateway", udp(53), every: 700),
        Conversation("api", "worker", udp(5005), every: 1100),
        Conversation("gateway", "web-1", ping, every: 2000),
    ]

    /// What some policy denies, enforced or in audit.
    private static let otherConversations: [Conversation] = [
        Conversation("worker", "db", tcp(5432), every: 800),
        Conversation("web-1", "db", tcp(5432), every: 1300),
        Conversation("internet", "web-1", tcp(8080), every: 1500),
        Conversation("web-2", "internet", tcp(443), every: 1200),
        Conversation("worker", "partner", tcp(8443), every: 1700),
        Conversation("gateway", "api", tcp(9090), every: 1900),
        Conversation("db", "internet", udp(123), every: 2300),
        Conversation("worker", "db", ping, every: 2500),
        Conversation("worker", "web-2", tcp(9090), every: 1600),
    ]
}
