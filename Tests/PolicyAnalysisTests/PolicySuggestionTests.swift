// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct PolicySuggestionTests {
    private let front = RecordedConnection.Party(namespace: "shop", workload: "front", labels: ["k8s:app=front"])
    private let back = RecordedConnection.Party(namespace: "shop", workload: "back", labels: ["k8s:app=back"])
    private let job = RecordedConnection.Party(namespace: "ops", workload: "job", labels: ["k8s:app=job"])
    private let api = RecordedConnection.Party(
        address: IPAddress(v4: 0xCB00_7104),
        labels: ["reserved:world"],
        dnsNames: ["api.example"]
    )

    private func traffic(_ verdict: Verdict = .allowed) -> RecordedTraffic {
        var traffic = RecordedTraffic()
        func add(
            _ source: RecordedConnection.Party,
            _ destination: RecordedConnection.Party,
            _ port: UInt16,
            _ flows: UInt64
        ) {
            let connection = RecordedConnection(
                source: source,
                destination: destination,
                ipProtocol: .tcp,
                port: port,
                verdict: verdict
            )
            traffic.add(connection, .init(flows: flows, firstSeen: 0, lastSeen: 1_795_269_605_000_000))
        }
        add(front, back, 80, 1200)
        add(front, back, 443, 4)
        add(job, back, 80, 1)
        add(front, api, 443, 7)
        return traffic
    }

    @Test func `each workload gets what it used, with the evidence`() {
        let suggestion = PolicySuggestion(traffic())
        #expect(suggestion.documents.map(\.name) == ["suggested-job", "suggested-back", "suggested-front"])
        #expect(
            suggestion.documents[1].yaml == """
                # Suggested from recorded traffic for shop/back.
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: suggested-back
                  namespace: shop
                spec:
                  podSelector: {matchLabels: {app: back}}
                  policyTypes: [Ingress, Egress]
                  ingress:
                    # 1 flow from ops/job, last seen 2026-11-21T14:00:05Z
                    - from:
                        - {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}, podSelector: \
                {matchLabels: {app: job}}}
                      ports:
                        - {protocol: TCP, port: 80}
                    # 1,204 flows from shop/front, last seen 2026-11-21T14:00:05Z
                    - from:
                        - {podSelector: {matchLabels: {app: front}}}
                      ports:
                        - {protocol: TCP, port: 80}
                        - {protocol: TCP, port: 443}
                  egress: []

                """
        )
        #expect(suggestion.documents[2].yaml.contains("# 7 flows to 203.0.113.4 (api.example), last seen"))
        #expect(suggestion.documents[2].yaml.contains("- {ipBlock: {cidr: \"203.0.113.4/32\"}}"))
        #expect(
            suggestion.coverageSentence == "Covers 100.0 % of 1,212 flows that passed (4 of 4 distinct connections)."
        )
    }

    @Test func `Cilium's kind names DNS names instead of addresses`() {
        let suggestion = PolicySuggestion(traffic(), .init(kind: .ciliumNetworkPolicy, namespace: "shop"))
        #expect(suggestion.documents.map(\.namespace) == ["shop", "shop"])
        let yaml = suggestion.yaml
        #expect(yaml.contains("- toFQDNs:\n        - {matchName: api.example}\n      toPorts:"))
        #expect(yaml.contains("- {matchLabels: {\"k8s:io.kubernetes.pod.namespace\": ops, \"k8s:app\": job}}"))
        #expect(yaml.contains("  egress: [{}]\n"))
        #expect(!yaml.contains("203.0.113.4"))
    }

    @Test func `what was only dropped gets nothing`() {
        let suggestion = PolicySuggestion(traffic(.dropped))
        #expect(suggestion.droppedOnly == 4)
        #expect(suggestion.documents.allSatisfy { $0.yaml.contains("ingress: []\n  egress: []") })
        #expect(suggestion.coverageSentence.hasPrefix("No traffic that passed"))
        #expect(PolicySuggestion(traffic(.wouldDrop)).coverage.connections == 4)
    }

    @Test func `what policies cannot tell from a drop stays closed, with the reason`() {
        var traffic = traffic()
        let twin = RecordedConnection.Party(namespace: "shop", workload: "twin", labels: ["k8s:app=front"])
        let unknown = RecordedConnection.Party(namespace: "shop", workload: "secret")
        for (source, ipProtocol, verdict) in [
            (twin, IPProtocol.tcp, Verdict.dropped), (unknown, .tcp, .allowed), (front, .icmp, .allowed),
        ] {
            traffic.add(
                RecordedConnection(
                    source: source,
                    destination: back,
                    ipProtocol: ipProtocol,
                    port: 80,
                    verdict: verdict
                )
            )
        }
        let suggestion = PolicySuggestion(traffic)
        let reasons = suggestion.leftOut.map { "\($0.connection.source.workload ?? "?") \($0.reason)" }
        #expect(reasons.sorted() == ["front alsoDropped", "front protocolUnsupported", "secret labelsUnknown"])
        #expect(suggestion.coverage.connections == 3)
    }

    @Test func `selectors keep other pods out`() throws {
        // The canary has front's labels and one more.
        let world = try Manifests.world(
            Manifests.shop,
            Manifests.deployment("canary", in: "shop", "app: front, track: canary")
        )
        let suggestion = PolicySuggestion(traffic(), world: world)
        let yaml = suggestion.yaml
        #expect(
            yaml.contains(
                "{podSelector: {matchLabels: {app: front}, matchExpressions: [{key: track, operator: DoesNotExist}]}}"
            )
        )
    }

    @Test(arguments: PolicySuggestion.Kind.allCases)
    func `applied, it lets through what passed and nothing that was only dropped`(kind: PolicySuggestion.Kind) throws {
        var (passed, closed) = (0, 0)
        for seed in UInt64(0)..<150 {
            var random = SeededRandom(seed: seed)
            let world = RecordedWorld(using: &random)
            let empty = ResolvedSnapshot(world.snapshot)
            let suggestion = PolicySuggestion(world.traffic, world: seed % 3 == 0 ? nil : empty, .init(kind: kind))
            let decoded = PolicyDecoder().decode(SourceDocument(name: "s.yaml", bytes: Array(suggestion.yaml.utf8)))
            try #require(!decoded.hasErrors, "seed \(seed): \(decoded.findings)")
            var snapshot = world.snapshot
            snapshot.policies = decoded.policies
            snapshot.reach = kind == .ciliumNetworkPolicy ? .layer7 : .layer4
            let applied = ResolvedSnapshot(snapshot)
            let leftOut = Set(suggestion.leftOut.map(\.connection))
            let wasPassed = Set(world.traffic.counts.keys.filter(\.passed).map { Self.kind($0) })
            for row in ImpactReplay(world.traffic, old: applied, new: applied).rows {
                if row.connection.passed {
                    guard !leftOut.contains(row.connection) else { continue }
                    #expect(row.outcome == .stillAllowed, "seed \(seed): \(row)")
                    passed += 1
                } else if !wasPassed.contains(Self.kind(row.connection)) {
                    #expect(row.outcome != .stillAllowed, "seed \(seed): \(row)")
                    closed += row.outcome == .stillDropped ? 1 : 0
                }
            }
        }
        #expect(passed > 300 && closed > 300)
    }

    @Test(arguments: PolicySuggestion.Kind.allCases)
    func `the same records give the same bytes`(kind: PolicySuggestion.Kind) {
        for seed in UInt64(0)..<30 {
            var random = SeededRandom(seed: seed)
            let world = RecordedWorld(using: &random)
            var shuffled = RecordedTraffic()
            for (connection, count) in world.traffic.counts.shuffled(using: &random) { shuffled.add(connection, count) }
            var snapshot = world.snapshot
            snapshot.endpoints.shuffle(using: &random)
            let one = PolicySuggestion(world.traffic, world: ResolvedSnapshot(world.snapshot), .init(kind: kind))
            let other = PolicySuggestion(shuffled, world: ResolvedSnapshot(snapshot), .init(kind: kind))
            #expect(one.yaml == other.yaml, "seed \(seed)")
            #expect(one.leftOut == other.leftOut, "seed \(seed)")
        }
    }

    @Test func `names from records stay inside comments and quotes`() {
        let hostile = RecordedConnection.Party(
            namespace: "shop",
            workload: "x\n- evil: true\u{1b}",
            labels: ["k8s:app=front\"}}\nkind: Evil"]
        )
        var traffic = RecordedTraffic()
        traffic.add(
            RecordedConnection(source: hostile, destination: back, ipProtocol: .tcp, port: 80, verdict: .allowed)
        )
        let suggestion = PolicySuggestion(traffic)
        #expect(!suggestion.yaml.contains("\nkind: Evil") && !suggestion.yaml.contains("\n- evil"))
        #expect(suggestion.leftOut.map(\.reason) == [.namesInvalid])
        #expect(suggestion.coverage.connections == 0)
    }

    private static func kind(_ connection: RecordedConnection) -> RecordedConnection {
        var kind = connection
        kind.verdict = .allowed
        return kind
    }
}

/// A few workloads and records of connections between them and others.
private struct RecordedWorld {
    var snapshot = ClusterSnapshot()
    var traffic = RecordedTraffic()

    init(using random: inout SeededRandom) {
        let namespaces = ["shop", "data"]
        for index in 0..<Int.random(in: 3...7, using: &random) {
            var labels: [String: String] = [:]
            for (key, values) in [("app", ["a", "b", "c"]), ("tier", ["x", "y"]), ("track", ["canary"])]
            where Bool.random(using: &random) {
                labels[key] = values.randomElement(using: &random)
            }
            let address = IPAddress(v4: 0x0A00_0001 + UInt32(index))
            snapshot.endpoints.append(
                Endpoint(
                    id: "w\(index)",
                    namespace: namespaces[index % 2],
                    name: "w\(index)-0",
                    workload: .init(name: "w\(index)", kind: "Deployment"),
                    labels: labels,
                    addresses: [address]
                )
            )
        }
        for _ in 0..<Int.random(in: 5...30, using: &random) {
            let ends = [party(using: &random), party(using: &random)]
            guard ends.contains(where: { $0.namespace != nil }), !ends[0].isReserved("host") else { continue }
            let ipProtocol: IPProtocol = [.tcp, .tcp, .udp, .icmp][Int.random(in: 0..<4, using: &random)]
            let connection = RecordedConnection(
                source: ends[0],
                destination: ends[1],
                ipProtocol: ipProtocol,
                port: ipProtocol == .icmp ? 8 : [53, 80, 443][Int.random(in: 0..<3, using: &random)],
                verdict: [.allowed, .allowed, .wouldDrop, .dropped, .dropped][Int.random(in: 0..<5, using: &random)]
            )
            traffic.add(connection, .init(flows: 1, firstSeen: 1, lastSeen: 2))
        }
    }

    private func party(using random: inout SeededRandom) -> RecordedConnection.Party {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .init(address: IPAddress(v4: 0xC000_0201), labels: ["reserved:remote-node"])
        case 1, 2:
            let names = ["a.example", "b.example"].filter { _ in Bool.random(using: &random) }
            let address = IPAddress(v4: 0xCB00_7100 + UInt32.random(in: 0...2, using: &random))
            return .init(address: address, labels: ["reserved:world"], dnsNames: names)
        case 3: return .init(address: IPAddress(v4: 0xC000_0202), labels: ["reserved:host"])
        default:
            let endpoint = snapshot.endpoints[Int.random(in: 0..<snapshot.endpoints.count, using: &random)]
            let labels = endpoint.labels.map { "k8s:\($0.key)=\($0.value)" }
            return .init(
                namespace: endpoint.namespace,
                workload: endpoint.workload.name,
                labels: (labels + ["k8s:io.kubernetes.pod.namespace=\(endpoint.namespace)"]).sorted()
            )
        }
    }
}
