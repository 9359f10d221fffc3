// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import Testing

/// The blocks of a CIDR group match whom `policyCIDRMatchMode` says, as blocks in rules do.
@Suite struct GroupReachTests {
    private static let manifests = """
        apiVersion: cilium.io/v2
        kind: CiliumCIDRGroup
        metadata: {name: inside}
        spec: {externalCIDRs: [10.0.0.0/8, 192.0.2.0/24]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {}
        status: {podIP: 10.0.0.2}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {}
        status: {podIP: 10.0.0.3}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        spec: {}
        status: {addresses: [{type: InternalIP, address: 192.0.2.9}]}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: web}}
          egress: [{toCIDRSet: [{cidrGroupRef: inside, except: [10.0.0.4/32]}]}]
        """

    @Test(arguments: [
        ([CIDRMatchMode](), ["10.9.9.9"]), ([.nodes], ["10.9.9.9", "192.0.2.9"]), ([.pods], ["10.9.9.9", "10.0.0.3"]),
        ([.nodes, .pods], ["10.9.9.9", "192.0.2.9", "10.0.0.3"]),
    ])
    func `a group reaches whom the setting says`(modes: [CIDRMatchMode], reached: [String]) throws {
        let options = WorldReader.Options(reach: .layer7, cilium: CiliumSettings(cidrMatchMode: Set(modes)))
        let document = SourceDocument(name: "w.yaml", bytes: Array(Self.manifests.utf8))
        let decoded = WorldReader(options).read([document])
        #expect(decoded.documents.flatMap(\.findings).isEmpty)
        var snapshot = decoded.snapshot
        snapshot.modes.environment = .blocking
        let world = ResolvedSnapshot(snapshot)
        let table = VerdictTable(world)
        let source = try #require(IPAddress("10.0.0.2"))
        for text in ["10.9.9.9", "192.0.2.9", "10.0.0.3", "10.0.0.4", "203.0.113.7"] {
            let destination = try #require(IPAddress(text))
            let service = Service(.tcp, port: 80)
            let decision = world.decision(from: source, to: destination, service)
            #expect((decision.answer == .allowed) == reached.contains(text), "\(text)")
            let parties = (world.party(at: source), world.party(at: destination))
            let set = world.connections(from: parties.0, to: parties.1)
            #expect(set.allowed.contains(service) == reached.contains(text), "\(text)")
            if case .endpoint(let one) = parties.0.kind, case .endpoint(let other) = parties.1.kind {
                #expect(table.verdict(from: one, to: other, service).answer == decision.answer)
            }
        }
    }
}
