// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct PolicyDiffTests {
    private func policies(_ text: String) throws -> [Policy] {
        let decoded = PolicyDecoder().decode(SourceDocument(name: "p.yaml", bytes: Array(text.utf8)))
        try #require(!decoded.hasErrors, "\(decoded.findings)")
        return decoded.policies
    }

    private func diff(_ old: String, _ new: String, cilium: Bool = false) throws -> PolicyDiff {
        let text = { (spec: String) in
            cilium ? Manifests.cilium("p", in: "shop", spec) : Manifests.policy("p", in: "shop", spec)
        }
        return PolicyDiff(old: try policies(text(old)), new: try policies(text(new)))
    }

    @Test(arguments: [
        (
            "{podSelector: {}, ingress: [{ports: [{port: 5432}, {port: 9187}]}]}",
            "{podSelector: {}, ingress: [{ports: [{port: 5432}]}]}",
            ["~ inbound rule 1 ports: TCP 5432, TCP 9187 -> TCP 5432"]
        ),
        (
            "{podSelector: {matchLabels: {role: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}",
            "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}, {ports: [{port: 1}]}]}",
            [
                "~ applies to: pods in namespace shop with role=db -> all pods in namespace shop",
                "~ inbound rule 1 peers: from pods with app=a in namespace shop -> from pods with app=b in namespace shop",
                "+ inbound rule 2: Allow TCP 1 from anywhere",
            ]
        ),
        (
            "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}]}",
            "{podSelector: {}, policyTypes: [Egress]}",
            [
                "- inbound rule 1: Allow TCP 1 from every pod in namespace shop",
                "~ inbound default: everything else is dropped -> not restricted",
                "~ outbound default: not restricted -> everything else is dropped",
            ]
        ),
    ])
    func `a change is said in words`(old: String, new: String, rows: [String]) throws {
        let diff = try diff(old, new)
        let found = diff.changes.flatMap(\.rows).map { row in
            let texts = [row.before, row.after].compactMap { $0 }
            return "\(row.mark) \(row.place): \(texts.joined(separator: " -> "))"
        }
        #expect(found.sorted() == rows.sorted())
        #expect(diff.changes.map(\.kind) == [.modified])
    }

    @Test(arguments: [
        // Order of rules.
        (
            "{podSelector: {}, ingress: [{ports: [{port: 1}]}, {ports: [{port: 2}], from: [{podSelector: {}}]}]}",
            "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 2}]}, {ports: [{port: 1}]}]}"
        ),
        // A duplicate.
        (
            "{podSelector: {}, ingress: [{ports: [{port: 1}]}]}",
            "{podSelector: {}, ingress: [{ports: [{port: 1}]}, {ports: [{port: 1}]}]}"
        ),
        // One rule written as two, and a range in pieces.
        (
            "{podSelector: {}, ingress: [{ports: [{port: 1, endPort: 3}]}]}",
            "{podSelector: {}, ingress: [{ports: [{port: 3}, {port: 1}]}, {ports: [{port: 2}]}]}"
        ),
        // Labels as expressions.
        (
            "{podSelector: {matchLabels: {a: b}}, ingress: [{from: [{podSelector: {matchLabels: {c: d}}}]}]}",
            "{podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}, ingress: [{from: [{podSelector: "
                + "{matchExpressions: [{key: c, operator: In, values: [d, d]}]}}]}]}"
        ),
    ])
    func `another spelling is no difference, and counted`(old: String, new: String) throws {
        let diff = try diff(old, new)
        #expect(diff.isEmpty)
        #expect(diff.changes.allSatisfy { $0.rows.isEmpty && !$0.neutral.isEmpty })
    }

    @Test func `the number of items is no spelling where it has a meaning`() throws {
        let diff = try diff(
            "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}",
            "{endpointSelector: {}, ingress: [{fromEndpoints: []}]}",
            cilium: true
        )
        #expect(!diff.isEmpty)
    }

    @Test func `policies that come and go, and comments`() throws {
        let one = try policies(Manifests.policy("a", in: "x", "{podSelector: {}}"))
        let two = try policies(Manifests.policy("b", in: "x", "{podSelector: {}}"))
        let diff = PolicyDiff(old: one, new: two)
        #expect(diff.changes.map(\.kind) == [.removed, .added])
        #expect(diff.changes.flatMap(\.rows).map(\.mark) == ["-", "-", "+", "+"])
        let id = one[0].id
        let comments = PolicyDiff(old: one, new: one, oldTexts: [id: [1]], newTexts: [id: [2]])
        #expect(comments.isEmpty)
        #expect(comments.changes.map(\.neutral) == [["comments or layout"]])
        #expect(PolicyDiff(old: one, new: one).changes.isEmpty)
    }
}

@Suite struct PlanTests {
    private let old =
        "{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {matchLabels: "
        + "{app: front}}}, {namespaceSelector: {}}], ports: [{port: 80}, {port: 90}]}]}"
    private let new =
        "{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {matchLabels: "
        + "{app: front}}}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 80}]}]}"

    private func plan(more: String = "", seen: @escaping (MapNode, MapNode) -> UInt64? = { _, _ in nil }) throws -> Plan
    {
        let one = try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", old))
        let other = try Manifests.world(Manifests.shop + more, Manifests.policy("p", in: "shop", new))
        return Plan(old: one, new: other, seen: seen)
    }

    @Test func `connectivity rows come by risk, what was used before what was not`() throws {
        let plan = try plan { source, _ in "\(source)".contains("ops/job") ? 1204 : 0 }
        #expect(
            plan.text(.text) == """
                shop/p  NetworkPolicy  modified
                  - inbound rule 1   Allow TCP 80, TCP 90 from pods with app=front in namespace shop, or from every pod \
                in the cluster
                  + inbound rule 1   Allow TCP 80 from pods with app=front in namespace shop
                  + inbound rule 2   Allow TCP 80 from 203.0.113.0/24

                CONNECTIVITY  SOURCE          DESTINATION  BEFORE          AFTER   SEEN
                added         203.0.113.0/24  shop/back    none            80/TCP  never
                removed       ops/job         shop/back    80/TCP, 90/TCP  none    1204
                changed       shop/front      shop/back    80/TCP, 90/TCP  80/TCP  never

                After this change 3 workloads accept traffic from outside the cluster (was 2): + shop/back.
                1 policy modified, 0 added, 0 deleted; 1 used connection would be dropped.

                """
        )
        #expect(plan.connectivity.rows.map(\.risk) == [.exposedToWorld, .removedAndUsed, .removedAndUnused])
    }

    @Test func `workloads that appear are told apart from rules`() throws {
        let plan = try plan(more: "---\n" + Manifests.deployment("new", in: "ops"))
        #expect(plan.connectivity.appeared.map(\.description) == ["ops/new[Deployment]"])
        #expect(plan.connectivity.rows.allSatisfy { !"\($0.source)\($0.destination)".contains("ops/new") })
        #expect(!plan.connectivity.rowsOfOtherWorkloads.isEmpty)
        #expect(plan.text(.text).contains("no effect of rules):\n  + ops/new\n"))
    }

    @Test func `an equal world has no differences`() throws {
        let world = try Manifests.world(Manifests.shop, Manifests.policy("p", in: "shop", old))
        let plan = Plan(old: world, new: world)
        #expect(plan.isEmpty)
        #expect(plan.text(.text) == "No differences.\n")
    }

    @Test func `the other forms hold the same rows`() throws {
        let plan = try plan()
        #expect(plan.text(.csv).contains("added,203.0.113.0/24,shop/back,none,80/TCP,exposedToWorld,\n"))
        #expect(plan.text(.md).contains("| removed | ops/job | shop/back | 80/TCP, 90/TCP | none | – |\n"))
        let json = plan.text(.json)
        #expect(json.contains(#""destination":{"namespace":"shop","name":"back","kind":"Deployment"}"#))
        let read = PolicyDecoder(.init(otherKinds: .passedOver)).decode(
            SourceDocument(name: "plan.json", bytes: Array(json.utf8))
        )
        #expect(read.findings.isEmpty)
    }

    @Test func `a workload split by one of the worlds is compared by replicas`() throws {
        func pod(_ name: String, _ zone: String, _ address: String) -> String {
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: shop, labels: {app: db, zone: \(zone)}, ownerReferences: \
            [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u}]}
            spec: {}
            status: {podIP: \(address)}

            """
        }
        let pods = pod("db-0", "a", "10.0.0.1") + "---\n" + pod("db-1", "b", "10.0.0.2")
        let spec = "{podSelector: {matchLabels: {zone: a}}, ingress: []}"
        let one = try Manifests.world(Manifests.shop, pods)
        let other = try Manifests.world(Manifests.shop, pods, Manifests.policy("p", in: "shop", spec))
        let diff = ConnectivityDiff(old: one, new: other)
        #expect(diff.appeared.isEmpty && diff.disappeared.isEmpty)
        #expect(Set(diff.rows.map(\.destination.description)) == ["shop/db-0[Pod]"])
        #expect(diff.rows.count == 5)
    }
}
