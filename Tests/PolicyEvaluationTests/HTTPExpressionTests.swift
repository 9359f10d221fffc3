// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import Testing

/// Regular expressions of HTTP rules: they are other people's text, as the paths are.
@Suite struct HTTPExpressionTests {
    @Test(arguments: [
        "/(a+)+b", "/(a|a)*b", "/(a{1,30}){1,30}b", "/a*a*a*a*a*a*b", "/" + String(repeating: "a?", count: 40) + "b",
        "/(a*)*b", "/((a?){9}){9}b",
    ])
    func `an expression that others match for ever decides at once`(pattern: String) throws {
        for (path, isAllowed) in [("/" + String(repeating: "a", count: 60), false), ("/aaab", true)] {
            let decision = try decision(pattern, path: path)
            #expect(decision.verdict == (isAllowed ? .allowed : .dropped) && !decision.isLimited, "\(path)")
        }
    }

    @Test(arguments: ["(?x)/(a+) +b", "/\\p{Greek}", "/((a{1,99}){1,99}){1,99}", "/a**", "/(?i)é"])
    func `an expression that is not known here leaves the answer open`(pattern: String) throws {
        let decision = try decision(pattern, path: "/aaa")
        #expect(decision.verdict == .allowed && decision.isLimited)
    }

    @Test(arguments: [
        ("/api/.*", "/api/v1", true), ("/(v1|v2)?/[a-z]+", "/v2/items", true), ("/api/.*", "/admin", false),
    ])
    func `a simple expression decides`(pattern: String, path: String, isAllowed: Bool) throws {
        let decision = try decision(pattern, path: path)
        #expect(decision.verdict == (isAllowed ? .allowed : .dropped))
        #expect(!decision.isLimited)
    }

    private func decision(_ pattern: String, path: String) throws -> Decision {
        let here = SourceLocation(document: "test", line: 1, column: 1)
        let rule = Rule(
            direction: .egress,
            action: .allow,
            index: 0,
            peers: .anyone,
            ports: .all,
            conditions: [.http([HTTPMatch(path: pattern)])],
            location: here
        )
        let spec = PolicySpec(subject: .endpoints(.everything), isolates: [.egress], rules: [rule], location: here)
        let (own, outside) = (try #require(IPAddress("10.1.0.2")), try #require(IPAddress("192.0.2.9")))
        let endpoint = Endpoint(
            id: "e",
            namespace: "shop",
            name: "e",
            workload: .init(name: "e", kind: "Container"),
            labels: [:],
            addresses: [own]
        )
        var world = ClusterSnapshot(
            endpoints: [endpoint],
            policies: [
                Policy(id: PolicyID(.ciliumNetworkPolicy, namespace: "shop", name: "p"), location: here, specs: [spec])
            ],
            reach: .layer7
        )
        world.modes.environment = .blocking
        return ResolvedSnapshot(world).decision(
            for: Connection(
                source: Party(.endpoint(0), address: own),
                destination: Party(.world, address: outside),
                service: Service(.tcp, port: 80),
                request: RequestFacts(http: .init(method: "GET", path: path))
            )
        )
    }
}
