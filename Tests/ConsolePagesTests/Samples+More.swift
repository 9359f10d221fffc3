// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ConsolePages
import ControlPlane
import FlowModel
import NetworkPrimitives
import PolicyModel

extension Samples {
    func explain() -> ExplainModel {
        let steps: [Explanation.Step] = [
            .init(label: "source", result: name("shop/web"), text: name("10.0.0.5, app=web")),
            .init(label: "destination", result: name("data/db"), text: name("10.0.0.9, app=db")),
            .init(label: "outbound", result: "allowed", text: name("no policy restricts shop/web outbound")),
            .init(
                label: "inbound",
                result: "NOT ALLOWED",
                text: name("data/db-deny isolates data/db; it does not allow shop/web"),
                notes: [.init(label: "closest", text: name("data/db-allow inbound/1 allows 5432/TCP from app=api"))]
            ),
            .init(label: "mode", result: "blocking", text: "the environment blocks"),
            .init(label: "verdict", result: "DROPPED", text: ""),
        ]
        var answer = Explanation(
            request: ExplainRequest(source: "shop/web", destination: "data/db", port: 5432, ipProtocol: .tcp),
            revision: 7,
            verdict: .dropped,
            decision: groups[0].decision,
            steps: steps,
            policies: [
                .init(
                    policy: name("data/db-deny"),
                    direction: .ingress,
                    isolates: true,
                    mode: .blocking,
                    location: .init(document: name("db.yaml"), line: 3, column: 1),
                    matchingRules: []
                )
            ],
            observed: .init(agreeing: 1204, disagreeing: 0, since: Self.time(600)),
            l7: true,
            advice: name("Add a rule to data/db-allow."),
            rule: name("- from: [{podSelector: {matchLabels: {app: web}}}]\n")
        )
        answer.hostTraffic = nil
        return ExplainModel(
            source: name("shop/web"),
            destination: name("data/db"),
            port: name("5432"),
            parties: [name("shop/web")],
            answer: answer,
            createRule: access.allows(.proposeChanges, in: .server)
                ? Link("e", name("production"), "policies", "new") : nil
        )
    }

    func audit() -> AuditModel {
        let entry = AuditEntry(
            time: Self.time(60).microseconds,
            actor: name("author1"),
            action: name("policy.save"),
            object: name("policy/shop/allow-web"),
            environment: name("production"),
            outcome: .success,
            address: name("192.0.2.7"),
            client: name("palisade-cli 1.0.0"),
            requestID: name("r1"),
            detail: name("saved"),
            changes: [
                .init(field: name("mode"), before: name("audit"), after: name("blocking")),
                .init(field: "x", before: nil, after: "changed"),
            ]
        )
        var denied = entry
        denied.outcome = .denied
        denied.changes = []
        return AuditModel(
            rows: [.init(number: 18_204, entry: entry), .init(number: 18_203, entry: denied)],
            filter: .init(actor: name("author1")),
            timeRange: range("now-7d"),
            actionGroups: ["policy", name("session")],
            selected: .init(number: 18_204, entry: entry),
            verification: .good(name("Verified 18,204 entries, first 3 Nov 2026, no gaps.")),
            next: "c"
        )
    }

    func settings(_ tab: SettingsModel.Tab) -> SettingsModel {
        let grants = [
            Grant(.admin, on: .everywhere),
            Grant(.author, on: .namespace(environment: name("production"), namespace: name("shop"))),
        ]
        return SettingsModel(
            tab: tab,
            users: [
                .init(
                    id: name("u1"),
                    name: name("admin"),
                    grants: grants,
                    lastSignIn: Self.time(600),
                    sessions: 2,
                    isLastAdmin: true
                ),
                .init(
                    id: name("u2"),
                    name: name("author1"),
                    grants: [Grant(.author, on: .group(name("platform")))],
                    isExternal: true,
                    lockedUntil: Self.time(-600)
                ),
            ],
            groups: [
                .init(
                    path: name("platform/edge"),
                    environments: [name("edge-7")],
                    members: [name("author1")],
                    grants: grants
                )
            ],
            tokens: [token],
            newSecret: tab == .tokens ? .init(title: "Token ci", value: name("pal_abcdef")) : nil,
            problem: name("There is a user of this name already."),
            facts: [.init("Records", name("3 days"))]
        )
    }

    var token: SettingsModel.Token {
        .init(
            id: name("t1"),
            name: name("ci"),
            owner: name("author1"),
            grants: [Grant(.author, on: .environment(name("production")))],
            created: Self.time(90_000),
            expires: Self.time(-7_000_000)
        )
    }

    func me() -> MeModel {
        MeModel(
            sessions: [
                .init(
                    id: name("s1"),
                    client: name("Firefox 140 on Linux"),
                    address: name("192.0.2.7"),
                    started: Self.time(9000),
                    lastUsed: Self.time(5),
                    isCurrent: true
                )
            ],
            tokens: [token],
            newSecret: .init(title: "Token ci", value: name("pal_abcdef"))
        )
    }

    func map(expanded: Bool = false, table: Bool = false) -> MapModel {
        let shop: [MapModel.Node] =
            expanded
            ? ["web", "api", "cart", "a-worker-with-a-long-name"].map { workload in
                .init(
                    id: name("shop/\(workload)"),
                    kind: .workload,
                    namespace: name("shop"),
                    label: name(workload),
                    isIsolatedInbound: workload == "web",
                    policies: [name("shop/allow-web")]
                )
            }
            : [
                .init(
                    id: name("shop"),
                    kind: .namespace,
                    namespace: name("shop"),
                    label: name("shop"),
                    isIsolatedInbound: true,
                    policies: [name("shop/allow-web")],
                    workloads: 4
                )
            ]
        let web = name(expanded ? "shop/web" : "shop")
        let api = name(expanded ? "shop/api" : "shop")
        return MapModel(
            timeRange: range(),
            query: name(""),
            nodes: shop + [
                .init(
                    id: name("data"),
                    kind: .namespace,
                    namespace: name("data"),
                    label: name("data"),
                    isIsolatedInbound: true,
                    policies: [name("data/db-deny")],
                    workloads: 2
                ),
                .init(
                    id: name("monitoring"),
                    kind: .namespace,
                    namespace: name("monitoring"),
                    label: name("monitoring"),
                    workloads: 3,
                    unprotected: name("host network")
                ),
                .init(id: "world", kind: .world, namespace: nil, label: "world"),
                .init(id: "host", kind: .host, namespace: nil, label: "host"),
            ],
            edges: [
                .init(
                    from: "world",
                    to: web,
                    verdict: .allowed,
                    ports: ["TCP 443"],
                    connections: 48_210,
                    packets: 99,
                    lastSeen: Self.time(19)
                ),
                .init(
                    from: web,
                    to: name("data"),
                    verdict: .dropped,
                    ports: [name("TCP 5432")],
                    connections: 1204,
                    packets: 1204,
                    lastSeen: Self.time(19)
                ),
                .init(
                    from: api,
                    to: name("data"),
                    verdict: .allowed,
                    ports: ["TCP 5432", "TCP 5433"],
                    otherPorts: 2,
                    connections: 620,
                    packets: 99
                ),
                .init(from: web, to: api, verdict: .allowed, ports: ["TCP 8080"], connections: 6200, packets: 99),
                .init(
                    from: name("monitoring"),
                    to: web,
                    verdict: .wouldDrop,
                    ports: ["TCP 9090"],
                    connections: 37,
                    packets: 99
                ),
                .init(
                    from: name("data"),
                    to: name("monitoring"),
                    verdict: .allowed,
                    isUnused: true,
                    ports: ["TCP 9100"]
                ),
                .init(
                    from: "host",
                    to: name("data"),
                    verdict: .allowed,
                    ports: ["TCP 5432"],
                    connections: 12,
                    packets: 99
                ),
                .init(
                    from: name("data"),
                    to: "world",
                    verdict: .allowed,
                    ports: ["TCP 443"],
                    connections: 2,
                    packets: 9
                ),
            ],
            omittedEdges: 3,
            expanded: expanded ? [name("shop")] : [],
            layers: Set(MapModel.Layer.allCases),
            selected: expanded ? nil : name("data"),
            showsTable: table
        )
    }
}
