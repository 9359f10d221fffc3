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
    func totals(_ factor: UInt64 = 1) -> TrafficTotals {
        func volume(_ packets: UInt64) -> Volume {
            Volume(connections: packets / 3 * factor, packets: packets * factor, bytes: packets * 900 * factor)
        }
        var totals = TrafficTotals()
        totals.allowed = volume(1_180_000)
        totals.dropped = volume(20_400)
        totals.wouldDrop = volume(3_111)
        totals.total = totals.allowed + totals.dropped + totals.wouldDrop
        totals.inbound = volume(400_000)
        totals.outbound = volume(300_000)
        totals.internal = volume(503_511)
        totals.droppedShare = 0.01695
        totals.wouldDropShare = 0.00004
        return totals
    }

    func statistics() -> StatisticsModel {
        var model = StatisticsModel(timeRange: range(), totals: totals(), rate: series())
        model.namespaces = ["data", "shop"].map(name)
        model.previous = totals(2)
        model.connectionsPerSecond = 412
        model.isolated = .init(count: 41, all: 50)
        model.activePolicies = 12
        model.auditPolicies = 2
        model.byNamespace = [
            .init(namespace: name("shop"), totals: totals(2)), .init(namespace: name("data"), totals: totals()),
            .init(namespace: name("quiet"), totals: TrafficTotals()),
        ]
        model.omittedNamespaces = 3
        model.drops = groups.filter { $0.verdict != .allowed }
        model.omittedDrops = 12
        let volume = Volume(connections: 10, packets: 1204, bytes: 9000)
        model.reasons = [
            .init(name: "POLICY_DENIED", dropped: volume),
            .init(name: name("something else"), dropped: volume, wouldDrop: volume),
        ]
        model.ports = [
            .init(name: "TCP 443", allowed: volume), .init(name: name("UDP 53"), allowed: volume, dropped: volume),
        ]
        model.policies = [.init(name: name("shop/allow-web"), allowed: volume)]
        model.isComplete = false
        model.lost = 1840
        model.gaps = [
            .init(from: Self.time(19_800), to: Self.time(18_000), cause: name("palisade was not running"), lost: 0)
        ]
        model.states = [
            .ports: .failed(.init(name("Could not read ports."), fix: name("Look at the log."), requestID: name("r7")))
        ]
        return model
    }

    var status: StatusReport {
        StatusReport(
            version: name("1.0.0"),
            environment: name("production"),
            environmentKind: .host,
            runtime: name("podman (/run/podman/podman.sock)"),
            started: Self.time(90_000),
            mode: ModeReport(environment: name("production"), mode: .blocking, observed: true),
            revision: 7,
            enforcement: EnforcementReport(inSync: false, lastApplied: Self.time(300), lastError: name("nft said no")),
            endpoints: EndpointReport(enforced: 47, unprotected: [.init(namespace: "a", name: "b", reason: "c")]),
            policies: PolicyHealth(loaded: 12),
            flows: FlowHealth(
                flowsPerSecond: 1234,
                lost: ["queue": 12],
                disagreements: 1,
                store: FlowStoreUsage(
                    bytes: 48_000_000,
                    capacity: 0,
                    oldestRecord: nil,
                    oldestCount: nil,
                    recordRetention: 259_200,
                    countRetention: 2_592_000
                )
            ),
            warnings: [name("The kernel has no conntrack accounting.")]
        )
    }

    func overview() -> OverviewModel {
        OverviewModel(
            timeRange: range(),
            status: status,
            totals: totals(),
            series: series(),
            attention: [
                .init(
                    id: "audit",
                    severity: .warning,
                    text: name("production is in Audit mode: 37 connections would have been dropped"),
                    action: "Review",
                    link: Link("e", name("production"), "flows", query: ["q": "verdict:would-drop"])
                ),
                .init(
                    id: "empty",
                    severity: .problem,
                    text: name("4 policies select nothing"),
                    action: "Show",
                    link: Link("e")
                ),
                .init(
                    id: "open",
                    severity: .remark,
                    text: name("9 workloads have no policy"),
                    action: "Show",
                    link: Link("e")
                ),
            ],
            isolation: .init(both: 30, inboundOnly: 8, outboundOnly: 3, none: 9),
            drops: groups.filter { $0.verdict != .allowed }
        )
    }

    func report(
        _ namespace: String?,
        _ policy: String,
        subjects: Int = 3,
        state: PolicyReport.State = .active
    ) -> PolicyReport {
        let location = SourceLocation(document: name("shop/\(policy).yaml"), line: 1, column: 1)
        return PolicyReport(
            policyKind: namespace == nil ? .ciliumClusterwideNetworkPolicy : .networkPolicy,
            namespace: namespace.map(name),
            name: name(policy),
            mode: subjects == 0 ? .audit : .blocking,
            state: state,
            isolates: [.ingress, .egress],
            ruleCount: 2,
            subjectCount: subjects,
            location: location,
            since: Self.time(90_000),
            summary: [
                name("Applies to 3 workloads in shop with app=web."), name("Inbound: allows TCP 443 from anywhere."),
                "Everything else inbound is dropped.",
            ],
            source: name(
                """
                # Who may talk to web
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: \(policy)
                spec:
                  podSelector: {matchLabels: {app: web}}
                  ingress:
                    - ports: [{port: 443}]

                """
            ),
            findings: state == .active
                ? []
                : [
                    Finding(
                        "V130",
                        .warning,
                        name("Outbound is restricted and DNS is not allowed."),
                        at: location,
                        notes: [.init(name("see here"))]
                    )
                ]
        )
    }

    func policies(_ tab: PoliciesModel.Tab = .list) -> PoliciesModel {
        let use = PolicyUseReport.Use(allowed: 48_210, dropped: 1204, wouldDrop: 0, lastUsed: Self.time(19))
        return PoliciesModel(
            tab: tab,
            rows: [
                .init(report: report("shop", "allow-web"), use: use),
                .init(report: report("data", "db-deny", state: .degraded), use: .init()),
                .init(report: report("data", "forgotten", subjects: 0)),
                .init(report: report(nil, "baseline"), use: use),
            ],
            workloads: [
                .init(
                    namespace: name("shop"),
                    name: name("web"),
                    inbound: true,
                    outbound: false,
                    policies: [name("shop/allow-web")]
                ),
                .init(
                    namespace: name("shop"),
                    name: name("old"),
                    inbound: false,
                    outbound: false,
                    unprotected: name("host network")
                ),
            ],
            usePeriod: "in the last 8 h",
            search: name(""),
            all: 5,
            selected: tab == .list ? report("shop", "allow-web", state: .degraded) : nil,
            broken: [
                .init(path: name("bad.yaml"), keepsLastGood: true, findings: report("a", "b", state: .stale).findings)
            ]
        )
    }

    func policy() -> PolicyModel {
        let use = PolicyUseReport.Use(allowed: 48_210, dropped: 0, wouldDrop: 3, lastUsed: Self.time(19))
        return PolicyModel(
            report: report("shop", "allow-web", state: .degraded),
            rules: [
                .init(name: name("inbound/1"), sentence: name("allows TCP 443 from anywhere"), line: 9, use: use),
                .init(name: name("inbound/2"), sentence: "", use: .init()),
            ],
            use: use,
            usePeriod: "in the last 8 h",
            subjects: [name("shop/web"), name("shop/web2")]
        )
    }
}
