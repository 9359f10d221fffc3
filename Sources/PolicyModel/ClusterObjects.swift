// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives

/// A Kubernetes Service, as far as policies refer to it.
public struct ClusterService: Hashable, Sendable {
    public var namespace: String
    public var name: String
    public var labels: [String: String]
    /// The pods behind it; `nil` for a Service without a selector, whose backends are listed in Endpoints.
    public var selector: [String: String]?
    /// Addresses of its Endpoints and EndpointSlices, where the manifests have them.
    public var backends: [IPAddress]

    public init(
        namespace: String,
        name: String,
        labels: [String: String] = [:],
        selector: [String: String]?,
        backends: [IPAddress] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.selector = selector
        self.backends = backends
    }
}

/// A Kubernetes Node.
public struct ClusterNode: Hashable, Sendable {
    public var name: String
    public var labels: [String: String]
    public var addresses: [IPAddress]

    public init(name: String, labels: [String: String] = [:], addresses: [IPAddress] = []) {
        self.name = name
        self.labels = labels
        self.addresses = addresses
    }
}
