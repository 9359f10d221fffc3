// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func policy(_ kind: String, _ spec: String) throws -> Policy {
    let version = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2"
    let metadata = kind == "CiliumClusterwideNetworkPolicy" ? "{name: p}" : "{name: p, namespace: shop}"
    let text = "apiVersion: \(version)\nkind: \(kind)\nmetadata: \(metadata)\nspec: \(spec)\n"
    let decoded = PolicyDecoder().decode(MarkedText(text).document())
    return try #require(decoded.policies.first, "\(decoded.findings)")
}

private func pod(_ app: String, _ number: Int) -> Endpoint {
    Endpoint(
        id: "\(app)-\(number)",
        namespace: "shop",
        name: "\(app)-\(number)",
        workload: .init(name: app, kind: "Deployment"),
        labels: ["app": app],
        addresses: []
    )
}

@Suite struct PolicySummaryTests {
    private let np = "NetworkPolicy"
    private let cnp = "CiliumNetworkPolicy"

    @Test func `S1 a default deny says that nothing is allowed`() throws {
        #expect(
            PolicySummary(try policy(np, "{podSelector: {}, policyTypes: [Ingress]}")).lines == [
                "Applies to all pods in namespace shop.", "Inbound: nothing is allowed by this policy.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        )
    }

    @Test func `S2 and S15 labels are named and pods counted`() throws {
        let gateway = "ingress: [{from: [{podSelector: {matchLabels: {app: gw}}}], ports: [{port: 8080}]}]"
        let web = try policy(np, "{podSelector: {matchLabels: {app: web}}, \(gateway)}")
        let world = ClusterSnapshot(endpoints: [pod("web", 1), pod("web", 2), pod("web", 3), pod("gw", 1)])
        #expect(
            PolicySummary(web, world: world).lines.prefix(3) == [
                "Applies to pods in namespace shop with app=web (3 pods now).",
                "Inbound: allows TCP 8080 from pods with app=gw in namespace shop.",
                "Everything else inbound is dropped.",
            ]
        )
        let typo = try policy(np, "{podSelector: {matchLabels: {app: wbe}}}")
        #expect(
            PolicySummary(typo, world: world).lines.first
                == "Applies to pods in namespace shop with app=wbe (no pods match now)."
        )
    }

    @Test(arguments: [
        // S3, S4, S5 and S10, S11.
        (
            "ingress: [{from: [{podSelector: {matchLabels: {app: gw}}, namespaceSelector: {matchLabels: {team: edge}}}], "
                + "ports: [{port: 8080}]}]",
            "Inbound: allows TCP 8080 from pods with app=gw in namespaces with team=edge."
        ),
        (
            "ingress: [{from: [{podSelector: {matchLabels: {app: gw}}}, {namespaceSelector: {matchLabels: {team: edge}}}]"
                + ", ports: [{port: 8080}]}]",
            "Inbound: allows TCP 8080 from pods with app=gw in namespace shop, or from any pod in namespaces with "
                + "team=edge."
        ),
        ("ingress: [{}]", "Inbound: allows everything from anywhere."),
        (
            "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]",
            "Outbound: allows any port to 10.0.0.0/8 except 10.1.0.0/16."
        ),
        ("ingress: [{ports: [{port: 8000, endPort: 8100}]}]", "Inbound: allows TCP 8000 to 8100 from anywhere."),
    ])
    func `rules of a NetworkPolicy read as sentences`(rules: String, line: String) throws {
        #expect(PolicySummary(try policy(np, "{podSelector: {}, \(rules)}")).lines.contains(line))
    }

    @Test(arguments: [
        // S6 to S9, S12 and S13.
        ("ingress: [{}]", "Inbound: nothing is allowed by this policy."),
        ("ingress: [{fromEndpoints: [{}]}]", "Inbound: allows any port from every pod in namespace shop."),
        (
            "egress: [{toFQDNs: [{matchName: api.example.com}], toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]}]",
            "Outbound: allows TCP 443 to api.example.com."
        ),
        (
            "egress: [{toEntities: [world], toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]}]",
            "Outbound: allows TCP 443 to any address outside the cluster."
        ),
        (
            "ingressDeny: [{fromEntities: [world]}]",
            "Inbound: denies any port from outside the cluster. Deny rules win over every allow rule."
        ),
        (
            "ingress: [{fromEntities: [host], toPorts: [{ports: [{port: \"8080\", protocol: TCP}], rules: {http: "
                + "[{method: GET, path: /health}]}}]}]",
            "Inbound: allows TCP 8080, HTTP GET /health only, from the host."
        ),
    ])
    func `rules of a CiliumNetworkPolicy read as sentences`(rules: String, line: String) throws {
        #expect(PolicySummary(try policy(cnp, "{endpointSelector: {}, \(rules)}")).lines.contains(line))
    }

    @Test func `S5 a policy that allows everything has no default line`() throws {
        let lines = PolicySummary(try policy(np, "{podSelector: {}, ingress: [{}]}")).lines
        #expect(!lines.contains { $0.hasPrefix("Everything else inbound") })
    }

    @Test func `S14 a cluster-wide policy applies to every pod`() throws {
        let lines = PolicySummary(
            try policy("CiliumClusterwideNetworkPolicy", "{endpointSelector: {}, ingress: [{}]}")
        ).lines
        #expect(lines.first == "Applies to every pod in the cluster.")
    }

    @Test func `an ordered policy is told in its order`() throws {
        let text = """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: p}
            spec:
              priority: 10
              subject: {namespaces: {matchLabels: {team: retail}}}
              ingress:
              - {action: Pass, from: [{namespaces: {matchLabels: {team: ops}}}]}
              - {action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 22}}]}
              - {action: Allow, from: [{namespaces: {}}]}
            """
        let decoded = PolicyDecoder(.init(tieredPolicies: .read)).decode(MarkedText(text).document())
        let admin = try #require(decoded.policies.first, "\(decoded.findings)")
        #expect(
            PolicySummary(admin).lines == [
                "Applies to all pods in namespaces with team=retail.",
                "Asked before network policies, priority 10; the first rule that matches decides.",
                "Inbound 1: leaves any port from any pod in namespaces with team=ops to network policies.",
                "Inbound 2: denies TCP 22 from every pod in the cluster.",
                "Inbound 3: allows any port from every pod in the cluster.",
                "Everything else inbound is left to the policies after this one.",
                "Outbound: not restricted by this policy.",
            ]
        )
        var baseline = admin
        baseline.id.kind = .baselineAdminNetworkPolicy
        baseline.tier = .baseline
        #expect(
            PolicySummary(baseline).lines[1]
                == "Asked last, where no network policy restricts these pods; the first rule that matches decides."
        )
        #expect(PolicySummary(baseline).lines.contains("Everything else inbound is allowed."))
    }

    @Test(arguments: [
        // Every canonical policy whole: kind, spec, and all its lines.
        (
            "NetworkPolicy", "{podSelector: {}, ingress: [{}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: allows everything from anywhere.",
                "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "NetworkPolicy",
            "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: gw}}}, "
                + "{namespaceSelector: {matchLabels: {team: edge}}}], ports: [{port: 8000, endPort: 8100}]}]}",
            [
                "Applies to pods in namespace shop with app=web.",
                "Inbound: allows TCP 8000 to 8100 from pods with app=gw in namespace shop, or from any pod in namespaces with "
                    + "team=edge.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "NetworkPolicy",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: not restricted by this policy.",
                "Outbound: allows any port to 10.0.0.0/8 except 10.1.0.0/16.", "Everything else outbound is dropped.",
            ]
        ),
        (
            "CiliumNetworkPolicy", "{endpointSelector: {}, ingress: [{}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: nothing is allowed by this policy.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "CiliumNetworkPolicy", "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: allows any port from every pod in namespace shop.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "CiliumNetworkPolicy",
            "{endpointSelector: {}, egress: [{toFQDNs: [{matchName: api.example.com}], toPorts: [{ports: [{port: \"443\", "
                + "protocol: TCP}]}]}, {toEntities: [world], toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: not restricted by this policy.",
                "Outbound: allows TCP 443 to api.example.com.",
                "Outbound: allows TCP 443 to any address outside the cluster.",
                "Everything else outbound is dropped.",
            ]
        ),
        (
            "CiliumNetworkPolicy", "{endpointSelector: {}, ingressDeny: [{fromEntities: [world]}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: nothing is allowed by this policy.",
                "Inbound: denies any port from outside the cluster. Deny rules win over every allow rule.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "CiliumNetworkPolicy",
            "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: gw}}], toPorts: [{ports: [{port: \"8080\", "
                + "protocol: TCP}], rules: {http: [{method: GET, path: /health}, {host: a.example, headers: [X-A]}, {}]}}]}]}",
            [
                "Applies to all pods in namespace shop.",
                "Inbound: allows TCP 8080, HTTP GET /health or HTTP on host a.example with header X-A or any HTTP request only, "
                    + "from pods with app=gw in namespace shop.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
        (
            "CiliumNetworkPolicy",
            "{endpointSelector: {}, egress: [{toEntities: [cluster], toPorts: [{ports: [{port: \"53\", protocol: UDP}], "
                + "rules: {dns: [{matchPattern: \"*.example\"}]}}, {ports: [{port: \"443\", protocol: TCP}], serverNames: [a.b]}]}]}",
            [
                "Applies to all pods in namespace shop.", "Inbound: not restricted by this policy.",
                "Outbound: allows UDP 53, DNS lookups of *.example only, to anything in the cluster.",
                "Outbound: allows TCP 443, TLS server name a.b only, to anything in the cluster.",
                "Everything else outbound is dropped.",
            ]
        ),
        (
            "CiliumClusterwideNetworkPolicy", "{endpointSelector: {}, ingress: [{fromEntities: [health]}]}",
            [
                "Applies to every pod in the cluster.", "Inbound: allows any port from health checks.",
                "Everything else inbound is dropped.", "Outbound: not restricted by this policy.",
            ]
        ),
    ])
    func `a summary has every line and no other`(kind: String, spec: String, lines: [String]) throws {
        #expect(PolicySummary(try policy(kind, spec)).lines == lines)
    }

    @Test(arguments: [
        // S5, S6 and S8 come with a remark.
        ("NetworkPolicy", "{podSelector: {}, ingress: [{}]}", "V201"),
        ("CiliumNetworkPolicy", "{endpointSelector: {}, ingress: [{}]}", "V202"),
        ("CiliumNetworkPolicy", "{endpointSelector: {}, egress: [{toFQDNs: [{matchName: a.example}]}]}", "V131"),
    ])
    func `a surprising policy also gets a remark`(kind: String, spec: String, code: String) throws {
        let version = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2"
        let text = "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: p, namespace: shop}\nspec: \(spec)\n"
        let decoded = PolicyDecoder().decode(MarkedText(text).document())
        let world = ClusterSnapshot(endpoints: [pod("web", 1)])
        #expect(PolicyLint(engine: nil, world: world).findings([decoded]).map(\.code).contains(code))
    }

    @Test func `in audit the default says what would happen`() throws {
        let lines = PolicySummary(try policy(np, "{podSelector: {}}"), mode: .audit).lines
        #expect(
            lines.contains("Everything else inbound would be dropped (audit only: it is still allowed today).")
        )
    }

    @Test func `another policy that allows traffic to the same pods is mentioned`() throws {
        let closed = try policy(np, "{podSelector: {}}")
        var open = try policy(np, "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}")
        open.id.name = "other"
        let sentence = "Other policies may allow more; see Effective rules."
        let world = ClusterSnapshot(endpoints: [pod("web", 1)], policies: [closed, open])
        #expect(PolicySummary(closed, world: world).lines.contains(sentence))
        let without = ClusterSnapshot(endpoints: [pod("db", 1)], policies: [closed, open])
        #expect(!PolicySummary(closed, world: without).lines.contains(sentence))
    }
}

@Suite struct UnenforceableFeatureTests {
    @Test(arguments: [
        ("egress: [{toFQDNs: [{matchName: a.b}]}]", ["DNS-name peers"]),
        ("egress: [{toServices: [{k8sService: {serviceName: a}}]}]", ["Service peers"]),
        ("egress: [{toNodes: [{}]}]", ["peers that are nodes"]),
        ("egress: [{toGroups: [{aws: {securityGroupsIds: [a]}}]}]", ["cloud security groups"]),
        ("ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]", ["mutual authentication"]),
        ("ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{}]}}]}]", ["HTTP rules"]),
        ("ingress: [{fromEndpoints: [{}]}, {fromCIDRSet: [{cidrGroupRef: a}]}]", []),
        ("ingress: [{toPorts: [{ports: [{protocol: VRRP}]}]}]", []),
    ])
    func `a host says what it cannot enforce`(rules: String, features: [String]) throws {
        let policy = try policy("CiliumNetworkPolicy", "{endpointSelector: {}, \(rules)}")
        #expect(EnforcementEngine.host.unenforceable(in: policy).map(\.feature) == features)
        #expect(EnforcementEngine.kubernetes.unenforceable(in: policy).isEmpty)
    }

    @Test func `the finding says why`() throws {
        let nodes = try policy("CiliumClusterwideNetworkPolicy", "{nodeSelector: {}, ingress: [{}]}")
        #expect(
            EnforcementEngine.host.unenforceable(in: nodes).map(\.finding.description) == [
                "test.yaml:4:7: error: [V113] This environment cannot enforce rules for nodes: it protects containers, "
                    + "not the host itself."
            ]
        )
    }
}
