// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Every validation rule of the three kinds, each with a text that breaks only this one.
@Suite struct TieredPolicyValidationTests {
    private func check(_ kind: String, version: String, name: String = "default", _ spec: String, _ code: String) throws
    {
        let marked = MarkedText(
            """
            apiVersion: policy.networking.k8s.io/\(version)
            kind: \(kind)
            metadata: {name: \(name)}
            spec: \(spec)

            """
        )
        let decoded = PolicyDecoder(.init(tieredPolicies: .read)).decode(marked.document())
        #expect(decoded.findings.map(\.code) == [code], "\(decoded.findings)")
        #expect(decoded.findings.first?.location == marked.place("x"), "\(decoded.findings)")
        #expect(decoded.policies.isEmpty == decoded.hasErrors)
    }

    @Test(arguments: [
        ("⟦x⟧{subject: {namespaces: {}}}", "V116"),
        ("{priority: ⟦x⟧1001, subject: {namespaces: {}}}", "V119"),
        ("{priority: ⟦x⟧-1, subject: {namespaces: {}}}", "V119"),
        ("{priority: ⟦x⟧\"1\", subject: {namespaces: {}}}", "V115"),
        ("⟦x⟧{priority: 1}", "V116"),
        ("{priority: 1, subject: ⟦x⟧{}}", "V116"),
        ("{priority: 1, subject: ⟦x⟧{namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}}", "V119"),
        ("{priority: 1, subject: {pods: ⟦x⟧{namespaceSelector: {}}}}", "V116"),
        ("{priority: 1, subject: {namespaces: {⟦x⟧namespaceSelector: {}}}}", "V102"),
        ("{priority: 1, subject: {namespaces: {}}, ⟦x⟧tier: Admin}", "V102"),
    ])
    func `each mistake in an AdminNetworkPolicy is a finding at its place`(spec: String, code: String) throws {
        try check("AdminNetworkPolicy", version: "v1alpha1", spec, code)
    }

    @Test(arguments: [
        ("ingress", "⟦x⟧{from: [{namespaces: {}}]}", "V116"),
        ("ingress", "{action: ⟦x⟧Accept, from: [{namespaces: {}}]}", "V118"),
        ("ingress", "⟦x⟧{action: Allow}", "V116"),
        ("ingress", "{action: Allow, from: ⟦x⟧[]}", "V116"),
        ("ingress", "{action: Allow, from: [⟦x⟧{}]}", "V116"),
        ("ingress", "{action: Allow, from: [{⟦x⟧networks: [10.0.0.0/8]}]}", "V102"),
        ("ingress", "{action: Allow, from: [{⟦x⟧nodes: {}}]}", "V102"),
        ("egress", "{action: Allow, to: [⟦x⟧{namespaces: {}, nodes: {}}]}", "V117"),
        ("egress", "{action: Allow, to: [{networks: ⟦x⟧[]}]}", "V116"),
        ("egress", "{action: Allow, to: [{networks: [⟦x⟧10.0.0.1]}]}", "V106"),
        ("egress", "{action: Allow, to: [{networks: [⟦x⟧10.0.0.1/8]}]}", "V108"),
        ("egress", "{action: Allow, to: [{networks: [10.0.0.0/8, ⟦x⟧10.0.0.0/8]}]}", "V119"),
        ("egress", "{action: Deny, to: [{domainNames: ⟦x⟧[a.b]}]}", "V114"),
        ("egress", "{action: Pass, to: [{domainNames: ⟦x⟧[a.b]}]}", "V119"),
        ("egress", "{action: Allow, to: [{domainNames: [⟦x⟧com]}]}", "V119"),
        ("egress", "{action: Allow, to: [{domainNames: [⟦x⟧\"a.*.b\"]}]}", "V119"),
        ("egress", "{action: Allow, to: [{domainNames: [⟦x⟧\"a-.b\"]}]}", "V119"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: ⟦x⟧[]}", "V116"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [⟦x⟧{}]}", "V116"),
        (
            "ingress", "{action: Allow, from: [{namespaces: {}}], ports: [⟦x⟧{namedPort: a, portNumber: {port: 1}}]}",
            "V117"
        ),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: ⟦x⟧{protocol: TCP}}]}", "V116"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: ⟦x⟧0}}]}", "V104"),
        (
            "ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: 1, protocol: ⟦x⟧tcp}}]}",
            "V118"
        ),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{portRange: {start: 9, end: ⟦x⟧1}}]}", "V105"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{portRange: ⟦x⟧{start: 9}}]}", "V116"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ports: [{namedPort: ⟦x⟧\"80\"}]}", "V104"),
        ("ingress", "{action: Allow, from: [{namespaces: {}}], ⟦x⟧protocols: [{destinationNamedPort: a}]}", "V102"),
        ("egress", "{action: Allow, to: [{networks: [10.0.0.0/8]}], ports: ⟦x⟧[{namedPort: a}]}", "V119"),
        ("egress", "{action: Allow, to: [{nodes: {matchLabels: {⟦x⟧\"a b\": c}}}]}", "V109"),
    ])
    func `each mistake in a rule is a finding at its place`(section: String, rule: String, code: String) throws {
        let spec = "{priority: 1, subject: {namespaces: {}}, \(section): [\(rule)]}"
        try check("AdminNetworkPolicy", version: "v1alpha1", spec, code)
    }

    @Test(arguments: [
        ("⟦x⟧{priority: 1, subject: {namespaces: {}}}", "V116"),
        ("{tier: ⟦x⟧admin, priority: 1, subject: {namespaces: {}}}", "V118"),
        ("⟦x⟧{tier: Admin, subject: {namespaces: {}}}", "V116"),
    ])
    func `each mistake in a ClusterNetworkPolicy is a finding at its place`(spec: String, code: String) throws {
        try check("ClusterNetworkPolicy", version: "v1alpha2", spec, code)
    }

    @Test(arguments: [
        ("⟦x⟧{}", "V116"), ("{tcp: ⟦x⟧{}}", "V116"), ("{tcp: {destinationPort: ⟦x⟧{}}}", "V116"),
        ("⟦x⟧{tcp: {destinationPort: {number: 1}}, udp: {destinationPort: {number: 1}}}", "V117"),
        ("{tcp: {destinationPort: ⟦x⟧{number: 1, range: {start: 1, end: 2}}}}", "V117"),
        ("{tcp: {destinationPort: {number: ⟦x⟧0}}}", "V104"),
        ("{tcp: {destinationPort: {range: ⟦x⟧{start: 5, end: 5}}}}", "V119"),
        ("{tcp: {destinationPort: {range: {start: 5, end: ⟦x⟧4}}}}", "V105"),
        ("{destinationNamedPort: ⟦x⟧\"\"}", "V104"),
    ])
    func `each mistake in protocols is a finding at its place`(item: String, code: String) throws {
        let rule = "{action: Accept, from: [{namespaces: {}}], protocols: [\(item)]}"
        let spec = "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [\(rule)]}"
        try check("ClusterNetworkPolicy", version: "v1alpha2", spec, code)
    }

    @Test func `a baseline policy is called default, never passes, and has no domain names or priority`() throws {
        func baseline(_ spec: String, _ code: String, name: String = "default") throws {
            try check("BaselineAdminNetworkPolicy", version: "v1alpha1", name: name, spec, code)
        }
        try baseline("{subject: {namespaces: {}}}", "V119", name: "⟦x⟧other")
        try baseline("{⟦x⟧priority: 1, subject: {namespaces: {}}}", "V102")
        try baseline("{subject: {namespaces: {}}, egress: [{action: ⟦x⟧Pass, to: [{namespaces: {}}]}]}", "V118")
        try baseline("{subject: {namespaces: {}}, egress: [{action: Allow, to: [{⟦x⟧domainNames: [a.b]}]}]}", "V102")
    }

    @Test(arguments: [
        ("AdminNetworkPolicy", "v1alpha1", "priority: 1, ", "Allow", 100),
        ("BaselineAdminNetworkPolicy", "v1alpha1", "", "Allow", 100),
        ("ClusterNetworkPolicy", "v1alpha2", "tier: Admin, priority: 1, ", "Accept", 25),
    ])
    func `lists have the bounds of their format`(kind: String, version: String, head: String, allow: String, limit: Int)
    {
        func codes(rules: Int, peers: Int, ports: Int, name: Int) -> [String] {
            func list(_ item: String, _ count: Int) -> String {
                Array(repeating: item, count: count).joined(separator: ", ")
            }
            let portsField =
                version == "v1alpha1"
                ? "ports: [\(list("{portNumber: {port: 1}}", ports))]"
                : "protocols: [\(list("{tcp: {destinationPort: {number: 1}}}", ports))]"
            let rule = """
                {name: \(list("a", name).replacing(", ", with: "")), action: \(allow), \
                from: [\(list("{namespaces: {}}", peers))], \(portsField)}
                """
            let text = """
                {apiVersion: policy.networking.k8s.io/\(version), kind: \(kind), metadata: {name: default}, \
                spec: {\(head)subject: {namespaces: {}}, ingress: [\(list(rule, rules))]}}
                """
            let decoded = PolicyDecoder(.init(tieredPolicies: .read)).decode(MarkedText(text).document())
            return decoded.findings.map(\.code)
        }
        #expect(codes(rules: limit, peers: 1, ports: 1, name: 1).isEmpty)
        #expect(codes(rules: limit + 1, peers: 1, ports: 1, name: 1) == ["V119"])
        #expect(codes(rules: 1, peers: limit, ports: limit, name: 100).isEmpty)
        #expect(codes(rules: 1, peers: limit + 1, ports: 1, name: 1) == ["V119"])
        #expect(codes(rules: 1, peers: 1, ports: limit + 1, name: 1) == ["V119"])
        #expect(codes(rules: 1, peers: 1, ports: 1, name: 101) == ["V119"])
    }

    @Test func `a network list has at most 25 blocks`() throws {
        func codes(_ count: Int) -> [String] {
            let blocks = (0..<count).map { "10.\($0).0.0/16" }.joined(separator: ", ")
            let text = """
                {apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: \
                {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [\(blocks)]}]}]}}
                """
            return PolicyDecoder(.init(tieredPolicies: .read)).decode(MarkedText(text).document()).findings.map(\.code)
        }
        #expect(codes(25).isEmpty)
        #expect(codes(26) == ["V119"])
    }

    @Test func `a misspelt field or word names the nearest one, all in one reading`() {
        let text = """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: a}
            spec: {priority: 1, subject: {namespace: {}}, ingress: [{action: Alow, from: [{pod: {}}]}]}
            """
        let decoded = PolicyDecoder(.init(tieredPolicies: .read)).decode(MarkedText(text).document())
        let hints = decoded.findings.map(\.message).filter { $0.contains("Did you mean") }
        #expect(
            hints == [
                "Unknown field \"namespace\" in spec.subject. Did you mean \"namespaces\"?",
                "\"Alow\" is not a value of spec.ingress[0].action. Use one of: Allow, Deny, Pass. Did you mean \"Allow\"?",
                "Unknown field \"pod\" in spec.ingress[0].from[0]. Did you mean \"pods\"?",
            ]
        )
    }
}
