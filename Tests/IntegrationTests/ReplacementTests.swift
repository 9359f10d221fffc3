// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// What happens to traffic at the moment in which one process's rules replace another's.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct ReplacementTests {
    private let here = SourceLocation(document: "test", line: 1, column: 1)

    /// Only the API reaches the database.
    private var policy: Policy {
        func app(_ name: String, _ namespace: String) -> Selector {
            Selector([.isIn(WellKnownLabel.namespace, [namespace]), .isIn(.k8s("app"), [name])])
        }
        let rule = Rule(
            direction: .ingress,
            action: .allow,
            index: 0,
            peers: .anyOf([.endpoints(app("api", "shop"))]),
            ports: .anyOf([.numbered([.tcp], PortRange(5432))]),
            location: here
        )
        return Policy(
            id: PolicyID(.networkPolicy, namespace: "data", name: "db"),
            location: here,
            specs: [
                PolicySpec(subject: .endpoints(app("db", "data")), isolates: [.ingress], rules: [rule], location: here)
            ]
        )
    }

    @Test func nothingAllowedFailsAndNothingDeniedPassesWhileRulesAreReplaced() async throws {
        let lab = try await KernelLab("replace")
        try await lab.replaceAll([policy], environment: .blocking)
        func probes(_ source: String, count: Int) -> [Probe] {
            (0..<count).flatMap { _ in
                IPAddress.Family.allCases.compactMap {
                    lab.sandbox.probe(from: source, to: "db", Service(.tcp, port: 5432), $0)
                }
            }
        }
        let replacing = Task {
            for _ in 0..<100 { try await lab.replaceAll([policy], environment: .blocking) }
        }
        let isOver = Task { try await replacing.value }
        let (allowed, denied) = (probes("api", count: 2), probes("worker", count: 20))
        let attempts = Task {
            var wrong: [String] = []
            var rounds = 0
            while !Task.isCancelled {
                rounds += 1
                async let passing = Prober.run(allowed, milliseconds: 900)
                let silent = await Prober.run(denied, milliseconds: 20)
                for result in silent where result.passed { wrong.append("round \(rounds): denied \(result)") }
                for result in await passing where !result.passed { wrong.append("round \(rounds): allowed \(result)") }
            }
            return (wrong, rounds)
        }
        try await isOver.value
        attempts.cancel()
        let (wrong, rounds) = await attempts.value
        #expect(rounds > 20)
        #expect(wrong.isEmpty, "\(wrong)")
        try await lab.close()
    }
}
