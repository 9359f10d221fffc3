// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

@Suite struct ImpactReplayTests {
    private let front = RecordedConnection.Party(namespace: "shop", workload: "front", labels: ["k8s:app=front"])
    private let back = RecordedConnection.Party(namespace: "shop", workload: "back", labels: ["k8s:app=back"])
    private let job = RecordedConnection.Party(namespace: "ops", workload: "job")
    private let gone = RecordedConnection.Party(namespace: "ops", workload: "gone")

    private func outside(_ names: String...) -> RecordedConnection.Party {
        .init(address: IPAddress(v4: 0xCB00_7104), labels: ["reserved:world"], dnsNames: names)
    }

    private func connection(
        _ source: RecordedConnection.Party,
        _ destination: RecordedConnection.Party,
        port: UInt16 = 80,
        http: RecordedConnection.HTTP? = nil
    ) -> RecordedConnection {
        .init(source: source, destination: destination, ipProtocol: .tcp, port: port, http: http, verdict: .allowed)
    }

    private func replay(
        _ connections: [RecordedConnection],
        old: String = "",
        new: String,
        reach: EngineReach = .layer4
    ) throws -> ImpactReplay {
        var traffic = RecordedTraffic()
        for (index, connection) in connections.enumerated() {
            let time = Int64(1_795_269_600_000_000)
            traffic.add(
                connection,
                .init(flows: UInt64(1000 * (index + 1)), firstSeen: time, lastSeen: time + 86_400_000_000)
            )
        }
        let before =
            old.isEmpty
            ? try Manifests.world(Manifests.shop, reach: reach) : try Manifests.world(Manifests.shop, old, reach: reach)
        return ImpactReplay(traffic, old: before, new: try Manifests.world(Manifests.shop, new, reach: reach))
    }

    @Test func `each connection has one of five outcomes, with what decided`() throws {
        let old = Manifests.policy(
            "closed",
            in: "shop",
            "{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
        )
        let new = Manifests.policy(
            "closed",
            in: "shop",
            "{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 81}]}]}"
        )
        let replay = try replay(
            [
                connection(front, back), connection(front, back, port: 81), connection(job, back),
                connection(back, front),
                connection(gone, back),
            ],
            old: old,
            new: new
        )
        let outcomes = replay.rows.map { row in
            "\(row.outcome) \(row.connection.port) \(row.count.flows) \(row.before?.decidedBy ?? "?") -> "
                + "\(row.after?.decidedBy ?? "?")"
        }
        #expect(
            outcomes == [
                "newlyDropped 80 1000 shop/closed inbound/1 -> no rule; isolated by shop/closed",
                "newlyAllowed 81 2000 no rule; isolated by shop/closed -> shop/closed inbound/1",
                "stillAllowed 80 4000 not restricted -> not restricted",
                "stillDropped 80 3000 no rule; isolated by shop/closed -> no rule; isolated by shop/closed",
                "uncertain 80 5000 ? -> ?",
            ]
        )
        #expect(replay.rows.last?.doubts == [.podGone])
        let text = replay.text(.text)
        #expect(text.contains("Newly dropped         shop/front  shop/back    80/TCP  1000"))
        #expect(
            text.hasSuffix(
                """
                1 newly dropped (1,000 flows), 1 newly allowed (2,000 flows), 1 still allowed (4,000 flows), \
                1 still dropped (3,000 flows), 1 uncertain (5,000 flows).
                Based on 15,000 flows (5 distinct connections) recorded 21 Nov 14:00 – 22 Nov 14:00 UTC.

                """
            )
        )
        #expect(replay.evidence(gaps: (2, 200)).hasSuffix("UTC; 2 gaps, 4 min in total."))
        #expect(replay.text(.csv).split(separator: "\n").count == 4)
        #expect(replay.text(.json, outcomes: Set(ImpactReplay.Outcome.allCases)).contains(#""doubts":["pod gone"]"#))
    }

    @Test func `names decide where they were recorded, and are missing where not`() throws {
        let new = Manifests.cilium(
            "names",
            in: "shop",
            "{endpointSelector: {}, egress: [{toFQDNs: [{matchName: api.example}]}]}"
        )
        let replay = try replay(
            [
                connection(front, outside("api.example", "x.example")), connection(front, outside("x.example")),
                connection(front, outside()),
            ],
            new: new,
            reach: .layer7
        )
        #expect(replay.rows.map(\.outcome) == [.newlyDropped, .stillAllowed, .uncertain])
        #expect(replay.rows.last?.doubts == [.dnsNameNotRecorded])
    }

    @Test func `rules about requests need the request, unless they stay the same`() throws {
        func policy(_ method: String, _ port: Int) -> String {
            Manifests.cilium(
                "l7",
                in: "shop",
                "{endpointSelector: {matchLabels: {app: back}}, ingress: [{toPorts: [{ports: [{port: \"80\", protocol: "
                    + "TCP}], rules: {http: [{method: \(method)}]}}]}, {toPorts: [{ports: [{port: \"\(port)\"}]}]}]}"
            )
        }
        let connections = [
            connection(front, back), connection(front, back, http: .init(method: "GET", path: "/")),
            connection(front, back, http: .init(method: "POST", path: "/")),
        ]
        let changed = try replay(connections, old: policy("GET", 1), new: policy("POST", 1), reach: .layer7)
        #expect(changed.rows.map(\.outcome) == [.newlyDropped, .newlyAllowed, .uncertain])
        #expect(changed.rows.last?.doubts == [.requestNotRecorded])
        let same = try replay([connections[0]], old: policy("GET", 1), new: policy("GET", 2), reach: .layer7)
        #expect(same.rows.map(\.outcome) == [.stillAllowed])
    }

    @Test func `replicas of one workload are not one pod`() throws {
        let new = Manifests.policy("p", in: "shop", "{podSelector: {}, ingress: []}")
        let pod = RecordedConnection.Party(namespace: "shop", pod: "front")
        let replay = try replay([connection(front, front), connection(pod, pod)], new: new)
        #expect(replay.rows.map(\.outcome) == [.newlyDropped, .stillAllowed])
    }

    @Test func `nothing recorded is not no impact`() throws {
        let replay = try replay([], new: Manifests.policy("p", in: "shop", "{podSelector: {}}"))
        #expect(
            replay.evidence()
                == "No traffic was recorded for these pods in this window, so nothing can be predicted."
        )
        #expect(replay.totals.count == 5)
    }

    @Test func `pods are found by name, labels or workload; others by what is reserved`() throws {
        let new = Manifests.policy("p", in: "shop", "{podSelector: {matchLabels: {app: back}}, ingress: []}")
        let sources = [
            RecordedConnection.Party(namespace: "shop", pod: "front"),
            .init(
                namespace: "shop",
                pod: "front-old",
                labels: ["k8s:app=front", "k8s:io.kubernetes.pod.namespace=shop"]
            ),
            .init(address: IPAddress(v4: 0xC612_0002)), .init(labels: ["reserved:host"]),
            .init(labels: ["reserved:unknown"]),
            .init(labels: ["reserved:remote-node"]),
        ]
        let replay = try replay(sources.map { connection($0, back) }, new: new)
        let outcomes = replay.rows.sorted { $0.count.flows < $1.count.flows }.map(\.outcome)
        // The address is one that the reader gave to a pod; the host is always let in.
        #expect(
            outcomes == [.newlyDropped, .newlyDropped, .newlyDropped, .stillAllowed, .uncertain, .newlyDropped]
        )
    }
}
