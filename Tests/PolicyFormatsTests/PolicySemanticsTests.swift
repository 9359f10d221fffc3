// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func policy(_ spec: String) -> MarkedText {
    MarkedText(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: \(spec)\n"
    )
}

/// NetworkPolicy as Cilium reads it, and where that differs.
@Suite struct PolicySemanticsTests {
    private func spec(_ text: String, _ options: PolicyDecoder.Options) throws -> PolicySpec {
        try #require(PolicyDecoder(options).decode(policy(text).document()).policies.first?.specs.first)
    }

    @Test(
        arguments: [
            ("{podSelector: {}}", [Direction.ingress], []),
            ("{podSelector: {}, policyTypes: [Egress]}", [.egress], []),
            ("{podSelector: {}, policyTypes: [Ingress]}", [.ingress], []),
            ("{podSelector: {}, policyTypes: [Ingress, Egress]}", [.ingress, .egress], []),
            ("{podSelector: {}, policyTypes: [Egress], ingress: []}", [.egress], []),
            ("{podSelector: {}, policyTypes: [Egress], ingress: [{}]}", [.ingress, .egress], [Direction.ingress]),
            ("{podSelector: {}, policyTypes: [Ingress], egress: [{}]}", [.ingress, .egress], [.egress]),
            ("{podSelector: {}, egress: [{}]}", [.ingress, .egress], [.egress]),
        ] as [(String, [Direction], [Direction])]
    )
    func `on Cilium a section with rules counts whatever policyTypes says`(
        text: String,
        isolates: [Direction],
        rules: [Direction]
    ) throws {
        let read = try spec(text, .init(semantics: .cilium))
        #expect(read.isolates == Set(isolates))
        #expect(read.rules.map(\.direction) == rules)
    }

    @Test func `on Cilium an ipBlock reaches what the match mode says`() throws {
        let text = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}"
        let (block, except) = (try #require(Prefix("10.0.0.0/8")), try #require(Prefix("10.1.0.0/16")))
        for (modes, reach) in [([], CIDRPeer.Reach.world), ([CIDRMatchMode.nodes], .worldAndNodes)] {
            let options = PolicyDecoder.Options(semantics: .cilium, cilium: .init(cidrMatchMode: Set(modes)))
            let rule = try #require(try spec(text, options).rules.first)
            #expect(rule.peers == .anyOf([.cidr(CIDRPeer(block, except: [except], reach: reach))]))
        }
        let rule = try #require(try spec(text, .init(cilium: .init(cidrMatchMode: [.nodes]))).rules.first)
        #expect(rule.peers == .anyOf([.cidr(CIDRPeer(block, except: [except], reach: .anyParty))]))
    }

    @Test func `on Cilium without a local cluster a selector that only excludes reaches the world`() throws {
        func reachesWorld(_ selector: String, _ options: PolicyDecoder.Options) throws -> Bool {
            let text = "{podSelector: {}, ingress: [{from: [{namespaceSelector: \(selector)}]}]}"
            guard case .anyOf(let peers) = try #require(try spec(text, options).rules.first).peers,
                case .endpoints(let read) = try #require(peers.first)
            else { return false }
            return read.matches(LabelSet([Label(.reserved("world"), "")]))
        }
        let excluding = "{matchExpressions: [{key: team, operator: NotIn, values: [x]}]}"
        let old = CiliumSettings(version: CiliumVersion(1, 18))
        #expect(try reachesWorld(excluding, .init(semantics: .cilium, cilium: old)))
        #expect(try !reachesWorld("{}", .init(semantics: .cilium, cilium: old)))
        #expect(try !reachesWorld(excluding, .init(semantics: .cilium)))
        #expect(try !reachesWorld(excluding, .init(semantics: .kubernetes, cilium: old)))
    }

    @Test func `a section that policyTypes does not name is a difference`() {
        let marked = policy("{podSelector: {}, policyTypes: [Egress], ingress: [⟦x⟧{}]}")
        let findings = SemanticsComparison().findings(in: [marked.document()])
        #expect(
            findings.map(\.description) == [
                """
                test.yaml:4:58: warning: [V170] Kubernetes and Cilium read "ingress" of shop/p differently.
                test.yaml:4:58: note: Kubernetes ignores "ingress", because policyTypes does not name Ingress.
                test.yaml:4:58: note: Cilium restricts inbound to the rules of "ingress", whatever policyTypes says.
                """
            ]
        )
        #expect(findings.first?.location == marked.place("x"))
    }

    @Test(arguments: [
        "{podSelector: {}}", "{podSelector: {}, policyTypes: [Egress], ingress: []}", "{podSelector: {}, egress: [{}]}",
        "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}",
    ])
    func `policies that both read alike have no difference`(text: String) {
        #expect(SemanticsComparison().findings(in: [policy(text).document()]).isEmpty)
    }

    @Test func `an ipBlock is a warning when somebody known has such an address`() throws {
        let text = """
            {podSelector: {}, egress: [{to: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}
            """
        let documents = [policy(text).document()]
        func severities(
            pods: [String] = [],
            nodes: [String] = [],
            _ settings: CiliumSettings = .init()
        ) -> [Finding.Severity] {
            SemanticsComparison(
                .init(cilium: settings),
                podAddresses: Set(pods.compactMap { IPAddress($0) }),
                nodeAddresses: Set(nodes.compactMap { IPAddress($0) })
            ).findings(in: documents).map(\.severity)
        }
        #expect(severities() == [.info])
        #expect(severities(pods: ["10.2.0.1"]) == [.warning])
        #expect(severities(nodes: ["10.2.0.1"]) == [.warning])
        #expect(severities(pods: ["10.1.0.1", "192.0.2.1"]) == [.info])
        #expect(severities(nodes: ["10.2.0.1"], .init(cidrMatchMode: [.nodes])) == [.info])
        #expect(severities(pods: ["10.2.0.1"], .init(cidrMatchMode: [.nodes])) == [.warning])
        #expect(severities(pods: ["10.2.0.1"], .init(cidrMatchMode: [.nodes, .pods])) == [])
    }

    @Test func `a selector that only excludes namespaces is a difference without a local cluster`() {
        let text = """
            {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, \
            values: [x]}]}}, {namespaceSelector: {}}]}]}
            """
        let documents = [policy(text).document()]
        func messages(_ minor: Int) -> [String] {
            let settings = CiliumSettings(version: CiliumVersion(1, minor))
            return SemanticsComparison(.init(cilium: settings)).findings(in: documents).map(\.message)
        }
        #expect(messages(18) == ["Kubernetes and Cilium read a namespaceSelector of shop/p differently."])
        #expect(messages(19).isEmpty)
    }

    @Test func `made-up addresses are not taken for known ones`() {
        let deployment = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {metadata: {labels: {app: web}}}}
            """
        let documents = [
            policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}").document(),
            MarkedText(deployment).document("web.yaml"),
        ]
        let world = WorldReader().read(documents)
        #expect(world.syntheticAddresses.count == 1)
        #expect(SemanticsComparison(world: world).findings(in: documents).map(\.severity) == [.info])
    }
}
