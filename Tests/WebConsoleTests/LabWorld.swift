// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyModel
import TestSupport

@testable import ControlPlane

/// Three containers in two namespaces, their policies and some traffic between them.
enum LabWorld {
    /// The time of the environments: an hour after the flows began.
    static let now: Int64 = 1_800_000_000_000_000

    static let inventory = WorkloadInventory(
        endpoints: [
            endpoint("web", "shop", 1), endpoint("api", "shop", 3), endpoint("db", "data", 2),
            endpoint("replica", "data", 4),
        ],
        endpointSubnets: [Prefix(IPAddress(v4: 0x0a00_0000), length: 24)]
    )

    /// By file; each namespace has a policy of the same name.
    static let policies = ["shop.yaml": isolation("shop", "api"), "data.yaml": isolation("data", "db")]

    static func isolation(_ namespace: String, _ app: String, name: String = "deny") -> String {
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          podSelector: {matchLabels: {app: \(app)}}
          policyTypes: [Ingress]
          ingress: []

        """
    }

    /// `shop/web` to `data/db` is dropped, within `data` and to the outside something passes; none is of the present second.
    static let flows: [Flow] = (0..<20).flatMap { index -> [Flow] in
        let time = now - Int64(index + 1) * 60_000_000
        var inside = FlowSamples.allowed(time: time)
        inside.source = party("replica", "data", 4)
        inside.destination = FlowSamples.database
        var outside = FlowSamples.wouldDrop(time: time)
        outside.source = FlowSamples.web
        return [FlowSamples.denied(time: time), inside, outside]
    }

    static func party(_ name: String, _ namespace: String, _ last: UInt32) -> Flow.Party {
        Flow.Party(
            kind: .endpoint,
            address: IPAddress(v4: 0x0a00_0000 + last),
            namespace: namespace,
            workload: name,
            name: "\(name)-1",
            labels: ["app=\(name)"]
        )
    }

    private static func endpoint(_ name: String, _ namespace: String, _ last: UInt32) -> Endpoint {
        Endpoint(
            id: name,
            namespace: namespace,
            name: "\(name)-1",
            workload: .init(name: name, kind: "Container"),
            labels: ["app": name],
            addresses: [IPAddress(v4: 0x0a00_0000 + last)]
        )
    }
}
