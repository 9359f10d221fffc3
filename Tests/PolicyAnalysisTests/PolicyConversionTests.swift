// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func convert(
    _ text: String,
    to target: PolicyConversion.Target,
    semantics: PolicySemantics = .cilium
) throws -> PolicyConversion {
    let document = MarkedText(text).document()
    let options = PolicyDecoder.Options(semantics: semantics)
    let decoded = PolicyDecoder(options).decode(document)
    let policy = try #require(decoded.policies.first, "\(decoded.findings)")
    return PolicyConversion(policy, from: document, to: target, options: options)
}

private func np(_ spec: String) -> String {
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: \(spec)\n"
}

private func cnp(_ spec: String) -> String {
    "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: \(spec)\n"
}

@Suite struct PolicyConversionTests {
    @Test func `a NetworkPolicy becomes a CiliumNetworkPolicy with its comments`() throws {
        let text = """
            # Who may reach the web tier.
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: web
              namespace: shop
              labels: {team: "1"}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress:
              # The gateway, from anywhere.
              - from:
                - podSelector: {matchLabels: {app: gw}}
                  namespaceSelector: {}
                - ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/28]}
                ports:
                - port: http
                - {port: 8000, endPort: 8100, protocol: UDP}

            """
        let converted = try convert(text, to: .cilium)
        #expect(converted.findings.isEmpty)
        #expect(
            converted.text == """
                # Who may reach the web tier.
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata:
                  name: web
                  namespace: shop
                  labels:
                    team: "1"
                spec:
                  endpointSelector:
                    matchLabels:
                      "k8s:app": web
                  ingress:
                  # The gateway, from anywhere.
                  - fromEndpoints:
                    - matchLabels:
                        "k8s:app": gw
                      matchExpressions:
                      - key: "k8s:io.kubernetes.pod.namespace"
                        operator: Exists
                    toPorts:
                    - ports:
                      - port: http
                        protocol: TCP
                      - port: "8000"
                        endPort: 8100
                        protocol: UDP
                  - fromCIDRSet:
                    - cidr: "203.0.113.0/24"
                      except:
                      - "203.0.113.0/28"
                    toPorts:
                    - ports:
                      - port: http
                        protocol: TCP
                      - port: "8000"
                        endPort: 8100
                        protocol: UDP

                """
        )
    }

    @Test(arguments: [
        "{podSelector: {}}", "{podSelector: {}, policyTypes: [Ingress, Egress]}", "{podSelector: {}, ingress: [{}]}",
        "{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}, {protocol: SCTP}]}]}",
        "{podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [b, c]}]}, ingress: [{from: [{podSelector: {}}]}]}",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: \"1\"}}}]}, {ports: [{port: 80}]}]}",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: a, operator: DoesNotExist}]}}]}]}",
    ])
    func `there and back the meaning is the same`(spec: String) throws {
        let there = try #require(try convert(np(spec), to: .cilium).text)
        let back = try convert(there, to: .kubernetes)
        #expect(back.findings.isEmpty, "\(there)")
        let text = try #require(back.text)
        let again = try #require(try convert(text, to: .cilium).text)
        #expect(again == there)
    }

    @Test(arguments: [
        ("ingressDeny: [{fromEndpoints: [{}]}]", "a deny rule"), ("ingress: [{fromEntities: [host]}]", "from the host"),
        ("egress: [{toFQDNs: [{matchName: a.example}]}]", "to a.example"),
        ("enableDefaultDeny: {ingress: false}, ingress: [{fromEndpoints: [{}]}]", "that it allows without isolating"),
        (
            "ingress: [{fromEndpoints: [{}], icmps: [{fields: [{type: 8}]}]}]",
            "a protocol that NetworkPolicy does not have"
        ),
        ("ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]", "mutual authentication"),
        (
            "ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: /a}]}}]}]",
            "HTTP rules"
        ),
        (
            "ingress: [{fromEndpoints: [{matchLabels: {\"reserved:health\": \"\"}}]}]",
            "from endpoints with reserved:health="
        ),
    ])
    func `what would be lost is said`(rules: String, what: String) throws {
        let converted = try convert(cnp("{endpointSelector: {}, \(rules)}"), to: .kubernetes)
        #expect(converted.text == nil)
        #expect(converted.findings.map(\.message) == ["As a NetworkPolicy the policy would lose \(what)."])
    }

    @Test func `a block converts only where both engines read it alike`() throws {
        let policy = np("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}")
        #expect(try convert(policy, to: .cilium, semantics: .cilium).text != nil)
        let refused = try convert(policy, to: .cilium, semantics: .kubernetes)
        #expect(refused.text == nil)
        #expect(refused.findings.map(\.code) == ["V180"])
        let cilium = cnp("{endpointSelector: {}, ingress: [{fromCIDR: [10.0.0.0/8]}]}")
        #expect(try convert(cilium, to: .kubernetes, semantics: .cilium).text != nil)
        #expect(try convert(cilium, to: .kubernetes, semantics: .kubernetes).text == nil)
    }

    @Test func `a policy is not converted to what it is`() throws {
        #expect(try convert(np("{podSelector: {}}"), to: .kubernetes).text == nil)
    }
}
