// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private func world(_ texts: String...) -> DecodedWorld {
    WorldReader().read(texts.enumerated().map { MarkedText($1).document("f\($0).yaml") })
}

private func deployment(_ name: String, _ spec: String = "") -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name), namespace: shop}
    spec: {template: {metadata: {labels: {app: \(name)}}, spec: {containers: [{ports: [{name: http, containerPort: 80}, \
    {containerPort: 81}]}]\(spec)}}}
    """
}

@Suite struct WorldReaderTests {
    @Test func `a workload without pods is one endpoint with a made-up address`() throws {
        let world = world(deployment("web"))
        let endpoint = try #require(world.snapshot.endpoints.first)
        #expect(endpoint.id == "shop/Deployment/web")
        #expect(endpoint.labels == ["app": "web"])
        #expect(endpoint.namedPorts == [NamedPort("http", .tcp, 80)])
        #expect(endpoint.addresses.map(\.description) == ["198.18.0.1"])
        #expect(world.syntheticAddresses == Set(endpoint.addresses))
        #expect(world.snapshot.endpointSubnets == [WorldReader.syntheticBlock])
    }

    private let pod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-6c9f4-abcde
          namespace: shop
          labels: {app: web, pod-template-hash: 6c9f4}
          ownerReferences: [{kind: ReplicaSet, name: web-6c9f4}]
        status: {podIP: 10.0.0.7, podIPs: [{ip: 10.0.0.7}, {ip: "fd00::7"}]}
        """

    @Test func `pods stand for their workload, whatever the order of the manifests`() throws {
        let set = """
            kind: ReplicaSet
            metadata: {name: web-6c9f4, namespace: shop, ownerReferences: [{kind: Deployment, name: web}]}
            spec: {template: {metadata: {labels: {app: web}}}}
            """
        let texts = [deployment("web"), pod, set]
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let world = world(order.map { texts[$0] }.joined(separator: "\n---\n"))
            #expect(world.snapshot.endpoints.map(\.name) == ["web-6c9f4-abcde"])
            #expect(world.snapshot.endpoints.first?.workload == .init(name: "web", kind: "Deployment"))
        }
        let without = world(pod, deployment("web"))
        #expect(without.snapshot.endpoints.first?.workload == .init(name: "web", kind: "Deployment"))
        #expect(without.snapshot.endpoints.first?.addresses.map(\.description) == ["10.0.0.7", "fd00::7"])
        #expect(without.syntheticAddresses.isEmpty)
    }

    @Test func `pods on the host's network are unprotected and ended pods are gone`() {
        let host = world(deployment("web", ", hostNetwork: true"))
        #expect(host.snapshot.endpoints.first?.protection == .unprotected(reason: "It uses the host's network."))
        let ended = world(pod.replacing("status: {", with: "status: {phase: Succeeded, "))
        #expect(ended.snapshot.endpoints.isEmpty)
    }

    @Test func `namespaces, nodes, lists and other kinds are read or passed over`() {
        let world = world(
            """
            kind: List
            apiVersion: v1
            items:
            - {kind: Namespace, metadata: {name: shop, labels: {team: a}}}
            - {kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.0.2.1}, \
            {type: Hostname, address: n}]}}
            - {kind: ConfigMap, metadata: {name: c}, data: {anything: goes}}
            - {kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: {metadata: {labels: {a: b}}}}}}}
            """
        )
        #expect(!world.hasErrors)
        #expect(world.snapshot.namespaceLabels == ["shop": ["team": "a"]])
        #expect(world.snapshot.hostAddresses.map(\.description) == ["192.0.2.1"])
        #expect(world.snapshot.endpoints.map(\.id) == ["default/CronJob/c"])
    }

    @Test func `an object that occurs twice is an error`() {
        #expect(world(deployment("web"), deployment("web")).hasErrors)
    }

    @Test func `splitting manifests into files changes nothing but places`() {
        let one = world(deployment("a") + "\n---\n" + deployment("b"))
        let two = world(deployment("b"), deployment("a"))
        #expect(one.snapshot.endpoints == two.snapshot.endpoints)
    }
}
