// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

/// One end of a connection, placed in a snapshot.
public struct Party: Hashable, Sendable {
    /// What stands at this end.
    public enum Kind: Hashable, Sendable {
        /// Index into the snapshot's endpoints.
        case endpoint(Int)
        /// The host itself; on a cluster the node that the other end runs on.
        case host
        /// A node of the snapshot, by its index. Whether it is the other end's own node is not known.
        case node(Int)
        /// Something that only Cilium tells apart: another node, the API server, a health check.
        case reserved(Entity)
        /// Anything outside.
        case world
        /// An address inside an endpoint subnet that no endpoint has, or that two different endpoints claim. No allow
        /// rule ever matches it.
        case unknown
    }

    public var kind: Kind
    public var address: IPAddress
    /// Whether the address is its own; else it stands for one that nobody knows, and no rule may be decided by it.
    public var isAddressKnown = true
    /// Of a host: the node that it is, by its index, while a node is taken for the other end's own.
    private(set) var hostNode: Int?

    public init(_ kind: Kind, address: IPAddress, isAddressKnown: Bool = true) {
        self.kind = kind
        self.address = address
        self.isAddressKnown = isAddressKnown
    }

    /// A node as the host of the other end, which it is or is not; whoever is no node stays as it is.
    var seenLocally: Party {
        guard case .node(let index) = kind else { return self }
        var local = self
        local.kind = .host
        local.hostNode = index
        return local
    }
}

/// A connection that is asked about: a hypothetical first packet, and what is known of the request in it.
public struct Connection: Hashable, Sendable {
    public var source: Party
    public var destination: Party
    /// Protocol and destination port; for ICMP the message type.
    public var service: Service
    public var request: RequestFacts

    public init(source: Party, destination: Party, service: Service, request: RequestFacts = RequestFacts()) {
        self.source = source
        self.destination = destination
        self.service = service
        self.request = request
    }
}

/// What a question says beyond addresses and ports; `nil` leaves it open.
public struct RequestFacts: Hashable, Sendable {
    /// An HTTP request, as rules see it.
    public struct HTTP: Hashable, Sendable {
        public var method: String
        /// With the query.
        public var path: String
        public var host: String?
        /// By lower-case name.
        public var headers: [String: String]

        public init(method: String, path: String, host: String? = nil, headers: [String: String] = [:]) {
            self.method = method
            self.path = path
            self.host = host
            self.headers = headers
        }
    }

    public var http: HTTP?
    /// The name that the destination was looked up by, before this connection.
    public var dnsName: String?
    /// For a connection to a DNS server, the name that is looked up in it.
    public var dnsQuery: String?

    public init(http: HTTP? = nil, dnsName: String? = nil, dnsQuery: String? = nil) {
        self.http = http
        self.dnsName = dnsName
        self.dnsQuery = dnsQuery
    }

    /// What one DNS name says about a connection to a port.
    ///
    /// On port 53 the name is looked up there, and says nothing about who the server is. On every other port it is the name
    /// that the destination was looked up by, and also what is asked, should a rule take the destination for a DNS server.
    public init(http: HTTP? = nil, dns name: String?, on service: Service?) {
        self.init(http: http, dnsName: service?.port == 53 ? nil : name, dnsQuery: name)
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { http == nil && dnsName == nil && dnsQuery == nil }
}
