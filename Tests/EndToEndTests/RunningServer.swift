// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import Foundation
import Logging
import NetworkPrimitives
import PolicyModel
import ServiceLifecycle
import Synchronization
import TestSupport
import WebConsole

/// An environment that answers what it was told to.
final class FakeEnvironment: EnvironmentService {
    let changes = Mutex<[ModeChange]>([])
    let isDown = Mutex(false)
    let verdict: Verdict
    /// Since when counts are kept; microseconds since 1970.
    let oldestCount: Int64?

    init(verdict: Verdict = .dropped, oldestCount: Int64? = nil) {
        self.verdict = verdict
        self.oldestCount = oldestCount
    }

    func status(_ view: NamespaceView) async -> StatusReport {
        let store = FlowStoreUsage(
            bytes: 5 << 20,
            capacity: 1 << 30,
            oldestRecord: nil,
            oldestCount: oldestCount,
            recordRetention: 86_400,
            countRetention: 2_592_000
        )
        return StatusReport(
            version: "9.9.9",
            environment: "this-host",
            environmentKind: .host,
            runtime: "fake",
            started: Timestamp(microseconds: 0),
            mode: await modes(view),
            revision: 7,
            enforcement: EnforcementReport(
                inSync: true,
                generation: 3,
                appliedRevision: 7,
                gaps: [.init(from: Timestamp(microseconds: 0), to: Timestamp(microseconds: 1_000_000), by: "nft")]
            ),
            endpoints: EndpointReport(
                enforced: 4,
                unprotected: [
                    .init(namespace: "shop", name: "evil\u{1b}[31m\nok", reason: "It uses the host's network.")
                ]
            ),
            policies: PolicyHealth(
                loaded: 2,
                degraded: [
                    .init(
                        policy: "shop/http",
                        findings: [
                            Finding("V113", .error, "No HTTP.", at: .init(document: "h.yaml", line: 4, column: 2))
                        ]
                    )
                ],
                brokenFiles: [
                    .init(
                        path: "web.yaml",
                        keepsLastGood: true,
                        findings: [
                            Finding(
                                "V104",
                                .error,
                                "Port \"80a\" is bad.",
                                at: .init(document: "web.yaml", line: 3, column: 9)
                            )
                        ]
                    )
                ]
            ),
            flows: FlowHealth(flowsPerSecond: 1234, lost: ["packet-log": 3], disagreements: 2, store: store),
            warnings: ["br_netfilter is missing."]
        )
    }

    func policies(_ view: NamespaceView) async -> PolicyList {
        PolicyList(environment: "this-host", items: [Self.policy])
    }

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

    func world(_ view: NamespaceView) async throws -> WorldReport {
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

    func takeDown() async throws -> TakeDownReport {
        isDown.withLock { $0 = true }
        return TakeDownReport(environment: "this-host", removed: ["table inet palisade"])
    }
}

/// A server on a socket in a directory of its own.
struct RunningServer {
    let directory: String
    let environment: FakeEnvironment

    /// Serves while `body` runs.
    static func serving<Result: Sendable>(
        _ environment: FakeEnvironment = FakeEnvironment(),
        flows: [Flow] = [],
        losses: [FlowLoss] = [],
        live: [LiveFlows] = [],
        _ body: @escaping @Sendable (RunningServer) async throws -> Result
    ) async throws -> Result {
        let directory = "/tmp/palisade-e2e-\(UInt32.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // A directory that cannot be removed is left to the system's own cleaning.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = MemoryFlowStore()
        try await store.append(flows, losses: losses)
        let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let server = APIServer(
            path: directory + "/palisade.sock",
            environment: environment,
            flows: FlowQueries(environment: "this-host", store: store, live: live),
            version: "9.9.9",
            now: { Int64(Date().timeIntervalSince1970 * 1_000_000) },
            logger: logger,
            onReady: { continuation.yield() }
        )
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
                return nil
            }
            var isReady = false
            for await _ in ready {
                isReady = true
                break
            }
            guard isReady else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let result = try await body(RunningServer(directory: directory, environment: environment))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}

/// A server that is started where another one may already answer.
enum SecondServer {
    static func run(on path: String) async throws {
        let server = APIServer(
            path: path,
            environment: FakeEnvironment(),
            flows: FlowQueries(environment: "second", store: MemoryFlowStore()),
            version: "0",
            now: { 0 },
            logger: Logger(label: "second")
        )
        try await server.run()
    }
}
