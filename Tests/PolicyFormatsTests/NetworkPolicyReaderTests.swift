// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func decode(_ text: String) -> DecodedDocument {
    PolicyDecoder().decode(MarkedText(text).document())
}

@Suite struct NetworkPolicyReaderTests {
    private func policy(_ spec: String) -> String {
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: \(spec)\n"
    }

    @Test func `a policy keeps its subject, peers and ports`() throws {
        let decoded = decode(
            policy(
                """
                {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: \
                {matchLabels: {app: api}}}], ports: [{port: 5432}, {port: 8000, endPort: 8100, protocol: UDP}, {port: web}]}]}
                """
            )
        )
        #expect(decoded.findings.isEmpty)
        let spec = try #require(decoded.policies.first?.specs.first)
        let namespace = Selector.Requirement.isIn(WellKnownLabel.namespace, ["shop"])
        #expect(spec.subject == .endpoints(Selector([.isIn(.k8s("app"), ["db"]), namespace])))
        #expect(spec.isolates == [.ingress])
        let rule = try #require(spec.rules.first)
        #expect(rule.peers == .anyOf([.endpoints(Selector([.isIn(.k8s("app"), ["api"]), namespace]))]))
        #expect(
            rule.ports
                == .anyOf([
                    .numbered([.tcp], PortRange(5432)), .numbered([.udp], PortRange(8000, 8100)), .named([.tcp], "web"),
                ])
        )
    }

    @Test(arguments: [
        ("{podSelector: {}}", [Direction.ingress], 0),
        ("{podSelector: {}, egress: [{}]}", [.ingress, .egress], 1),
        ("{podSelector: {}, egress: []}", [.ingress], 0),
        ("{podSelector: {}, policyTypes: [Egress], ingress: [{}]}", [.egress], 0),
        ("{podSelector: {}, policyTypes: [], ingress: [{}]}", [.ingress], 1),
        ("null", [.ingress], 0),
    ])
    func `policyTypes decides which directions are isolated and which rules count`(
        spec: String,
        isolates: [Direction],
        rules: Int
    ) throws {
        let decoded = decode(policy(spec))
        #expect(!decoded.hasErrors)
        let read = try #require(decoded.policies.first?.specs.first)
        #expect(read.isolates == Set(isolates))
        #expect(read.rules.count == rules)
    }

    @Test(arguments: [
        ("{}", Peers.anyone, Ports.all),
        ("{from: []}", .anyone, .all),
        ("{from: null, ports: []}", .anyone, .all),
        ("{ports: [{}]}", .anyone, .anyOf([.numbered([.tcp], .all)])),
        ("{ports: [{protocol: SCTP}]}", .anyone, .anyOf([.numbered([.sctp], .all)])),
    ])
    func `an empty list of peers is everyone and an empty port is every port`(
        rule: String,
        peers: Peers,
        ports: Ports
    ) throws {
        let decoded = decode(policy("{podSelector: {}, ingress: [\(rule)]}"))
        let read = try #require(decoded.policies.first?.specs.first?.rules.first)
        #expect(read.peers == peers)
        #expect(read.ports == ports)
    }

    @Test func `a namespace selector never reaches parties without a namespace`() throws {
        let decoded = decode(
            policy(
                """
                {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: \
                NotIn, values: [x]}]}}]}]}
                """
            )
        )
        let rule = try #require(decoded.policies.first?.specs.first?.rules.first)
        guard case .anyOf(let peers) = rule.peers, case .endpoints(let selector) = peers.first else {
            Issue.record("no endpoint peer")
            return
        }
        #expect(!selector.matches(LabelSet([Label(.reserved("world"), "")])))
        #expect(selector.matches(LabelSet([Label(WellKnownLabel.namespace, "a")])))
    }

    @Test func `an ipBlock means whoever has the address`() throws {
        let decoded = decode(
            policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}")
        )
        let rule = try #require(decoded.policies.first?.specs.first?.rules.first)
        let block = try #require(Prefix("10.0.0.0/8"))
        let except = try #require(Prefix("10.1.0.0/16"))
        #expect(rule.peers == .anyOf([.cidr(CIDRPeer(block, except: [except], reach: .anyParty))]))
    }

    @Test(arguments: [
        ("{podSelector: {}, ingress: [{ports: [{port: ⟦x⟧\"80\"}]}]}", "V104"),
        ("{podSelector: {}, ingress: [{ports: [{port: ⟦x⟧0}]}]}", "V104"),
        ("{podSelector: {}, ingress: [{ports: [{port: ⟦x⟧70000}]}]}", "V104"),
        ("{podSelector: {}, ingress: [{ports: [{port: 80, endPort: ⟦x⟧79}]}]}", "V105"),
        ("{podSelector: {}, ingress: [{ports: [{port: web, endPort: ⟦x⟧79}]}]}", "V119"),
        ("{podSelector: {}, ingress: [{ports: [{endPort: ⟦x⟧79}]}]}", "V116"),
        ("{podSelector: {}, ingress: [{ports: [{port: 80, protocol: ⟦x⟧tcp}]}]}", "V118"),
        ("{podSelector: {}, ingress: [{from: [⟦x⟧{}]}]}", "V116"),
        ("{podSelector: {}, ingress: [{from: [⟦x⟧{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}", "V119"),
        ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ⟦x⟧10.0.0.1}}]}]}", "V106"),
        ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [⟦x⟧10.0.0.0/8]}}]}]}", "V107"),
        ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ⟦x⟧10.0.0.1/8}}]}]}", "V108"),
        ("{podSelector: {matchLabels: {app: ⟦x⟧on}}}", "V115"),
        ("{podSelector: {matchLabels: {app: ⟦x⟧\"a b\"}}}", "V109"),
        ("{podSelector: {matchLabels: {⟦x⟧\"a b\": c}}}", "V109"),
        ("{podSelector: {matchExpressions: [{key: a, operator: ⟦x⟧Inn}]}}", "V118"),
        ("{podSelector: {matchExpressions: [⟦x⟧{key: a, operator: In}]}}", "V116"),
        ("{podSelector: {}, policyTypes: [⟦x⟧ingress]}", "V118"),
        ("{podSelector: {}, ⟦x⟧ingres: []}", "V102"),
        ("{podSelector: {}, ingress: [⟦x⟧{}]}", "V201"),
        ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, ⟦x⟧{podSelector: {}}]}]}", "V150"),
    ])
    func `each mistake is a finding at its place`(spec: String, code: String) throws {
        let marked = MarkedText(policy(spec))
        let decoded = PolicyDecoder().decode(marked.document())
        let finding = try #require(decoded.findings.first { $0.code == code })
        #expect(finding.location == marked.place("x"))
        #expect(decoded.policies.isEmpty == decoded.hasErrors)
        #expect(decoded.hasErrors == (finding.severity == .error))
    }

    @Test func `an unknown field names the nearest known one`() {
        let decoded = decode(policy("{podSelector: {}, ingres: []}"))
        #expect(
            decoded.findings.map(\.description) == [
                "test.yaml:4:25: error: [V102] Unknown field \"ingres\" in spec. Did you mean \"ingress\"?"
            ]
        )
    }
}
