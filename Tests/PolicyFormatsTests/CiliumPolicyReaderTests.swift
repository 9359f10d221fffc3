// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// The rules of a CiliumNetworkPolicy in namespace shop, or of a cluster-wide one.
private func specs(
    _ spec: String,
    clusterwide: Bool = false,
    cilium: CiliumSettings = CiliumSettings()
) -> (specs: [PolicySpec], findings: [Finding]) {
    let metadata = clusterwide ? "{name: p}" : "{name: p, namespace: shop}"
    let kind = clusterwide ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy"
    let text = "apiVersion: cilium.io/v2\nkind: \(kind)\nmetadata: \(metadata)\nspec: \(spec)\n"
    let decoded = PolicyDecoder(.init(cilium: cilium)).decode(MarkedText(text).document())
    return (decoded.policies.first?.specs ?? [], decoded.findings)
}

private let shop = Selector.Requirement.isIn(WellKnownLabel.namespace, ["shop"])
private let anyNamespace = Selector.Requirement.exists(WellKnownLabel.namespace)
private let port80 = PortMatch.numbered(IPProtocol.withPorts, PortRange(80))

@Suite struct CiliumEmptinessTests {
    @Test(arguments: [
        // (item, peers with ports, peers without ports)
        ("", Peers.anyone, Peers.anyOf([])),
        ("fromEndpoints: null", .anyone, .anyOf([])),
        ("fromEndpoints: []", .anyOf([]), .anyOf([])),
        ("fromEntities: []", .anyOf([]), .anyOf([])),
        ("fromCIDR: []", .anyOf([]), .anyOf([])),
        ("fromCIDRSet: []", .anyOf([]), .anyOf([])),
        ("fromNodes: []", .anyOf([]), .anyOf([])),
        ("fromGroups: []", .anyone, .anyOf([])),
        ("fromEndpoints: [{}]", .anyOf([.endpoints(Selector([shop]))]), .anyOf([.endpoints(Selector([shop]))])),
        ("fromEntities: [world]", .anyOf([.entity(.world)]), .anyOf([.entity(.world)])),
        // An explicit empty list is no one, also beside another member.
        ("fromEndpoints: [], fromEntities: [world]", .anyOf([]), .anyOf([])),
    ])
    func `absent, empty and given peers stay apart`(item: String, withPorts: Peers, without: Peers) throws {
        let separator = item.isEmpty ? "" : ", "
        let text =
            "{endpointSelector: {}, ingress: [{\(item)\(separator)toPorts: [{ports: [{port: \"80\"}]}]}, {\(item)}]}"
        let rules = try #require(specs(text).specs.first?.rules)
        #expect(rules.map(\.peers) == [withPorts, without])
        #expect(rules.map(\.ports) == [.anyOf([port80]), .all])
        #expect(rules.map(\.index) == [0, 1])
    }

    @Test(arguments: [
        ("toServices: []", Peers.anyone), ("toFQDNs: []", .anyone), ("toGroups: []", .anyone),
        ("toNodes: []", .anyOf([])),
    ])
    func `empty outbound lists that Cilium does not look at count as absent`(item: String, peers: Peers) throws {
        let text = "{endpointSelector: {}, egress: [{\(item), toPorts: [{ports: [{port: \"80\"}]}]}]}"
        #expect(specs(text).specs.first?.rules.first?.peers == peers)
    }

    @Test(arguments: [
        ("toPorts: []", Ports.all), ("toPorts: null", .all), ("icmps: []", .all), ("toPorts: [{}]", .anyOf([])),
        ("toPorts: [{ports: []}]", .anyOf([])), ("icmps: [{}]", .anyOf([])), ("icmps: [{fields: []}]", .anyOf([])),
        ("toPorts: [{}, {ports: [{port: \"80\"}]}]", .anyOf([port80])),
    ])
    func `an empty port list is every port, a list of nothing is no port`(item: String, ports: Ports) throws {
        let text = "{endpointSelector: {}, ingress: [{fromEntities: [all], \(item)}]}"
        let rules = try #require(specs(text).specs.first?.rules)
        #expect(rules.count == 1)
        #expect(rules.first?.ports == ports)
    }

    @Test(arguments: [
        ("rules: {}", [[]]), ("rules: {http: []}", [[]]), ("rules: {http: [{}]}", [[Condition.http([HTTPMatch()])]]),
        ("rules: {dns: [], http: []}", [[]]),
        ("rules: {http: [{method: GET, path: /a}]}", [[.http([HTTPMatch(method: "GET", path: "/a")])]]),
        ("rules: {kafka: [{role: produce}]}", [[.kafka]]), ("rules: {l7proto: r2d2}", [[.l7("r2d2")]]),
    ])
    func `empty conditions are none, and an empty HTTP pattern is one`(rules: String, conditions: [[Condition]]) throws
    {
        let item = "{ports: [{port: \"80\", protocol: TCP}], \(rules)}"
        let text = "{endpointSelector: {}, ingress: [{fromEntities: [all], toPorts: [\(item)]}]}"
        // The last version that has Kafka and l7proto.
        let read = try #require(specs(text, cilium: .init(version: CiliumVersion(1, 19))).specs.first?.rules)
        #expect(read.map(\.conditions) == conditions)
    }

    @Test(arguments: [
        ("ingress: [{}]", [Direction.ingress]), ("egressDeny: [{toEntities: [world]}]", [.egress]),
        ("ingress: [{}], egress: []", [.ingress]), ("ingress: [{}], egress: null", [.ingress]),
        ("ingress: [{}], enableDefaultDeny: {ingress: false}", []),
        ("ingress: [{}], enableDefaultDeny: {egress: true}", [.ingress]),
        ("ingress: [{}], egress: [{}], enableDefaultDeny: {egress: false}", [.ingress]),
    ])
    func `a direction is isolated by its items unless default deny is off`(spec: String, isolates: [Direction]) throws {
        let read = try #require(specs("{endpointSelector: {}, \(spec)}").specs.first)
        #expect(read.isolates == Set(isolates))
    }

    @Test func `ports with conditions become rules of their own under the item's index`() throws {
        let text = """
            {endpointSelector: {}, ingress: [{fromEntities: [all], toPorts: [{ports: [{port: "80"}]}, {ports: [{port: \
            "90", protocol: TCP}], rules: {http: [{path: /}]}}, {ports: [{port: "81"}]}]}]}
            """
        let rules = try #require(specs(text).specs.first?.rules)
        #expect(rules.map(\.index) == [0, 0])
        #expect(rules.map(\.conditions) == [[], [.http([HTTPMatch(path: "/")])]])
        #expect(rules[0].ports == .anyOf([port80, .numbered(IPProtocol.withPorts, PortRange(81))]))
    }
}

@Suite struct CiliumScopingTests {
    private func peer(_ selector: String, clusterwide: Bool = false, subject: String = "{}") throws -> Selector {
        let text = "{endpointSelector: \(subject), ingress: [{fromEndpoints: [\(selector)]}]}"
        let rule = try #require(specs(text, clusterwide: clusterwide).specs.first?.rules.first)
        guard case .anyOf(let peers) = rule.peers, case .endpoints(let selector) = peers.first else {
            Issue.record("no endpoint peer")
            return .everything
        }
        return selector
    }

    @Test func `peers of a namespaced policy are of its namespace unless they say another`() throws {
        let app = Selector.Requirement.isIn(LabelKey(.any, "app"), ["a"])
        #expect(try peer("{matchLabels: {app: a}}") == Selector([app, shop]))
        #expect(
            try peer("{matchLabels: {\"k8s:app\": a}}") == Selector([.isIn(.k8s("app"), ["a"]), shop])
        )
        let named = LabelKey(.any, WellKnownLabel.namespace.name)
        #expect(
            try peer("{matchLabels: {io.kubernetes.pod.namespace: data}}") == Selector([.isIn(named, ["data"])])
        )
        #expect(
            try peer("{matchExpressions: [{key: \"k8s:io.kubernetes.pod.namespace\", operator: Exists}]}")
                == Selector([anyNamespace])
        )
        let label = LabelKey.k8s("io.cilium.k8s.namespace.labels.team")
        #expect(
            try peer("{matchLabels: {\"k8s:io.cilium.k8s.namespace.labels.team\": a}}")
                == Selector([.isIn(label, ["a"])])
        )
        #expect(try peer("{matchLabels: {\"reserved:host\": \"\"}}") == Selector([.isIn(.reserved("host"), [""])]))
    }

    @Test func `peers of a cluster-wide policy are pods of any namespace`() throws {
        #expect(try peer("{}", clusterwide: true) == Selector([anyNamespace]))
        let initial = "{matchLabels: {\"reserved:init\": \"\"}}"
        #expect(try peer("{}", clusterwide: true, subject: initial) == .everything)
    }

    @Test func `a subject is always inside the policy's namespace`() throws {
        let read = specs(
            "{endpointSelector: {matchLabels: {\"k8s:io.kubernetes.pod.namespace\": data}}, ingress: [{}]}"
        )
        #expect(read.specs.first?.subject == .endpoints(Selector([shop])))
        #expect(read.findings.contains { $0.code == "V119" && $0.severity == .warning })
        let clusterwide = specs("{endpointSelector: {}, ingress: [{}]}", clusterwide: true)
        #expect(clusterwide.specs.first?.subject == .endpoints(.everything))
        let nodes = specs("{nodeSelector: {}, ingress: [{}]}", clusterwide: true)
        #expect(nodes.specs.first?.subject == .nodes(.everything))
    }
}
