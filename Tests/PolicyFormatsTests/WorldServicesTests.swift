// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func world(_ texts: [String], _ options: WorldReader.Options = .init()) -> DecodedWorld {
    WorldReader(options).read(texts.enumerated().map { MarkedText($1).document("f\($0).yaml") })
}

private func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }

@Suite struct WorldServicesTests {
    private let web = """
        kind: Service
        apiVersion: v1
        metadata: {name: web, namespace: shop, labels: {team: a}}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """
    private let slices = [
        """
        kind: EndpointSlice
        apiVersion: discovery.k8s.io/v1
        addressType: IPv4
        metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
        endpoints:
        - {addresses: [10.0.0.9], conditions: {ready: true}}
        - {addresses: [10.0.0.1]}
        - {addresses: [10.0.0.2], conditions: {ready: false}}
        - {addresses: [10.0.0.3], conditions: {ready: false, serving: true, terminating: true}}
        """,
        """
        kind: EndpointSlice
        apiVersion: discovery.k8s.io/v1
        addressType: IPv6
        metadata: {name: web-2, namespace: shop, labels: {kubernetes.io/service-name: web}}
        endpoints: [{addresses: ["fd00::1"]}, {addresses: [not-an-address.example.com]}]
        """,
    ]
    private let endpoints = """
        kind: Endpoints
        apiVersion: v1
        metadata: {name: web, namespace: shop}
        subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.4}], notReadyAddresses: [{ip: 10.0.0.5}]}]
        """

    @Test func `a Service has its selector, labels, and the addresses of all its endpoints, in any order`() throws {
        let expected = ClusterService(
            namespace: "shop",
            name: "web",
            labels: ["team": "a"],
            selector: ["app": "web"],
            backends: try addresses("10.0.0.1", "10.0.0.3", "10.0.0.4", "10.0.0.9", "fd00::1")
        )
        let texts = [web, endpoints] + slices
        var random = SeededRandom(seed: 7)
        for _ in 0..<20 {
            let shuffled = texts.shuffled(using: &random)
            let split = Int.random(in: 0...texts.count, using: &random)
            let files = [shuffled[..<split], shuffled[split...]].map { $0.joined(separator: "\n---\n") }
            let world = world(files)
            #expect(!world.hasErrors)
            #expect(world.snapshot.services == [expected])
        }
    }

    @Test(arguments: [
        ("{}", [String: String]?.none), ("{selector: {}}", nil), ("{selector: null}", nil),
        ("{type: ExternalName, externalName: a.b, selector: {app: web}}", nil),
        ("{selector: {app: web}}", ["app": "web"]),
    ])
    func `an empty selector and an external name select no pod`(spec: String, selector: [String: String]?) {
        let world = world(["{kind: Service, apiVersion: v1, metadata: {name: s}, spec: \(spec)}"])
        #expect(world.snapshot.services == [ClusterService(namespace: "default", name: "s", selector: selector)])
    }

    @Test func `endpoints without their Service count for the API server only`() throws {
        let api =
            "{kind: Endpoints, apiVersion: v1, metadata: {name: kubernetes, namespace: default}, subsets: [{addresses: [{ip: 192.0.2.1}]}]}"
        let world = world([endpoints, api, slices[0]])
        #expect(
            world.snapshot.services == [
                ClusterService(
                    namespace: "default",
                    name: "kubernetes",
                    selector: nil,
                    backends: try addresses("192.0.2.1")
                )
            ]
        )
    }

    @Test func `nodes have labels and addresses, and their addresses are the hosts'`() throws {
        let nodes = """
            kind: NodeList
            apiVersion: v1
            items:
            - metadata: {name: b, labels: {zone: z1}}
              status: {addresses: [{type: Hostname, address: b}, {type: InternalIP, address: 192.0.2.2}]}
            - metadata: {name: a}
              status: {addresses: [{address: 192.0.2.1}, {address: 192.0.2.1}, {address: "fd00::9"}]}
            """
        let snapshot = world([nodes]).snapshot
        #expect(
            snapshot.nodes == [
                ClusterNode(name: "a", addresses: try addresses("192.0.2.1", "fd00::9")),
                ClusterNode(name: "b", labels: ["zone": "z1"], addresses: try addresses("192.0.2.2")),
            ]
        )
        #expect(snapshot.hostAddresses == Set(try addresses("192.0.2.1", "192.0.2.2", "fd00::9")))
    }

    @Test func `a Service or Node that occurs twice is an error`() {
        #expect(world([web, web]).hasErrors)
        let node = "{kind: Node, apiVersion: v1, metadata: {name: n1}}"
        #expect(world([node, node]).documents.last?.findings.map(\.message) == ["Node \"n1\" already exists."])
        #expect(!world([web, web.replacing("namespace: shop", with: "namespace: other")]).hasErrors)
    }

    @Test func `options reach the snapshot and the reading of policies`() {
        let tiered = """
            {apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, \
            spec: {priority: 1, subject: {namespaces: {}}}}
            """
        #expect(world([tiered]).hasErrors)
        let options = WorldReader.Options(clusterName: "west", reach: .layer7, tieredPolicies: .read)
        let read = world([tiered], options).snapshot
        #expect(read.policies.map(\.tier) == [.admin])
        #expect(read.reach == .layer7)
        #expect(read.clusterName == "west")
    }
}
