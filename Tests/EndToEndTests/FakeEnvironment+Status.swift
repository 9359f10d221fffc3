// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import NetworkPrimitives
import PolicyModel

extension FakeEnvironment {
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
}
