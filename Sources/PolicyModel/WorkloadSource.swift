// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// The endpoints of one environment as their runtime shows them at one moment.
public struct WorkloadInventory: Hashable, Sendable {
    /// One network attachment of an endpoint on this host, for the guard against spoofed addresses.
    public struct Attachment: Hashable, Sendable {
        public var endpointID: String
        /// The host's side of the endpoint's network interface.
        public var hostInterface: String
        /// `02:42:ac:11:00:02`, lower case.
        public var macAddress: String
        public var addresses: [IPAddress]

        public init(endpointID: String, hostInterface: String, macAddress: String, addresses: [IPAddress]) {
            self.endpointID = endpointID
            self.hostInterface = hostInterface
            self.macAddress = macAddress
            self.addresses = addresses
        }
    }

    public var endpoints: [Endpoint]
    public var namespaceLabels: [String: [String: String]]
    public var attachments: [Attachment]
    public var endpointSubnets: [Prefix]
    public var hostAddresses: Set<IPAddress>

    public init(
        endpoints: [Endpoint] = [],
        namespaceLabels: [String: [String: String]] = [:],
        attachments: [Attachment] = [],
        endpointSubnets: [Prefix] = [],
        hostAddresses: Set<IPAddress> = []
    ) {
        self.endpoints = endpoints
        self.namespaceLabels = namespaceLabels
        self.attachments = attachments
        self.endpointSubnets = endpointSubnets
        self.hostAddresses = hostAddresses
    }
}

/// Where endpoints come from: a container runtime, the sandbox.
public protocol WorkloadSource: Sendable {
    /// What messages and `status` call it: `podman (/run/podman/podman.sock)`, `sandbox`.
    var name: String { get }

    /// Reads the whole inventory now.
    /// - Throws: when the runtime cannot be reached or answers nonsense; the caller keeps the last good inventory.
    func inventory() async throws -> WorkloadInventory

    /// Calls `changed` after anything may have changed since the last call, until cancelled. Spurious calls are allowed,
    /// and changes close together may be reported once.
    /// - Throws: when watching stops working; the caller reads the inventory again and watches anew.
    func watch(changed: @Sendable () -> Void) async throws
}
