// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import Synchronization
import TestSupport
import Testing

/// The process is killed again and again, while it applies rules and while traffic flows.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct KillTests {
    private static let kills = 100

    private static let policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: data}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress]
          ingress:
          - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]
            ports: [{port: 5432}]

        """

    @Test func `killed a hundred times under traffic, nothing allowed fails and nothing denied passes`() async throws {
        let runtime = try await RuntimeLab("kill")
        try Data(Self.policy.utf8).write(to: URL(fileURLWithPath: runtime.policies + "/db.yaml"))
        let directory = runtime.directory
        let lab = Lab(runtime: runtime)
        let first = try lab.start()
        _ = try await runtime.status(of: first)
        let traffic = Task { await lab.probe() }
        let editing = Task { try await lab.edit() }
        var process = first
        var generations: [UInt32] = []
        var starts: [Date] = []
        for round in 0..<Self.kills {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...600)))
            #expect(process.isRunning, "round \(round): \(process.messages)")
            await process.end(SIGKILL)
            generations.append(try lab.generation())
            process = try lab.start()
            starts.append(Date())
        }
        let status = try await runtime.status(of: process)
        // None of those that were killed need have lived long enough to store a flow; the last one does.
        let page = try await lab.recorded([.allowed, .dropped])
        editing.cancel()
        traffic.cancel()
        let tally = await traffic.value
        #expect(tally.allowed > 100 && tally.denied > 100, "\(tally)")
        #expect(tally.failures.isEmpty, "\(tally.failures.prefix(5)), starts \(starts.map(\.timeIntervalSince1970))")
        #expect(generations == generations.sorted() && generations.first != generations.last)

        #expect(status.flows.storeMessages.contains { $0.contains("at most its last second") })
        #expect(status.enforcement.gaps.isEmpty && status.enforcement.inSync)
        #expect(!page.complete && page.losses.contains { $0.source == LossSource.crash.rawValue })

        let down = try await Program.run(["down", "--data", directory])
        #expect(down.status == 0, "\(down.messages)")
        #expect(await process.status() == 0)
        #expect(try Machine.run("nsenter", ["--net=\(runtime.room.path)", "nft", "list", "tables"]) == "")
        try await runtime.close()
    }

    /// What the test does to the process and what it sees of it.
    private struct Lab: Sendable {
        struct Tally: Sendable {
            var allowed = 0
            var denied = 0
            var failures: [String] = []
        }

        let runtime: RuntimeLab

        func start() throws -> UpProcess { try runtime.start(["--mode", "blocking"]) }

        func generation() throws -> UInt32 {
            let text = try Machine.run(
                "nsenter",
                ["--net=\(runtime.room.path)", "nft", "list", "set", "inet", "palisade", "generation"]
            )
            let digits = text.split(whereSeparator: { " {}\n".contains($0) }).first { $0.hasPrefix("0x") }
            return digits.flatMap { UInt32($0.dropFirst(2), radix: 16) } ?? 0
        }

        /// What `palisade flows` answers once it has all these verdicts.
        func recorded(_ verdicts: Set<Verdict>) async throws -> FlowPage {
            try await eventuallyFind("flows: \(verdicts)", seconds: 30) {
                let question = ["flows", "--since", "1h", "-o", "json", "--data", runtime.directory]
                let answer = try await Program.run(question)
                let page = try JSONDecoder().decode(FlowPage.self, from: Data(answer.output.utf8))
                return Set(page.items.map(\.verdict)).isSuperset(of: verdicts) ? page : nil
            }
        }

        /// Saves another policy again and again, so that rules are always being applied.
        func edit() async throws {
            var round = 0
            while !Task.isCancelled {
                round += 1
                let text = KillTests.policy.replacing("name: db,", with: "name: churn,")
                    .replacing("app: db", with: "app: web").replacing("app: api", with: "app: r\(round)")
                let file = URL(fileURLWithPath: runtime.policies + "/churn.yaml")
                try Data(text.utf8).write(to: file, options: .atomic)
                try await Task.sleep(for: .milliseconds(40))
            }
        }

        /// Opens one allowed and one denied connection in each family, again and again.
        func probe() async -> Tally {
            await withTaskGroup(of: Tally.self) { group in
                // A first packet that is lost is sent again after a second: by then the probe has failed.
                group.addTask { await probe("api", passes: true, milliseconds: 900) }
                group.addTask { await probe("worker", passes: false, milliseconds: 100) }
                return await group.reduce(into: Tally()) { sum, part in
                    sum.allowed += part.allowed
                    sum.denied += part.denied
                    sum.failures += part.failures
                }
            }
        }

        private func probe(_ source: String, passes: Bool, milliseconds: Int32) async -> Tally {
            let probes = IPAddress.Family.allCases.compactMap {
                runtime.world.probe(from: source, to: "db", Service(.tcp, port: 5432), $0)
            }
            var tally = Tally()
            while !Task.isCancelled {
                let sent = Date().timeIntervalSince1970
                for (probe, result) in zip(probes, await Prober.run(probes, milliseconds: milliseconds)) {
                    if passes { tally.allowed += 1 } else { tally.denied += 1 }
                    if result.passed != passes {
                        tally.failures.append("\(source) to \(probe.destination): \(result), sent \(sent)")
                    }
                }
                // Leaves the processor to the one that is tested.
                try? await Task.sleep(for: .milliseconds(10))
            }
            return tally
        }
    }
}
