// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import Testing

/// What rules say about addresses of an endpoint subnet that nobody has.
@Suite struct UnknownPeerTests {
    @Test(arguments: [
        (Peer.entity(.all), Judgement.Outcome.deniedByRule), (.endpoints(.everything), .deniedByRule),
        (.dnsNames([]), .deniedByRule), (.entity(.world), .notIsolated),
        (.endpoints(Selector([.doesNotExist(.k8s("app"))])), .notIsolated),
    ])
    func `a deny rule reaches an unknown address only with everyone`(
        peer: Peer,
        outcome: Judgement.Outcome
    ) throws {
        #expect(try judgement(.deny, peer, isolates: []).outcome == outcome)
    }

    @Test(
        arguments: [Peer.entity(.all), .endpoints(.everything), .endpoints(Selector([.doesNotExist(.k8s("app"))]))],
        [EngineReach.layer4, .layer7]
    )
    func `no allow rule reaches an unknown address`(peer: Peer, reach: EngineReach) throws {
        #expect(try judgement(.allow, peer, isolates: [.egress], reach).outcome == .defaultDeny)
    }

    private func judgement(
        _ action: RuleAction,
        _ peer: Peer,
        isolates: Set<Direction>,
        _ reach: EngineReach = .layer4
    ) throws -> Judgement {
        let here = SourceLocation(document: "test", line: 1, column: 1)
        let rule = Rule(
            direction: .egress,
            action: action,
            index: 0,
            peers: .anyOf([peer]),
            ports: .all,
            location: here
        )
        let spec = PolicySpec(subject: .endpoints(.everything), isolates: isolates, rules: [rule], location: here)
        let id = PolicyID(.ciliumClusterwideNetworkPolicy, namespace: nil, name: "p")
        let (own, unknown) = (try #require(IPAddress("10.1.0.2")), try #require(IPAddress("10.1.0.9")))
        let endpoint = Endpoint(
            id: "e",
            namespace: "shop",
            name: "e",
            workload: .init(name: "e", kind: "Container"),
            labels: [:],
            addresses: [own]
        )
        let world = ClusterSnapshot(
            endpoints: [endpoint],
            policies: [Policy(id: id, location: here, specs: [spec])],
            endpointSubnets: [try #require(Prefix("10.1.0.0/24"))],
            reach: reach
        )
        let decision = ResolvedSnapshot(world).decision(from: own, to: unknown, Service(.tcp, port: 80))
        return try #require(decision.egress?.complete)
    }
}
