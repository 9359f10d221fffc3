// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let world = """
    {kind: Namespace, metadata: {name: shop, labels: {team: storefront}}}
    ---
    {kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{ports: [{name: http, \
    containerPort: 80}]}]}, status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}
    """

@Suite struct PolicyLintTests {
    private func lint(_ spec: String, kind: String = "NetworkPolicy") -> (MarkedText, [Finding]) {
        let version = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2"
        let marked = MarkedText(
            "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: p, namespace: shop}\nspec: ⟦spec⟧\(spec)\n"
        )
        let read = WorldReader().read([marked.document(), MarkedText(world).document("world.yaml")])
        return (marked, PolicyLint(world: read.snapshot).findings(read.documents))
    }

    @Test(arguments: [
        (
            "{podSelector: {matchLabels: {app: wbe}}}", "spec",
            "[V120] No pods match app=wbe. Closest existing value: app=web."
        ),
        (
            "{podSelector: {}, ingress: [⟦x⟧{from: [{podSelector: {matchLabels: {app: zzz}}}]}]}", "x",
            "[V120] No pods match app=zzz."
        ),
        (
            "{podSelector: {}, ingress: [⟦x⟧{from: [{namespaceSelector: {matchLabels: {team: edge}}}]}]}", "x",
            "[V121] No namespace has label team=edge."
        ),
        (
            "{podSelector: {}, ingress: [⟦x⟧{ports: [{port: https}]}]}", "x",
            "[V122] Port https is not open on any pod this rule selects."
        ),
        (
            "{podSelector: {}, policyTypes: [Egress]}", "spec",
            "[V130] These pods lose DNS: outbound becomes restricted and no policy allows port 53 to the cluster DNS."
        ),
        (
            "{podSelector: {}, ingress: [⟦x⟧{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}", "x",
            "[V142] 0.0.0.0/0 does not cover IPv6. This environment has IPv6 pods."
        ),
    ])
    func `a doubtful policy gets a warning at its place`(spec: String, mark: String, text: String) throws {
        let (marked, findings) = lint(spec)
        let place = try #require(marked.place(mark))
        #expect(findings.map(\.description) == ["\(place): warning: \(text)"])
    }

    @Test(arguments: [
        "{podSelector: {matchLabels: {app: web}}}", "{podSelector: {}, ingress: [{ports: [{port: http}]}]}",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: storefront}}}]}]}",
        "{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: \"::/0\"}}]}]}",
    ])
    func `a good policy gets none`(spec: String) {
        #expect(lint(spec).1.isEmpty, "\(lint(spec).1)")
    }

    @Test func `what a host cannot enforce is an error`() {
        let (_, findings) = lint(
            "{endpointSelector: {}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]}",
            kind: "CiliumNetworkPolicy"
        )
        #expect(findings.map(\.code) == ["V113"])
        #expect(findings.first?.severity == .error)
    }

    @Test func `a CIDR group that nobody defines gets a warning`() {
        let rules = "{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidrGroupRef: office}]}]}"
        let (_, findings) = lint(rules, kind: "CiliumNetworkPolicy")
        #expect(findings.map(\.code) == ["V125"])
    }

    @Test func `one name in two files is an error at the second, whatever the order`() {
        let text =
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}}}"
        let documents = ["a.yaml", "b.yaml"].map { PolicyDecoder().decode(MarkedText(text).document($0)) }
        let findings = PolicyLint().findings(documents)
        #expect(findings.map(\.location.document) == ["b.yaml"])
        #expect(PolicyLint().findings(documents.reversed()) == findings)
    }
}

@Suite struct ExampleTests {
    @Test func `the shop example is free of findings and has its five workloads`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Examples/shop")
        let documents = try ["namespaces", "policies", "workloads"].map { name in
            let file = root.appending(path: "\(name).yaml")
            return SourceDocument(name: "\(name).yaml", bytes: Array(try Data(contentsOf: file)))
        }
        let read = WorldReader().read(documents)
        #expect(PolicyLint(world: read.snapshot).findings(read.documents).map(\.description) == [])
        #expect(read.snapshot.endpoints.map(\.name) == ["db", "api", "gateway", "web", "worker"])
        #expect(read.snapshot.policies.count == 5)
        #expect(read.snapshot.policies.first { $0.id.name == "web" }?.mode == .audit)
        let reversed = WorldReader().read(documents.reversed())
        #expect(reversed.snapshot == read.snapshot)
        let database = try #require(read.snapshot.policies.first { $0.id.name == "db-allow" })
        #expect(
            PolicySummary(database, world: read.snapshot).lines == [
                "Applies to pods in namespace data with app=db (1 pod now).",
                "Inbound: allows TCP postgres from pods with app in (api, worker) in namespace shop.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        )
    }
}
