// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Reads one ordered policy with the given `spec`.
private func read(
    _ kind: PolicyKind,
    _ spec: String,
    name: String = "default",
    unknownPeers: PolicyDecoder.UnknownPeers = .refused
) -> (marked: MarkedText, decoded: DecodedDocument) {
    let version = kind == .clusterNetworkPolicy ? "v1alpha2" : "v1alpha1"
    let marked = MarkedText(
        """
        apiVersion: policy.networking.k8s.io/\(version)
        kind: \(kind.rawValue)
        metadata: {name: \(name)}
        spec: \(spec)

        """
    )
    let decoder = PolicyDecoder(.init(tieredPolicies: .read, unknownPeers: unknownPeers))
    return (marked, decoder.decode(marked.document()))
}

private let hasNamespace = Selector.Requirement.exists(WellKnownLabel.namespace)
private func namespaceLabel(_ key: String) -> LabelKey { .k8s(WellKnownLabel.namespaceLabelPrefix + key) }

@Suite struct TieredPolicyReaderTests {
    @Test(arguments: [
        (PolicyKind.adminNetworkPolicy, "priority: 7, ", Tier.admin, 7),
        (.baselineAdminNetworkPolicy, "", .baseline, 0),
        (.clusterNetworkPolicy, "tier: Admin, priority: 0, ", .admin, 0),
        (.clusterNetworkPolicy, "tier: Baseline, priority: 1000, ", .baseline, 1000),
    ])
    func `a policy has its tier and priority and isolates nobody`(
        kind: PolicyKind,
        head: String,
        tier: Tier,
        priority: Int
    ) throws {
        let decoded = read(kind, "{\(head)subject: {namespaces: {matchLabels: {team: a}}}}").decoded
        #expect(decoded.findings.isEmpty)
        let policy = try #require(decoded.policies.first)
        #expect(policy.id == PolicyID(kind, namespace: nil, name: "default"))
        #expect(policy.tier == tier)
        #expect(policy.priority == priority)
        let spec = try #require(policy.specs.first)
        #expect(spec.isolates.isEmpty)
        #expect(spec.rules.isEmpty)
        #expect(spec.subject == .endpoints(Selector([.isIn(namespaceLabel("team"), ["a"]), hasNamespace])))
    }

    @Test(arguments: [
        (PolicyKind.adminNetworkPolicy, "priority: 1, ", "Allow"), (.baselineAdminNetworkPolicy, "", "Allow"),
        (.clusterNetworkPolicy, "tier: Admin, priority: 1, ", "Accept"),
    ])
    func `rules keep their order, actions and index per section`(kind: PolicyKind, head: String, allow: String) throws {
        let last = kind == .baselineAdminNetworkPolicy ? "Deny" : "Pass"
        let decoded = read(
            kind,
            """
            {\(head)subject: {namespaces: {}}, ingress: [{name: one, action: Deny, from: [{namespaces: {}}]}, \
            {action: \(allow), from: [{namespaces: {}}]}], egress: [{action: \(last), to: [{namespaces: {}}]}]}
            """
        ).decoded
        #expect(decoded.findings.isEmpty)
        let rules = try #require(decoded.policies.first?.specs.first?.rules)
        #expect(rules.map(\.direction) == [.ingress, .ingress, .egress])
        #expect(rules.map(\.action) == [.deny, .allow, last == "Deny" ? .deny : .pass])
        #expect(rules.map(\.index) == [0, 1, 0])
        #expect(rules.allSatisfy { $0.ports == .all && $0.conditions.isEmpty })
        #expect(rules.allSatisfy { $0.peers == .anyOf([.endpoints(Selector([hasNamespace]))]) })
    }

    @Test(arguments: ["namespaces: {}", "pods: {namespaceSelector: {}, podSelector: {}}"])
    func `an empty selector still demands an endpoint`(subject: String) throws {
        let spec = "{priority: 1, subject: {\(subject)}, egress: [{action: Deny, to: [{\(subject)}]}]}"
        let policy = try #require(read(.adminNetworkPolicy, spec).decoded.policies.first)
        let expected = Selector([hasNamespace])
        #expect(policy.specs.first?.subject == .endpoints(expected))
        #expect(policy.specs.first?.rules.first?.peers == .anyOf([.endpoints(expected)]))
        #expect(!expected.matches(LabelSet([Label(.reserved("world"), "")])))
    }

    @Test func `pods are selected by their own labels and those of their namespaces`() throws {
        let pods = "pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}"
        let decoded = read(.adminNetworkPolicy, "{priority: 1, subject: {\(pods)}}").decoded
        let expected = Selector([.isIn(.k8s("app"), ["web"]), .isIn(namespaceLabel("team"), ["a"]), hasNamespace])
        #expect(decoded.policies.first?.specs.first?.subject == .endpoints(expected))
    }

    @Test func `v1alpha2 leaves the namespaces of pods open, v1alpha1 does not`() throws {
        let pods = "pods: {podSelector: {matchLabels: {app: web}}}"
        let cluster = read(.clusterNetworkPolicy, "{tier: Admin, priority: 1, subject: {\(pods)}}").decoded
        let expected = Selector([.isIn(.k8s("app"), ["web"]), hasNamespace])
        #expect(cluster.findings.isEmpty)
        #expect(cluster.policies.first?.specs.first?.subject == .endpoints(expected))
        #expect(read(.adminNetworkPolicy, "{priority: 1, subject: {\(pods)}}").decoded.findings.map(\.code) == ["V116"])
    }

    @Test func `egress peers are pods, nodes, networks and domain names`() throws {
        let decoded = read(
            .adminNetworkPolicy,
            """
            {priority: 1, subject: {namespaces: {}}, egress: [{action: Allow, to: [{nodes: {matchLabels: \
            {kubernetes.io/os: linux}}}, {networks: [10.0.0.0/8, "fd00::/8"]}, {domainNames: [kubernetes.io, "*.k8s.io"]}]}, \
            {action: Deny, to: [{nodes: {}}]}]}
            """
        ).decoded
        #expect(decoded.findings.isEmpty)
        let rules = try #require(decoded.policies.first?.specs.first?.rules)
        let (four, six) = (try #require(Prefix("10.0.0.0/8")), try #require(Prefix("fd00::/8")))
        #expect(
            rules[0].peers
                == .anyOf([
                    .clusterNodes(Selector([.isIn(.k8s("kubernetes.io/os"), ["linux"])])),
                    .cidr(CIDRPeer(four, reach: .anyParty)), .cidr(CIDRPeer(six, reach: .anyParty)),
                    .dnsNames([.name("kubernetes.io"), .pattern("**.k8s.io")]),
                ])
        )
        #expect(rules[1].peers == .anyOf([.clusterNodes(.everything)]))
    }

    @Test func `v1alpha1 has ports, whose protocol is TCP unless said`() throws {
        let decoded = read(
            .adminNetworkPolicy,
            """
            {priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}], ports: [\
            {portNumber: {port: 80}}, {portNumber: {protocol: UDP, port: 53}}, {portRange: {protocol: SCTP, start: 1, end: 9}}, \
            {portRange: {start: 5, end: 5}}, {namedPort: web}]}]}
            """
        ).decoded
        #expect(decoded.findings.isEmpty)
        #expect(
            decoded.policies.first?.specs.first?.rules.first?.ports
                == .anyOf([
                    .numbered([.tcp], PortRange(80)), .numbered([.udp], PortRange(53)),
                    .numbered([.sctp], PortRange(1, 9)), .numbered([.tcp], PortRange(5)),
                    .named(IPProtocol.withPorts, "web"),
                ])
        )
    }

    @Test func `v1alpha2 has protocols`() throws {
        let decoded = read(
            .clusterNetworkPolicy,
            """
            {tier: Baseline, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}], \
            protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 9}}}}, \
            {sctp: {destinationPort: {number: 3}}}, {destinationNamedPort: web}]}]}
            """
        ).decoded
        #expect(decoded.findings.isEmpty)
        #expect(
            decoded.policies.first?.specs.first?.rules.first?.ports
                == .anyOf([
                    .numbered([.tcp], PortRange(80)), .numbered([.udp], PortRange(1, 9)),
                    .numbered([.sctp], PortRange(3)), .named(IPProtocol.withPorts, "web"),
                ])
        )
    }

    @Test(arguments: [
        ("Accept", RuleAction.allow, Peers.anyOf([])), ("Deny", .deny, .anyone), ("Pass", .deny, .anyone),
    ])
    func `a rule with a peer of an unknown kind closes when told to, and is an error otherwise`(
        word: String,
        action: RuleAction,
        peers: Peers
    ) throws {
        for peer in ["{galaxies: {}}", "{}", "{namespaces: {}, galaxies: {}}"] {
            let spec = """
                {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: \(word), from: [{namespaces: {}}, \
                \(peer)], protocols: [{tcp: {destinationPort: {number: 80}}}]}]}
                """
            let closed = read(.clusterNetworkPolicy, spec, unknownPeers: .closed).decoded
            #expect(closed.findings.map(\.code) == ["V173"])
            let rule = try #require(closed.policies.first?.specs.first?.rules.first)
            #expect(rule.action == action)
            #expect(rule.peers == peers)
            #expect(rule.ports == .all)
            #expect(read(.clusterNetworkPolicy, spec).decoded.policies.isEmpty)
        }
    }

    @Test func `the kinds are errors unless they are asked for`() {
        for kind in [PolicyKind.adminNetworkPolicy, .baselineAdminNetworkPolicy, .clusterNetworkPolicy] {
            let marked = read(kind, "{}").marked
            for options in [PolicyDecoder.Options(), .init(otherKinds: .passedOver)] {
                #expect(PolicyDecoder(options).decode(marked.document()).findings.map(\.code) == ["V103"])
            }
        }
    }

    @Test func `another apiVersion of the kind is an error`() {
        let text = "apiVersion: crd.antrea.io/v1beta1\nkind: ClusterNetworkPolicy\nmetadata: {name: a}\nspec: {}\n"
        let decoded = PolicyDecoder(.init(tieredPolicies: .read)).decode(MarkedText(text).document())
        #expect(decoded.findings.map(\.code) == ["V103"])
    }
}
