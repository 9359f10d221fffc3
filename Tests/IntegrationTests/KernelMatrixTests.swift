// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import FlowModel
import HostDatapath
import Logging
import Netlink
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// The kernel decides as the engine does: every pair of sandbox workloads, the host and the outside, on TCP, UDP and
/// ICMP, over IPv4 and IPv6, for random policy sets.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct KernelMatrixTests {
    private static let setsPerMode = 40

    @Test(arguments: [[Mode.blocking], [Mode.audit], [Mode.blocking, .audit]])
    func theKernelEqualsTheEngine(modes: [Mode]) async throws {
        let lab = try await KernelLab("matrix")
        let reachable = try await lab.reachableProbes()
        for _ in 0..<Self.setsPerMode {
            let seed = UInt64.random(in: 0...UInt64.max)
            var generator = RandomPolicies(seed: seed)
            let policies = generator.policies(modes)
            let world = try await lab.enforce(
                policies,
                environment: modes.count == 1 ? modes[0] : .audit,
                hostTraffic: seed % 5 == 0 ? .enforced : .allowed
            )
            var results = await Prober.run(reachable.map(\.probe), milliseconds: 300)
            // A busy machine may answer late or lose a packet; what rules drop stays silent however often one asks.
            for _ in 0..<3 {
                let late = reachable.indices.filter {
                    !results[$0].passed && lab.verdict(of: reachable[$0], in: world) != .dropped
                }
                guard !late.isEmpty else { break }
                let again = await Prober.run(late.map { reachable[$0].probe }, milliseconds: 2000)
                for (index, result) in zip(late, again) { results[index] = result }
            }
            for (question, result) in zip(reachable, results) {
                let decision = world.decision(from: question.source, to: question.destination, question.service)
                if result.passed != (decision.verdict != .dropped) {
                    Issue.record(
                        """
                        seed \(seed), modes \(modes): \(question.name): kernel \(result), engine \(decision.verdict)
                        egress \(String(describing: decision.egress)) ingress \(String(describing: decision.ingress))
                        \(policies)
                        """
                    )
                    try await lab.close()
                    return
                }
            }
        }
        let flows = await lab.judgedFlows()
        #expect(flows.disagreements.isEmpty, "\(flows.disagreements.prefix(3))")
        #expect(flows.lost == 0)
        if modes == [.audit] { #expect(flows.verdicts[.dropped] == nil) }
        if modes.contains(.blocking) { #expect((flows.verdicts[.dropped] ?? 0) > 0) }
        if modes.contains(.audit) { #expect((flows.verdicts[.wouldDrop] ?? 0) > 0) }
        #expect((flows.verdicts[.allowed] ?? 0) > 0)
        try await lab.close()
    }
}
