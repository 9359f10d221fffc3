// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyFormats
import PolicyModel

@testable import ControlPlane

/// Small worlds to ask about.
enum World {
    static let web = endpoint("web", "shop", "10.0.0.1", "fd00::1")
    static let api = endpoint("api", "shop", "10.0.0.3", "fd00::3")
    static let db = endpoint("db", "data", "10.0.0.2", "fd00::2")

    static func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

    static func endpoint(_ name: String, _ namespace: String, _ v4: String, _ v6: String) -> Endpoint {
        Endpoint(
            id: name,
            namespace: namespace,
            name: "\(name)-1",
            workload: Endpoint.Workload(name: name, kind: "Container"),
            labels: ["app": name],
            addresses: [address(v4), address(v6)]
        )
    }

    /// The three endpoints under the policies of some YAML documents.
    static func resolved(
        _ texts: [String] = [],
        revision: UInt64 = 1,
        mode: Mode = .blocking,
        hostTraffic: HostTraffic = .allowed,
        endpoints: [Endpoint] = [web, api, db]
    ) -> ResolvedSnapshot {
        let policies = texts.enumerated().flatMap { index, text in
            PolicyDecoder().decode(SourceDocument(name: "\(index).yaml", bytes: Array(text.utf8))).policies
        }
        return ResolvedSnapshot(
            ClusterSnapshot(
                revision: revision,
                endpoints: endpoints,
                policies: policies,
                modes: ModeSettings(environment: mode),
                hostAddresses: [address("10.0.0.254")],
                endpointSubnets: [Prefix("10.0.0.0/24"), Prefix("fd00::/64")].compactMap { $0 },
                hostTraffic: hostTraffic
            )
        )
    }

    static func enforced(_ revision: UInt64) -> EnforcedWorld {
        EnforcedWorld(resolved: resolved([isolated("p\(revision)", "db")], revision: revision), attachments: [])
    }

    /// Isolates an app inbound, and lets the apps of its own namespace and of shop named in.
    static func isolated(
        _ name: String,
        _ app: String,
        in namespace: String = "data",
        from others: [String] = []
    ) -> String {
        let peers = others.map { app in
            "    - namespaceSelector: {}\n      podSelector: {matchLabels: {app: \(app)}}\n"
        }.joined()
        return """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: "\(name)", namespace: \(namespace)}
            spec:
              podSelector: {matchLabels: {app: \(app)}}
              policyTypes: [Ingress]
              ingress:\(others.isEmpty ? " []" : "\n  - ports: [{port: 5432}]\n    from:\n" + peers)

            """
    }
}
