// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let manifests = """
    {kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}, ownerReferences: [{kind: StatefulSet, name: web}]}, \
    spec: {}, status: {podIP: 10.0.0.1}}
    ---
    {kind: Pod, metadata: {name: web-2, namespace: shop, labels: {app: web}, ownerReferences: [{kind: StatefulSet, name: web}]}, \
    spec: {}, status: {podIP: 10.0.0.2}}
    ---
    {kind: Pod, metadata: {name: api, namespace: shop, labels: {app: api}}, spec: {}, status: {podIP: 10.0.0.3}}
    ---
    {kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {name: api, namespace: shop}, spec: {endpointSelector: \
    {matchLabels: {app: api}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "8080", \
    protocol: TCP}], rules: {http: [{method: GET}]}}]}, {fromCIDR: [203.0.113.0/24], toPorts: [{ports: [{port: "443", \
    protocol: TCP}]}]}], egress: [{toFQDNs: [{matchName: a.example}]}]}}
    """

private func world() -> ResolvedSnapshot {
    ResolvedSnapshot(WorldReader(.init(reach: .layer7)).read([MarkedText(manifests).document("world.yaml")]).snapshot)
}

private func run(_ lines: String) throws -> PolicyTestRun {
    let text = "apiVersion: palisade.dev/v1\nkind: PolicyTest\nexpectations:\n\(lines)\n"
    let (expectations, findings) = ExpectationReader().read(MarkedText(text).document())
    #expect(findings.isEmpty)
    return PolicyTestRun(expectations, in: world())
}

@Suite struct PolicyTestRunTests {
    @Test(arguments: [
        "{from: shop/web, to: shop/api, port: 8080, expect: allowed}",
        "{from: shop/web-1, to: shop/api, port: 8080/tcp, http: GET /x, expect: allowed}",
        "{from: shop/web, to: shop/api, port: 8080, http: POST /x, expect: dropped}",
        "{from: {labels: {app: web}}, to: shop/api, port: 8080/udp, expect: dropped}",
        "{from: {namespace: shop, labels: {app: api}}, to: shop/web, expect: dropped}",
        "{from: shop/web, to: shop/web, expect: allowed}", "{from: world, to: shop/api, port: 80, expect: dropped}",
        "{from: 203.0.113.9, to: shop/api, port: 443, expect: allowed}",
        "{from: world, to: shop/web, expect: allowed}",
        "{from: shop/api, to: 198.51.100.1, port: 443, expect: uncertain}",
        "{from: shop/api, to: 198.51.100.1, port: 443, dns: a.example, expect: allowed}",
        "{from: shop/api, to: world, port: 443, dns: b.example, expect: dropped}",
        "{from: host, to: shop/api, expect: allowed}", "{from: remote-node, to: shop/api, expect: dropped}",
    ])
    func `what is so holds, and the opposite does not`(line: String) throws {
        #expect(try run("- \(line)").isPassed)
        for outcome in ["allowed", "dropped", "uncertain"] where !line.contains("expect: \(outcome)") {
            let other = line.replacing(/expect: [a-z]+/, with: "expect: \(outcome)")
            #expect(try !run("- \(other)").isPassed, "\(other)")
        }
    }

    @Test func `the world is every address outside, not one of them`() throws {
        #expect(try !run("- {from: world, to: shop/api, port: 443, expect: dropped}").isPassed)
        #expect(try !run("- {from: world, to: shop/api, port: 443, expect: allowed}").isPassed)
    }

    @Test func `a failure names the pair, the rules and the reason`() throws {
        let failed = try run("- {from: shop/web, to: shop/api, port: 80, expect: allowed, reason: Orders.}")
        #expect(
            failed.text == """
                test.yaml:4:3: failed: shop/web -> shop/api 80/TCP must be allowed.
                    Orders.
                    shop/web-1 -> shop/api is dropped. Outbound: nothing isolates it. Inbound: no rule allows it; isolated by shop/api.
                    shop/web-2 -> shop/api is dropped. Outbound: nothing isolates it. Inbound: no rule allows it; isolated by shop/api.
                0 of 1 expectations hold.

                """
        )
        #expect(failed.junit.contains(#"failures="1""#))
        #expect(failed.junit.contains(#"<failure type="failed" message="shop/web-1 -&gt; shop/api is dropped."#))
        #expect(try !run("- {from: shop/nobody, to: shop/api, port: 80, expect: dropped}").isPassed)
    }

    @Test(arguments: [
        ("- {to: a/b, expect: allowed}", "V116"), ("- {from: a/b, to: a/b}", "V116"),
        ("- {from: a/b, to: a/b, expect: alowed}", "V118"), ("- {from: nobody, to: a/b, expect: allowed}", "V119"),
        ("- {from: a/b, to: a/b, port: 70000, expect: allowed}", "V119"),
        ("- {from: a/b, to: a/b, port: 80/xyz, expect: allowed}", "V119"),
        ("- {from: a/b, to: a/b, port: 256/icmp, expect: allowed}", "V119"),
        ("- {from: a/b, to: a/b, http: GET /, expect: allowed}", "V116"),
        ("- {from: a/b, to: a/b, port: 80, http: GET, expect: allowed}", "V119"),
        ("- {from: {}, to: a/b, expect: allowed}", "V116"), ("- {form: a/b, to: a/b, expect: allowed}", "V102"),
        ("- {from: {labels: {a: 1}}, to: a/b, expect: allowed}", "V115"), ("- 5", "V115"),
    ])
    func `what cannot be understood is an error at its place`(line: String, code: String) {
        let text = "apiVersion: palisade.dev/v1\nkind: PolicyTest\nexpectations:\n\(line)\n"
        let (expectations, findings) = ExpectationReader().read(MarkedText(text).document())
        #expect(expectations.isEmpty)
        #expect(findings.map(\.code).contains(code), "\(findings)")
        #expect(findings.allSatisfy { $0.location.line == 4 })
    }

    @Test func `a template says what is so now`() throws {
        let text = ExpectationTemplate.text(world())
        #expect(text.contains(#"- {from: "shop/api", to: "shop/web", expect: dropped}"#))
        #expect(text.contains("# shop/web -> shop/api: rules about requests decide too"))
        #expect(text.contains(#"- {from: "world", to: "shop/web", expect: allowed}"#))
        let (expectations, findings) = ExpectationReader().read(MarkedText(text).document())
        #expect(findings.isEmpty)
        #expect(PolicyTestRun(expectations, in: world()).isPassed, "\(PolicyTestRun(expectations, in: world()).text)")
    }
}
