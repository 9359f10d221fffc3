// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import PolicyModel
import Synchronization
import TestSupport

/// An environment that answers what it was told to.
final class FakeEnvironment: EnvironmentService {
    let changes = Mutex<[ModeChange]>([])
    let isDown = Mutex(false)
    let verdict: Verdict
    /// Since when counts are kept; microseconds since 1970.
    let oldestCount: Int64?
    let policies: [PolicyReport]

    init(verdict: Verdict = .dropped, oldestCount: Int64? = nil, policies: [PolicyReport] = [policy]) {
        self.verdict = verdict
        self.oldestCount = oldestCount
        self.policies = policies
    }

    func policies(_ view: NamespaceView) async -> PolicyList { PolicyList(environment: "this-host", items: policies) }

    func policies(named name: String, namespace: String?, view: NamespaceView) async throws -> PolicyList {
        guard name == "db-deny", namespace ?? "data" == "data" else {
            throw ServiceError(.notFound, "No policy is called \(name).", fix: "Did you mean data/db-deny?")
        }
        var policy = Self.policy
        policy.source = "kind: NetworkPolicy\n"
        return PolicyList(environment: "this-host", items: [policy])
    }

    static let policy = PolicyReport(
        policyKind: .networkPolicy,
        namespace: "data",
        name: "db-deny",
        mode: .blocking,
        state: .active,
        isolates: [.ingress],
        ruleCount: 0,
        subjectCount: 1,
        location: SourceLocation(document: "db.yaml", line: 1, column: 1),
        since: Timestamp(microseconds: 0),
        summary: ["Applies to every pod in data."]
    )

    func explain(_ request: ExplainRequest, _ view: NamespaceView) async throws -> Explanation {
        guard request.source != "shop/wbe" else {
            throw ServiceError(.notFound, "Nothing is called shop/wbe.", fix: "Did you mean shop/web?")
        }
        return Explanation(
            request: request,
            revision: 7,
            verdict: verdict,
            decision: FlowItem.Decision(Flow.Decision(isolatedBy: ["data/db-deny"], reason: .policyDenied)),
            steps: [
                .init(label: "source", result: "shop/web", text: "Deployment, 3 pods"),
                .init(
                    label: "inbound",
                    result: "NOT ALLOWED",
                    text: "data/db-deny isolates data/db",
                    notes: [.init(label: "closest", text: "data/db-allow inbound/1")]
                ),
                .init(label: "verdict", result: FlowItem(FlowSamples.denied()).verdict.rawValue, text: ""),
            ],
            policies: [
                .init(
                    policy: "data/db-deny",
                    direction: .ingress,
                    isolates: true,
                    mode: .blocking,
                    location: SourceLocation(document: "db.yaml", line: 1, column: 1),
                    matchingRules: []
                )
            ],
            observed: .init(agreeing: 1204, disagreeing: 0, since: Timestamp(microseconds: 0))
        )
    }

    func world(_ view: NamespaceView, texts: Bool) async throws -> WorldReport {
        func endpoint(_ namespace: String, _ name: String, _ last: UInt32) -> Endpoint {
            Endpoint(
                id: name,
                namespace: namespace,
                name: "\(name)-1",
                workload: .init(name: name, kind: "Container"),
                labels: ["app": name],
                addresses: [IPAddress(v4: 0x0a01_0000 + last)],
                namedPorts: [NamedPort("main", .tcp, 8080)]
            )
        }
        let snapshot = ClusterSnapshot(
            revision: 7,
            endpoints: [endpoint("shop", "web", 2), endpoint("data", "db", 3)],
            modes: ModeSettings(environment: .blocking),
            endpointSubnets: [Prefix(IPAddress(v4: 0x0a01_0000), length: 24)]
        )
        return WorldReport(environment: "this-host", snapshot, texts: ["db.yaml": Self.databasePolicy])
    }

    private static let databasePolicy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db-deny, namespace: data}
        spec:
          podSelector: {}
          ingress: []

        """

    func modes(_ view: NamespaceView) async -> ModeReport {
        let last = changes.withLock { $0.last?.mode }
        return ModeReport(environment: "this-host", mode: last ?? .audit, observed: true)
    }

    func setMode(_ change: ModeChange) async throws -> ModeReport {
        if case .namespace("nowhere") = change.scope {
            throw ServiceError(.notFound, "No namespace is called nowhere.")
        }
        changes.withLock { $0.append(change) }
        return await modes(.all)
    }

    func end() {}

    func takeDown() async throws -> TakeDownReport {
        isDown.withLock { $0 = true }
        return TakeDownReport(environment: "this-host", removed: ["table inet palisade"])
    }
}
