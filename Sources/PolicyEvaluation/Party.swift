// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// One end of a connection, placed in a snapshot.
public struct Party: Hashable, Sendable {
    /// What stands at this end.
    public enum Kind: Hashable, Sendable {
        /// Index into the snapshot's endpoints.
        case endpoint(Int)
        /// The host itself.
        case host
        /// Anything outside.
        case world
        /// An address inside an endpoint subnet that no endpoint has, or that two different endpoints claim. No allow
        /// rule ever matches it.
        case unknown
    }

    public var kind: Kind
    public var address: IPAddress

    public init(_ kind: Kind, address: IPAddress) {
        self.kind = kind
        self.address = address
    }
}

/// A connection that is asked about: a hypothetical first packet.
public struct Connection: Hashable, Sendable {
    public var source: Party
    public var destination: Party
    /// Protocol and destination port; for ICMP the message type.
    public var service: Service

    public init(source: Party, destination: Party, service: Service) {
        self.source = source
        self.destination = destination
        self.service = service
    }
}
