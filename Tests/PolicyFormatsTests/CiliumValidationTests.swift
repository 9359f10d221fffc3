// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct CiliumValidationTests {
    private func findings(_ spec: String, kind: String = "CiliumNetworkPolicy") -> (MarkedText, DecodedDocument) {
        let metadata = kind == "CiliumNetworkPolicy" ? "{name: p, namespace: shop}" : "{name: p}"
        let marked = MarkedText("apiVersion: cilium.io/v2\nkind: \(kind)\nmetadata: \(metadata)\nspec: \(spec)\n")
        return (marked, PolicyDecoder().decode(marked.document()))
    }

    @Test(arguments: [
        // Sections and subjects.
        ("⟦x⟧{endpointSelector: {}}", "V116"),
        ("⟦x⟧{endpointSelector: {}, ingress: [], enableDefaultDeny: {ingress: true}}", "V116"),
        ("⟦x⟧{ingress: [{}]}", "V116"),
        ("⟦x⟧{endpointSelector: {}, nodeSelector: {}, ingress: [{}]}", "V119"),
        ("{⟦x⟧nodeSelector: {}, ingress: [{}]}", "V119"),
        ("{endpointSelector: {matchLabels: {⟦x⟧\"a:b:c\": d}}, ingress: [{}]}", "V109"),
        ("{endpointSelector: {matchLabels: {⟦x⟧\"a-b:c\": d}}, ingress: [{}]}", "V109"),
        // Peers.
        ("{endpointSelector: {}, ingress: [⟦x⟧{fromEndpoints: [{}], fromEntities: [world]}]}", "V117"),
        ("{endpointSelector: {}, egress: [⟦x⟧{toEndpoints: [{}], toFQDNs: [{matchName: a.b}]}]}", "V117"),
        ("{endpointSelector: {}, ingress: [{fromEntities: [⟦x⟧wrld]}]}", "V118"),
        ("{endpointSelector: {}, ingress: [{fromEntities: [⟦x⟧world-ipv4]}]}", "V118"),
        ("{endpointSelector: {}, ingress: [{fromCIDR: [⟦x⟧10.0.0.1]}]}", "V106"),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: ⟦x⟧10.0.0.1}]}]}", "V106"),
        ("{endpointSelector: {}, ingressDeny: [{fromCIDR: [⟦x⟧\"::ffff:10.0.0.0/104\"]}]}", "V106"),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [⟦x⟧11.0.0.0/9]}]}]}", "V107"),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [⟦x⟧0.0.0.0/0]}]}]}", "V107"),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [⟦x⟧{cidr: 10.0.0.0/8, cidrGroupRef: g}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [⟦x⟧{}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{fromRequires: ⟦x⟧[{}]}]}", "V171"),
        ("{endpointSelector: {}, egress: [{toFQDNs: [⟦x⟧{matchName: a.b, matchPattern: b}]}]}", "V117"),
        ("{endpointSelector: {}, egress: [{toFQDNs: [{matchName: ⟦x⟧\"*.b\"}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{⟦x⟧toFQDNs: [{matchName: a.b}]}]}", "V111"),
        ("{endpointSelector: {}, egressDeny: [{⟦x⟧toFQDNs: [{matchName: a.b}]}]}", "V114"),
        ("{endpointSelector: {}, ingress: [{authentication: {mode: ⟦x⟧requird}}]}", "V118"),
        ("{endpointSelector: {}, ingressDeny: [{⟦x⟧authentication: {mode: required}}]}", "V102"),
        // Ports.
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧80}]}]}]}", "V115"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧\"80a-\"}]}]}]}", "V104"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧\"70000\"}]}]}]}", "V104"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧\"010\"}]}]}]}", "V104"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧\"\"}]}]}]}", "V104"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [⟦x⟧{protocol: TCP}]}]}]}", "V116"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\", endPort: ⟦x⟧79}]}]}]}", "V105"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"0\", endPort: ⟦x⟧79}]}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\", protocol: ⟦x⟧tcp}]}]}]}", "V118"),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: ⟦x⟧\"80\", protocol: VRRP}]}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [⟦x⟧{toPorts: [{}], icmps: [{}]}]}", "V117"),
        ("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: ⟦x⟧256}]}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: ⟦x⟧PacketTooBig}]}]}]}", "V119"),
        ("{endpointSelector: {}, ingress: [{icmps: [{fields: [{family: ⟦x⟧ipv4, type: 8}]}]}]}", "V118"),
        ("{endpointSelector: {}, ingress: [{icmps: [{fields: [⟦x⟧{family: IPv4}]}]}]}", "V116"),
        // Anything else.
        ("{endpointSelector: {}, ingress: [{}], log: {value: ⟦x⟧0123456789012345678901234567890123}}", "V115"),
        ("{endpointSelector: {}, ingress: [{}], log: {value: ⟦x⟧\"0123456789012345678901234567890123\"}}", "V119"),
        ("{endpointSelector: {}, ingress: [{}], enableDefaultDeny: {ingress: ⟦x⟧\"no\"}}", "V115"),
        ("{endpointSelector: {}, ingress: [⟦x⟧{}]}", "V202"),
    ])
    func `each mistake is a finding at its place`(spec: String, code: String) throws {
        let (marked, decoded) = findings(spec)
        let finding = try #require(decoded.findings.first { $0.code == code }, "\(decoded.findings)")
        #expect(finding.location == marked.place("x"))
        #expect(decoded.policies.isEmpty == decoded.hasErrors)
        #expect(decoded.hasErrors == (finding.severity == .error))
    }

    @Test(arguments: [
        ("ingress", "{ports: [{port: ⟦x⟧\"80\"}], rules: {http: [{}]}}", "V119"),
        ("ingress", "{ports: [{port: ⟦x⟧\"80\", protocol: UDP}], rules: {http: [{}]}}", "V119"),
        ("ingress", "{ports: [{port: ⟦x⟧\"0\", protocol: TCP}], rules: {http: [{}]}}", "V119"),
        ("ingress", "{ports: [{port: \"80\", protocol: TCP}], rules: ⟦x⟧{http: [{}], kafka: [{}]}}", "V119"),
        ("ingress", "{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: ⟦x⟧\"(\"}]}}", "V119"),
        ("ingress", "{ports: [{port: \"53\"}], rules: {dns: ⟦x⟧[{matchName: a.b}]}}", "V111"),
        ("egress", "{ports: [{port: ⟦x⟧\"53\", endPort: 54}], rules: {dns: [{matchName: a.b}]}}", "V119"),
        ("egress", "{ports: [{port: ⟦x⟧\"53\", protocol: SCTP}], rules: {dns: [{matchName: a.b}]}}", "V119"),
        ("egress", "{rules: {dns: ⟦x⟧[{matchName: a.b}]}}", "V116"),
        ("ingressDeny", "{ports: [{port: \"80\", protocol: TCP}], ⟦x⟧rules: {http: [{}]}}", "V114"),
        ("ingressDeny", "{ports: [{port: \"80\"}], ⟦x⟧serverNames: [a]}", "V102"),
        ("egress", "{ports: [{port: \"80\"}], serverNames: ⟦x⟧[]}", "V119"),
        ("egress", "{ports: [{port: \"80\"}], serverNames: [⟦x⟧\"\"]}", "V119"),
        ("egress", "{ports: [{port: \"80\", protocol: TCP}], serverNames: ⟦x⟧[a], rules: {http: [{}]}}", "V119"),
        ("ingress", "{ports: [{port: \"80\"}], listener: ⟦x⟧{name: l, envoyConfig: {name: c}}}", "V119"),
        ("egress", "{ports: [{port: \"80\"}], terminatingTLS: ⟦x⟧{}}", "V116"),
    ])
    func `conditions are checked against their ports and section`(section: String, item: String, code: String) throws {
        let (marked, decoded) = findings("{endpointSelector: {}, \(section): [{toPorts: [\(item)]}]}")
        let finding = try #require(decoded.findings.first { $0.code == code }, "\(decoded.findings)")
        #expect(finding.location == marked.place("x"))
        #expect(decoded.hasErrors)
    }

    @Test func `more than forty ports are refused`() {
        let ports = Array(repeating: "{port: \"80\"}", count: 41).joined(separator: ", ")
        #expect(findings("{endpointSelector: {}, ingress: [{toPorts: [{ports: [\(ports)]}]}]}").1.hasErrors)
    }

    @Test func `one bad item of specs rejects the object`() {
        let text = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: p}
            specs:
            - {endpointSelector: {}, ingress: [{}]}
            - {endpointSelector: {}}
            """
        #expect(PolicyDecoder().decode(MarkedText(text).document()).policies.isEmpty)
    }

    @Test func `every field of a good policy is read without a remark`() throws {
        let text = """
            description: lets in the api
            endpointSelector: {matchLabels: {app: db}}
            labels: [{key: a, value: b, source: k8s}]
            log: {value: hello}
            enableDefaultDeny: {ingress: true, egress: false}
            ingress:
            - fromEndpoints: [{matchLabels: {app: api}}]
              toPorts: [{ports: [{port: "5432", protocol: TCP}, {port: "8000", endPort: 8100}, {port: Metrics}]}]
            - fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}, {cidrGroupRef: office}, \
            {cidrGroupSelector: {matchLabels: {kind: vpn}}}]
            - fromEntities: [cluster, kube-apiserver]
              icmps: [{fields: [{type: 8}, {type: EchoRequest, family: IPv6}, {type: "0"}]}]
              authentication: {mode: required}
            ingressDeny:
            - fromCIDR: ["2001:db8::/32"]
            egress:
            - toServices: [{k8sService: {serviceName: s, namespace: ns}}, {k8sServiceSelector: {selector: {matchLabels: {a: b}}}}]
            - toFQDNs: [{matchName: a.example.com}, {matchPattern: "*.example.com"}]
            - toGroups: [{aws: {securityGroupsIds: [sg-1]}}]
            - toNodes: [{matchLabels: {role: edge}}]
            - toPorts:
              - ports: [{port: "53", protocol: UDP}]
                rules: {dns: [{matchPattern: "*"}]}
            - toEntities: [all]
              toPorts:
              - ports: [{protocol: VRRP}, {port: "443", protocol: TCP}]
                serverNames: [a.example.com]
              - ports: [{port: "443", protocol: TCP}]
                terminatingTLS: {secret: {name: s, namespace: ns}}
                listener: {name: l, envoyConfig: {kind: CiliumEnvoyConfig, name: c}, priority: 1}
            egressDeny:
            - toServices: [{k8sService: {serviceName: s}}]
              toPorts: [{ports: [{port: "0", protocol: UDP}]}]
            """
        let indented = text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        let (_, decoded) = findings("\n" + indented)
        #expect(decoded.findings.isEmpty, "\(decoded.findings)")
        let spec = try #require(decoded.policies.first?.specs.first)
        #expect(spec.isolates == [.ingress])
        #expect(decoded.policies.first?.summary == "lets in the api")
        #expect(spec.rules.count == 12)
        #expect(
            spec.rules[2].ports
                == .anyOf([.icmp(.icmp, type: 8), .icmp(.icmpv6, type: 128), .icmp(.icmp, type: 0)])
        )
        #expect(spec.rules[2].conditions == [.authentication("required")])
        // Cilium never resolves services in a deny rule: it denies the ports to everyone.
        #expect(spec.rules.last?.peers == .anyone)
        #expect(spec.rules.last?.ports == .anyOf([.numbered([.udp], .all)]))
    }
}
