// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Made-up clusters of any size, as values: what questions about policies are measured on.
struct ScaleWorld: Sendable {
    var namespaces: Int
    var pods: Int
    var policies: Int

    /// 100,000 pods in 25,000 namespaces with 75,000 policies: 4 pods and 3 policies in each.
    static let wide = ScaleWorld(namespaces: 25_000, pods: 4, policies: 3)

    /// The same shape at a fraction of the size.
    func scaled(by divisor: Int) -> ScaleWorld {
        ScaleWorld(namespaces: max(1, namespaces / divisor), pods: pods, policies: policies)
    }

    func snapshot() -> ClusterSnapshot {
        ClusterSnapshot(
            revision: 1,
            endpoints: (0..<namespaces).flatMap { namespace in (0..<pods).map { pod(namespace, $0) } },
            namespaceLabels: Dictionary(
                uniqueKeysWithValues: (0..<namespaces).map { ("ns-\($0)", ["team": "team-\($0 % 100)"]) }
            ),
            policies: (0..<namespaces).flatMap { namespace in (0..<policies).map { policy(namespace, $0) } },
            modes: ModeSettings(environment: .blocking),
            reach: .layer7
        )
    }

    private func pod(_ namespace: Int, _ index: Int) -> Endpoint {
        Endpoint(
            id: "ns-\(namespace)/pod-\(index)",
            namespace: "ns-\(namespace)",
            name: "pod-\(index)",
            workload: .init(name: "app-\(index)", kind: "Deployment"),
            labels: ["app": "app-\(index)", "tier": index % 2 == 0 ? "front" : "back", "pod": "\(namespace)-\(index)"],
            addresses: [IPAddress(v4: 0x0a00_0000 + UInt32(namespace * pods + index) + 1)],
            namedPorts: [NamedPort("http", .tcp, 8080)]
        )
    }

    /// Inbound from an application of the namespace and from a tier of a team's namespaces; every third isolates outbound.
    func policy(_ namespace: Int, _ index: Int, port: UInt16 = 8080) -> Policy {
        let place = SourceLocation(document: "ns-\(namespace).yaml", line: index * 20 + 1, column: 1)
        let here = Selector.Requirement.isIn(WellKnownLabel.namespace, ["ns-\(namespace)"])
        func app(_ number: Int) -> Selector.Requirement { .isIn(.k8s("app"), ["app-\(number % pods)"]) }
        let team = LabelKey.k8s(WellKnownLabel.namespaceLabelPrefix + "team")
        let ports = Ports.anyOf([.numbered([.tcp], PortRange(port + UInt16(index % 1000)))])
        let isOutbound = index % 3 == 2
        let direction = isOutbound ? Direction.egress : .ingress
        let peers: [Peer] = [
            .endpoints(Selector([here, app(index + 1)])),
            .endpoints(
                Selector([.isIn(team, ["team-\((namespace + index) % 100)"]), .isIn(.k8s("tier"), ["front"])])
            ),
        ]
        return Policy(
            id: PolicyID(.networkPolicy, namespace: "ns-\(namespace)", name: "policy-\(index)"),
            location: place,
            specs: [
                PolicySpec(
                    subject: .endpoints(Selector([here, app(index)])),
                    isolates: [direction],
                    rules: [
                        Rule(
                            direction: direction,
                            action: .allow,
                            index: 0,
                            peers: .anyOf(peers),
                            ports: ports,
                            location: place
                        )
                    ],
                    location: place
                )
            ]
        )
    }
}

extension ScaleWorld {
    /// `count` policies in one namespace that each select all of its `count` pods.
    static func dense(_ count: Int) -> ClusterSnapshot {
        let world = ScaleWorld(namespaces: 1, pods: count, policies: count)
        var snapshot = world.snapshot()
        for index in snapshot.policies.indices {
            snapshot.policies[index].specs[0].subject = .endpoints(
                Selector([.isIn(WellKnownLabel.namespace, ["ns-0"])])
            )
        }
        return snapshot
    }
}
