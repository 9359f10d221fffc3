// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// Manifests of small worlds, short enough to write many.
enum Manifests {
    static func deployment(_ name: String, in namespace: String, _ labels: String? = nil, ports: String = "") -> String
    {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: \(namespace)}
        spec: {template: {metadata: {labels: {\(labels ?? "app: \(name)")}}, spec: {containers: [{ports: [\(ports)]}]}}}

        """
    }

    static func policy(_ name: String, in namespace: String, _ spec: String) -> String {
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: \(name), namespace: \(namespace)}
        spec: \(spec)

        """
    }

    static func cilium(_ name: String, in namespace: String, _ spec: String) -> String {
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: \(name), namespace: \(namespace)}\n"
            + "spec: \(spec)\n"
    }

    static func world(_ manifests: String..., reach: EngineReach = .layer4) throws -> ResolvedSnapshot {
        let bytes = Array(manifests.joined(separator: "---\n").utf8)
        let read = WorldReader().read([SourceDocument(name: "world.yaml", bytes: bytes)])
        let findings = read.documents.flatMap(\.findings).filter { $0.severity == .error }
        try #require(findings.isEmpty, "\(findings)")
        var snapshot = read.snapshot
        snapshot.reach = reach
        return ResolvedSnapshot(snapshot)
    }

    static let shop = [
        deployment("front", in: "shop"), deployment("back", in: "shop"), deployment("job", in: "ops"),
    ].joined(separator: "---\n")
}

@Suite struct ConnectivityMapTests {
    @Test func `without policies everything is connected, and nothing with itself`() throws {
        let map = ConnectivityMap(try Manifests.world(Manifests.shop))
        #expect(
            map.text(.txt) == """
                0.0.0.0-255.255.255.255[External] => ops/job[Deployment] : All Connections
                0.0.0.0-255.255.255.255[External] => shop/back[Deployment] : All Connections
                0.0.0.0-255.255.255.255[External] => shop/front[Deployment] : All Connections
                ops/job[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections
                ops/job[Deployment] => shop/back[Deployment] : All Connections
                ops/job[Deployment] => shop/front[Deployment] : All Connections
                shop/back[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections
                shop/back[Deployment] => ops/job[Deployment] : All Connections
                shop/back[Deployment] => shop/front[Deployment] : All Connections
                shop/front[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections
                shop/front[Deployment] => ops/job[Deployment] : All Connections
                shop/front[Deployment] => shop/back[Deployment] : All Connections

                """
        )
    }

    @Test(arguments: [
        (
            // Ports of several protocols, sorted by protocol; ranges joined.
            "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: front}}}], ports: "
                + "[{port: 53, protocol: UDP}, {port: 80}, {port: 443, endPort: 444}, {port: 445}]}]}",
            ["shop/front[Deployment] => shop/back[Deployment] : TCP 80,443-445,UDP 53"]
        ),
        (
            // A protocol without ports is all of them.
            "{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{}]}]}",
            [
                "0.0.0.0-255.255.255.255[External] => shop/front[Deployment] : All Connections",
                "ops/job[Deployment] => shop/back[Deployment] : TCP 1-65535",
                "ops/job[Deployment] => shop/front[Deployment] : All Connections",
                "shop/front[Deployment] => shop/back[Deployment] : TCP 1-65535",
                "shop/back[Deployment] => shop/front[Deployment] : All Connections",
            ]
        ),
        (
            // Address blocks with exceptions cut the space; what has no rule is left out.
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}",
            [
                "10.0.0.0-10.0.255.255[External] => shop/back[Deployment] : All Connections",
                "10.0.0.0-10.0.255.255[External] => shop/front[Deployment] : All Connections",
                "10.2.0.0-10.255.255.255[External] => shop/back[Deployment] : All Connections",
                "10.2.0.0-10.255.255.255[External] => shop/front[Deployment] : All Connections",
            ]
        ),
        (
            // Neighbouring blocks of two rules are one range where the answer is one.
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/9}}]}, "
                + "{from: [{ipBlock: {cidr: 10.128.0.0/9}}]}]}",
            [
                "10.0.0.0-10.255.255.255[External] => shop/back[Deployment] : All Connections",
                "10.0.0.0-10.255.255.255[External] => shop/front[Deployment] : All Connections",
            ]
        ),
        (
            // IPv6 appears because a rule names it.
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: \"2001:db8::/32\"}}], ports: [{port: 22}]}]}",
            [
                "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff[External] => shop/back[Deployment] : TCP 22",
                "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff[External] => shop/front[Deployment] : TCP 22",
            ]
        ),
    ])
    func `a policy leaves these lines towards its namespace`(spec: String, lines: [String]) throws {
        let map = ConnectivityMap(try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", spec)))
        let found = map.text(.txt).split(separator: "\n").map(String.init).filter { $0.contains("=> shop/") }
        #expect(found == lines.sorted())
    }

    @Test func `a focus leaves lines that begin or end there`() throws {
        let world = try Manifests.world(Manifests.shop)
        let map = ConnectivityMap(world, .init(focus: [MapFocus("job"), MapFocus("shop/nobody")]))
        #expect(map.unknownFocus == [MapFocus("shop/nobody")])
        #expect(map.edges.count == 6)
        #expect(map.edges.allSatisfy { "\($0.source)\($0.destination)".contains("ops/job") })
    }

    @Test func `namespaces take what any of their workloads has`() throws {
        let spec = "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
        let world = try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", spec))
        let map = ConnectivityMap(world, .init(level: .namespace))
        #expect(
            map.text(.txt) == """
                0.0.0.0-255.255.255.255[External] => ops[Namespace] : All Connections
                ops[Namespace] => 0.0.0.0-255.255.255.255[External] : All Connections
                shop[Namespace] => 0.0.0.0-255.255.255.255[External] : All Connections
                shop[Namespace] => ops[Namespace] : All Connections
                shop[Namespace] => shop[Namespace] : TCP 80

                """
        )
    }

    @Test func `replicas with different answers are kept apart, others are one`() throws {
        func pod(_ name: String, _ labels: String, _ address: String, network: String = "") -> String {
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: shop, labels: {\(labels)}, ownerReferences: \
            [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u}]}
            spec: {\(network)}
            status: {podIP: \(address)}

            """
        }
        let pods = [
            pod("db-0", "app: db, zone: a", "10.0.0.1"), pod("db-1", "app: db, zone: b", "10.0.0.2"),
            pod("db-2", "app: db", "10.0.0.3", network: "hostNetwork: true"), Manifests.deployment("web", in: "shop"),
        ].joined(separator: "---\n")
        let together = ConnectivityMap(try Manifests.world(pods))
        #expect(together.nodes.map(\.description) == ["shop/db[StatefulSet]", "shop/web[Deployment]"])
        #expect(together.unprotectedCount == 1)
        let spec = "{podSelector: {matchLabels: {zone: a}}, ingress: []}"
        let apart = ConnectivityMap(try Manifests.world(pods, Manifests.policy("p", in: "shop", spec)))
        #expect(apart.nodes.map(\.description) == ["shop/db-0[Pod]", "shop/db-1[Pod]", "shop/web[Deployment]"])
        #expect(ConnectivityMap(apart.resolved, .init(focus: [MapFocus("db")])).unknownFocus == [])
    }

    @Test func `what requests or unknown names decide is said`() throws {
        let spec = """
            {endpointSelector: {}, egress: [{toEndpoints: [{matchLabels: {app: back}}], toPorts: [{ports: \
            [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}, {toEndpoints: [{matchLabels: \
            {app: back}}], toPorts: [{ports: [{port: "22", protocol: TCP}]}]}, {toFQDNs: [{matchName: a.example}], \
            toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}
            """
        let world = try Manifests.world(Manifests.shop, Manifests.cilium("p", in: "shop", spec), reach: .layer7)
        let lines = ConnectivityMap(world).text(.txt).split(separator: "\n").filter { $0.hasPrefix("shop/front") }
        #expect(
            lines == [
                "shop/front[Deployment] => 0.0.0.0-255.255.255.255[External] : TCP 443 (uncertain)",
                "shop/front[Deployment] => shop/back[Deployment] : TCP 22",
                "shop/front[Deployment] => shop/back[Deployment] : TCP 80 (L7 rules decide)",
            ]
        )
    }

    @Test func `explaining names the rules with their places, or who isolates`() throws {
        let marked = MarkedText(
            Manifests.shop + "---\n"
                + Manifests.policy("p", in: "shop", "{podSelector: {}, ingress: [⟦rule⟧{ports: [{port: 80}]}]}")
        )
        let world = try Manifests.world(marked.text)
        let place = try #require(marked.place("rule", in: "world.yaml"))
        let text = ConnectivityMap(world, .init(focus: [MapFocus("ops/job")])).text(.txt, explain: true)
        #expect(
            text.contains(
                """
                ops/job[Deployment] => shop/back[Deployment] : TCP 80
                    outbound: not restricted
                    inbound: shop/p inbound/1 (\(place))
                """
            )
        )
        let map = ConnectivityMap(world, .init(focus: [MapFocus("ops/job")]))
        let csv = map.text(.csv, explain: true).split(separator: "\n")
        #expect(csv[0] == "src,dst,conn,outbound,inbound")
        let row = "ops/job[Deployment],shop/back[Deployment],TCP 80,not restricted,shop/p inbound/1 (\(place))"
        #expect(csv.contains(row[...]))
        let markdown = map.text(.md, explain: true).split(separator: "\n")
        #expect(markdown[0] == "| src | dst | conn | outbound | inbound |")
        #expect(markdown[1] == "|-----|-----|------|----------|---------|")
        #expect(markdown.dropFirst(2).allSatisfy { $0.count(where: { $0 == "|" }) == 6 })
        #expect(map.text(.csv).hasPrefix("src,dst,conn\n"))
    }
}

extension ConnectivityMapTests {
    /// Names from files are hostile: no format may let one forge a line, a cell or markup.
    @Test(arguments: ConnectivityMap.Format.allCases)
    func `hostile names stay inside their place`(format: ConnectivityMap.Format) {
        let name = "<b>\"x\"|\n`=1,2`\u{1b}[0m\u{202e}"
        let snapshot = ClusterSnapshot(
            endpoints: ["a", "=b"].enumerated().map { index, prefix in
                Endpoint(
                    id: prefix,
                    namespace: prefix + name,
                    name: prefix,
                    workload: .init(name: name, kind: "K\n"),
                    labels: [:],
                    addresses: [IPAddress(v4: UInt32(index + 1))]
                )
            }
        )
        let map = ConnectivityMap(ResolvedSnapshot(snapshot))
        let text = map.text(format, exposure: ConnectivityExposure(map))
        #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
        switch format {
        case .txt: #expect(text.split(separator: "\n").filter { $0.contains(" => ") && !$0.contains("\t") }.count == 6)
        case .csv: #expect(text.split(separator: "\n").filter { $0.hasPrefix("=") }.isEmpty)
        case .md, .svg, .mermaid: #expect(!text.contains("<b>"))
        case .dot: #expect(!text.contains("\"x\"|"))
        case .json: #expect(text.contains(#"\u001b"#))
        }
    }

    @Test func `graphs hold every edge, and come out the same again`() throws {
        let spec = "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
        let map = ConnectivityMap(try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", spec)))
        let count = map.edges.count
        let dot = map.text(.dot)
        #expect(dot.components(" -> ") == count)
        #expect(dot.contains("subgraph \"cluster_shop\" {\n\t\tlabel=\"shop\"\n\t\t\"shop/back[Deployment]\""))
        #expect(map.text(.mermaid).components("-->|") == count)
        let svg = map.text(.svg)
        #expect(svg.components("marker-end=") == count)
        #expect(svg.contains("<title id=\"title\">Connectivity map</title>"))
        #expect(svg.contains("shop/front[Deployment] =&gt; shop/back[Deployment] : TCP 80"))
        #expect(svg == ConnectivityMap(map.resolved).text(.svg))
        #expect(map.text(.md).hasPrefix("| src | dst | conn |\n|-----|-----|------|\n| 0.0.0.0-255.255.255.255\\[Ext"))
    }

    @Test func `exposure says what future workloads and the world can do`() throws {
        let spec = """
            {podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress, Egress], ingress: [{from: \
            [{namespaceSelector: {}}], ports: [{port: 8050}]}, {from: [{namespaceSelector: {matchLabels: {team: edge}}, \
            podSelector: {matchLabels: {app: gw}}}], ports: [{port: 90}]}, {from: [{podSelector: {matchLabels: \
            {app: front}}}]}, {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: later}}}], \
            ports: [{port: 91}]}, {from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: job}}}], \
            ports: [{port: 92}]}], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
            """
        let world = try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", spec))
        let exposure = ConnectivityExposure(ConnectivityMap(world, .init(focus: [MapFocus("back")])))
        #expect(
            exposure.text == """
                Exposure Analysis Result:
                Egress Exposure:
                shop/back[Deployment] \t=> \t10.0.0.0-10.255.255.255[External] : All Connections

                Ingress Exposure:
                shop/back[Deployment] \t<= \t[all namespaces]/[pod with {app=job}] : TCP 92,8050
                shop/back[Deployment] \t<= \t[namespace with {team=edge}]/[pod with {app=gw}] : TCP 90,8050
                shop/back[Deployment] \t<= \tentire-cluster : TCP 8050
                shop/back[Deployment] \t<= \tlater/[all pods] : TCP 91,8050

                """
        )
        let open = ConnectivityExposure(ConnectivityMap(world, .init(focus: [MapFocus("front")])))
        #expect(open.text.contains("shop/front[Deployment] is not protected on Ingress\n"))
    }
}

extension String {
    fileprivate func components(_ separator: String) -> Int { ranges(of: separator).count }
}
