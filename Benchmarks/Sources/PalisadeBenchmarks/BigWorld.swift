// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel

/// A made-up host: namespaces of a few applications each, and policies about them.
struct BigWorld: Sendable {
    var namespaces: Int
    /// Kinds of workload in each namespace; each has its own labels.
    var applications: Int
    /// Containers of each kind.
    var replicas: Int
    /// Policies in each namespace.
    var policies: Int

    /// 50 namespaces, 1,000 endpoints, 1,000 policies.
    static let thousand = BigWorld(namespaces: 50, applications: 5, replicas: 4, policies: 20)

    /// The first address of endpoints, 10.64.1.0.
    private static let firstAddress: UInt32 = 0x0a40_0100

    var endpoints: [Endpoint] {
        (0..<namespaces * applications * replicas).map { index in
            let application = index / replicas % applications
            let namespace = "team-\(index / replicas / applications)"
            return Endpoint(
                id: "container-\(index)",
                namespace: namespace,
                name: "app-\(application)-\(index % replicas)",
                workload: Endpoint.Workload(name: "app-\(application)", kind: "Container"),
                labels: ["app": "app-\(application)", "tier": application % 2 == 0 ? "front" : "back"],
                addresses: [Self.address(index)],
                namedPorts: [NamedPort("http", .tcp, 8080)]
            )
        }
    }

    static func address(_ index: Int) -> IPAddress { IPAddress(v4: firstAddress + UInt32(index)) }

    var inventory: WorkloadInventory {
        let endpoints = endpoints
        return WorkloadInventory(
            endpoints: endpoints,
            attachments: endpoints.enumerated().map { index, endpoint in
                WorkloadInventory.Attachment(
                    endpointID: endpoint.id,
                    hostInterface: "veth\(index)",
                    macAddress: "02:42:0a:40:\(Self.hex(index >> 8 & 0xff)):\(Self.hex(index & 0xff))",
                    addresses: endpoint.addresses
                )
            },
            endpointSubnets: [Prefix(IPAddress(v4: 0x0a40_0000), length: 12)],
            hostAddresses: [IPAddress(v4: 0x0a40_0001)]
        )
    }

    /// Policy files by path; `port` is what the first of them allows.
    func files(port: Int = 8080) -> [(path: String, text: String)] {
        (0..<namespaces).flatMap { namespace in
            (0..<policies).map { ("team-\(namespace)/policy-\($0).yaml", policy($0, in: namespace, port: port)) }
        }
    }

    /// One NetworkPolicy: an application's inbound side, with peers of its own namespace, another namespace, and outside.
    func policy(_ index: Int, in namespace: Int, port: Int = 8080) -> String {
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: policy-\(index)
          namespace: team-\(namespace)
        spec:
          podSelector:
            matchLabels:
              app: app-\(index % applications)
          policyTypes: [Ingress]
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: app-\((index + 1) % applications)
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: team-\((namespace + index + 1) % namespaces)
                  podSelector:
                    matchLabels:
                      tier: front
              ports:
                - protocol: TCP
                  port: \(index == 0 ? port : 8080 + index)
            - from:
                - ipBlock:
                    cidr: 198.51.\(index % 100).0/24
              ports:
                - protocol: TCP
                  port: http

        """
    }

    /// The policies, decoded.
    var decodedPolicies: [Policy] {
        files().flatMap { file in
            PolicyDecoder().decode(SourceDocument(name: file.path, bytes: Array(file.text.utf8))).policies
        }
    }

    func snapshot(modes: ModeSettings = ModeSettings(environment: .blocking)) -> ClusterSnapshot {
        let inventory = inventory
        return ClusterSnapshot(
            revision: 1,
            endpoints: inventory.endpoints,
            policies: decodedPolicies,
            modes: modes,
            hostAddresses: inventory.hostAddresses,
            endpointSubnets: inventory.endpointSubnets
        )
    }

    private static func hex(_ value: Int) -> String {
        value < 16 ? "0" + String(value, radix: 16) : String(value, radix: 16)
    }
}
