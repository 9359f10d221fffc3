// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let world = """
    {kind: Namespace, metadata: {name: shop, labels: {team: storefront}}}
    ---
    {kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {}, status: {podIP: 10.0.0.1}}
    ---
    {kind: Pod, metadata: {name: gw, namespace: shop, labels: {app: gw}}, spec: {}, status: {podIP: 10.0.0.2}}
    ---
    {kind: Pod, metadata: {name: db, namespace: data, labels: {app: db}}, spec: {}, status: {podIP: 10.0.0.3}}
    ---
    {kind: Pod, metadata: {name: agent, namespace: shop, labels: {app: agent}}, spec: {hostNetwork: true}, \
    status: {podIP: 192.168.0.1}}
    ---
    {kind: Node, metadata: {name: one}, status: {addresses: [{address: 192.168.0.1}]}}
    ---
    {kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, \
    spec: {containers: [{ports: [{name: dns, containerPort: 5353, protocol: UDP}]}]}, status: {podIP: 10.0.9.1}}
    """

/// A policy of the shop, with its rules as written.
private func policy(_ kind: String, _ name: String, _ spec: String) -> String {
    let version = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2"
    let namespace = kind == "CiliumClusterwideNetworkPolicy" ? "" : ", namespace: shop"
    return "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: \(name)\(namespace)}\nspec: \(spec)\n---\n"
}

private func np(_ name: String, _ spec: String) -> String { policy("NetworkPolicy", name, spec) }
private func cnp(_ name: String, _ spec: String) -> String { policy("CiliumNetworkPolicy", name, spec) }

private func lint(
    _ text: String,
    world: String = world,
    hits: RuleHits? = nil,
    host: HostTraffic = .allowed
) -> [Finding] {
    var options = WorldReader.Options(reach: .layer7)
    options.tieredPolicies = .read
    let read = WorldReader(options).read([MarkedText(text).document(), MarkedText(world).document("world.yaml")])
    var snapshot = read.snapshot
    snapshot.hostTraffic = host
    return PolicyLint(engine: .kubernetes, world: snapshot, hits: hits).findings(read.documents)
}

@Suite struct LintRuleTests {
    private static let web = "endpointSelector: {matchLabels: {app: web}}"
    private static let toGateway = "{fromEndpoints: [{matchLabels: {app: gw}}]}"
    private static let dnsRule = """
        {toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], \
        toPorts: [{ports: [{port: "5353", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]}
        """

    @Test(arguments: [
        // A code, and a policy that gets it and no other warning.
        (
            "V112", "A rule for DNS names needs a CiliumNetworkPolicy.",
            np("p", "{podSelector: {}, egress: [{toFQDNs: []}]}")
        ),
        (
            "V123", "This rule is already covered by rule inbound/1.",
            cnp("p", "{\(web), ingress: [{fromEndpoints: [{}]}, \(toGateway)]}")
        ),
        (
            "V123", "This rule is already covered by rule inbound/2.",
            cnp("p", "{\(web), ingress: [{fromCIDR: [203.0.113.0/28]}, {fromCIDRSet: [{cidr: 203.0.113.0/24}]}]}")
        ),
        (
            "V126", "This policy selects no pods: there are none in namespace empty.",
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: empty}\n"
        ),
        (
            "V128", "Removing this policy changes nothing for any pod there is now.",
            cnp("a", "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}")
                + cnp("b", "{\(web), ingress: [\(toGateway)]}")
        ),
        (
            "V130",
            "These pods lose DNS: outbound becomes restricted and no policy allows port 53 to the cluster DNS.",
            cnp("p", #"{\#(web), egress: [{toPorts: [{ports: [{port: "53", protocol: UDP}]}]}]}"#)
        ),
        (
            "V131",
            "DNS-name rules only work if Cilium can see the DNS answers, and no policy for these pods sends DNS through the "
                + "proxy.",
            cnp("p", "{\(web), egress: [{toFQDNs: [{matchName: a.example}]}, {toEntities: [cluster]}]}")
        ),
        (
            "V140",
            "10.0.0.0/24 covers pod addresses. Cilium does not apply IP ranges to pods it manages; select them by label.",
            cnp("p", "{\(web), ingress: [{fromCIDR: [10.0.0.0/24]}]}")
        ),
        (
            "V141", "192.168.0.0/16 covers node addresses; use the entities host or remote-node.",
            cnp("p", "{\(web), ingress: [{fromCIDR: [192.168.0.0/16]}]}")
        ),
        (
            "V151", "No namespace given: this matches pods in shop only.",
            cnp("p", "{\(web), ingress: [{fromEndpoints: [{matchLabels: {app: db}}]}]}")
        ),
        (
            "V160",
            "1 other policy also allows inbound to these pods; removing this rule will not block "
                + "pods with app=gw in namespace shop.",
            cnp("a", "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}")
                + cnp("b", "{\(web), ingress: [\(toGateway), {fromEntities: [health]}]}")
        ),
        (
            "V161", "A deny rule in shop/b overrides this allow.",
            cnp("a", "{\(web), ingress: [\(toGateway)]}")
                + cnp("b", "{endpointSelector: {}, ingressDeny: [{fromEntities: [all]}]}")
        ),
        (
            "V210", "Host-network pods (shop/agent) are not affected by this policy.",
            cnp("p", "{endpointSelector: {matchLabels: {app: agent}}, ingress: [{fromEndpoints: [{}]}]}")
        ),
        (
            "V127", "This rule is never reached: rule inbound/1 comes before it and decides all it matches.",
            "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: p}\nspec: {priority: 1, "
                + "subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}, "
                + "{action: Deny, from: [{namespaces: {matchLabels: {team: storefront}}}]}]}\n"
        ),
    ])
    func `a doubtful policy gets its remark`(code: String, message: String, text: String) {
        let findings = lint(text)
        #expect(findings.filter { $0.code == code }.map(\.message) == [message], "\(findings)")
    }

    @Test(arguments: [
        // A code, and a policy near to what the code is about that must not get it.
        ("V123", cnp("p", "{\(web), ingress: [{fromEndpoints: [{}]}, {fromEntities: [health]}]}")),
        (
            "V123",
            cnp(
                "p",
                "{\(web), ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}, {fromCIDR: [10.1.0.0/24]}]}"
            )
        ),
        (
            "V123",
            cnp(
                "p",
                #"{\#(web), ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "80"}]}]}, {fromEndpoints: [{}]}]}"#
            ).replacing("{fromEndpoints: [{}]}]}", with: "{fromEntities: [world]}]}")
        ),
        (
            "V128",
            cnp("a", "{endpointSelector: {}, ingress: [{fromEntities: [health]}]}")
                + cnp("b", "{\(web), ingress: [\(toGateway)]}")
        ),
        // A guard for pods to come.
        (
            "V128",
            np("a", "{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}")
                + np(
                    "b",
                    "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: gw}}}]}]}"
                )
        ),
        // Without b nothing isolates.
        ("V128", cnp("b", "{\(web), ingress: [\(toGateway)]}")),
        ("V130", cnp("p", "{\(web), egress: [\(dnsRule)]}")),
        ("V130", cnp("p", "{\(web), enableDefaultDeny: {egress: false}, egress: [{toEntities: [world]}]}")),
        ("V131", cnp("p", "{\(web), egress: [{toFQDNs: [{matchName: a.example}]}, \(dnsRule)]}")),
        (
            "V131",
            cnp("p", "{\(web), egress: [{toFQDNs: [{matchName: a.example}]}]}")
                + cnp("d", "{endpointSelector: {}, egress: [\(dnsRule)]}")
        ),
        ("V140", cnp("p", "{\(web), ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/24, except: [10.0.0.0/28]}]}]}")),
        ("V140", np("p", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}")),
        (
            "V151",
            cnp(
                "p",
                "{\(web), ingress: [{fromEndpoints: [{matchLabels: {app: db, io.kubernetes.pod.namespace: data}}]}]}"
            )
        ),
        (
            "V161",
            cnp("a", "{\(web), ingress: [\(toGateway)]}")
                + cnp(
                    "b",
                    #"{endpointSelector: {}, ingressDeny: [{fromEntities: [all], toPorts: [{ports: [{port: "22"}]}]}]}"#
                )
        ),
        ("V132", cnp("p", "{\(web), ingress: [\(toGateway)]}")),
    ])
    func `a policy near to it gets none`(code: String, text: String) {
        let findings = lint(text)
        #expect(!findings.contains { $0.code == code || $0.severity == .error }, "\(findings)")
    }

    @Test func `the host is missed only where it is not let in by itself`() {
        let closed = cnp("p", "{\(Self.web), ingress: [\(Self.toGateway)]}")
        #expect(lint(closed, host: .enforced).map(\.code) == ["V132"])
        let open = cnp("p", "{\(Self.web), ingress: [\(Self.toGateway), {fromEntities: [host]}]}")
        #expect(lint(open, host: .enforced).isEmpty)
    }

    @Test func `rules that no flow matched are named, and only those`() throws {
        let text = cnp("p", "{\(Self.web), ingress: [\(Self.toGateway), {fromEntities: [health]}]}")
        let used = RuleID(
            policy: PolicyID(.ciliumNetworkPolicy, namespace: "shop", name: "p"),
            spec: 0,
            direction: .ingress,
            action: .allow,
            index: 0
        )
        let findings = lint(text, hits: RuleHits([used: 3], window: "the last 7 days"))
        #expect(findings.map(\.message) == ["Never matched in the last 7 days."])
        #expect(lint(text, hits: RuleHits([:], window: "the last day")).count == 2)
    }
}
