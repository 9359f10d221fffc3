// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import HostDatapath
import Logging
import Netlink
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport

/// A quiet sandbox in a network namespace of its own, with rules in it and the kernel's events collected.
final class KernelLab: Sendable {
    /// A probe with what the engine has to be asked.
    struct Question: Sendable {
        var name: String
        var probe: Probe
        var source: IPAddress
        var destination: IPAddress
        var service: Service
    }

    let room: TestNamespace
    let sandbox: SandboxWorld
    let applier: NftProgram
    let namespace: NetworkNamespace
    private let inventory: WorkloadInventory
    private let collector: EventCollector
    private let installer: Installer
    private let listening: Task<Void, any Error>

    init(_ purpose: String) async throws {
        room = try TestNamespace(purpose)
        namespace = NetworkNamespace(path: room.path)
        var plan = SandboxPlan.standard
        plan.prefix = "k\(UInt8.random(in: 10...99))"
        // Everybody answers datagrams: the kernel limits the rate of "port unreachable", which would look like a drop.
        for index in plan.hosts.indices { plan.hosts[index].udpPorts = [53, 5005] }
        sandbox = try await SandboxWorld.build(plan, in: namespace, isQuiet: true)
        applier = NftProgram(namespace: namespace)
        inventory = try await Sandbox(sandbox).inventory()
        let collector = EventCollector()
        self.collector = collector
        installer = Installer()
        let log = PacketLog(group: KernelMarks.logGroup, namespace: namespace)
        listening = Task { try await log.run { await collector.add($0) } }
    }

    /// Puts policies into force and returns the world that they make.
    func enforce(_ policies: [Policy], environment: Mode, hostTraffic: HostTraffic) async throws -> ResolvedSnapshot {
        let snapshot = ClusterSnapshot(
            revision: await installer.nextRevision,
            endpoints: inventory.endpoints,
            policies: policies,
            modes: ModeSettings(environment: environment),
            hostAddresses: inventory.hostAddresses,
            endpointSubnets: inventory.endpointSubnets,
            hostTraffic: hostTraffic
        )
        let world = ResolvedSnapshot(snapshot)
        let (script, generation) = await installer.script(for: world, inventory.attachments)
        await collector.expect(generation, world)
        try await applier.apply(script)
        return world
    }

    /// Replaces whatever rules there are, as a process does that starts anew and knows nothing of them.
    func replaceAll(_ policies: [Policy], environment: Mode) async throws {
        let snapshot = ClusterSnapshot(
            revision: await installer.nextRevision,
            endpoints: inventory.endpoints,
            policies: policies,
            modes: ModeSettings(environment: environment),
            hostAddresses: inventory.hostAddresses,
            endpointSubnets: inventory.endpointSubnets
        )
        let world = ResolvedSnapshot(snapshot)
        await installer.forget()
        let (script, generation) = await installer.script(for: world, inventory.attachments)
        await collector.expect(generation, world)
        try await applier.apply(script)
    }

    /// Every probe between two different parties that gets through while there are no rules.
    func reachableProbes() async throws -> [Question] {
        let names = sandbox.plan.hosts.map(\.name) + ["host"]
        let services = [
            Service(.tcp, port: 8080), Service(.tcp, port: 9090), Service(.tcp, port: 5432), Service(.tcp, port: 443),
            Service(.udp, port: 53), Service(.udp, port: 5005), Service(.icmp, port: 8),
        ]
        var questions: [Question] = []
        for source in names {
            for destination in names where destination != source {
                for family in IPAddress.Family.allCases {
                    for service in services {
                        guard let probe = sandbox.probe(from: source, to: destination, service, family) else {
                            continue
                        }
                        guard let from = address(source, towards: destination, family) else { continue }
                        let asked = service.ipProtocol == .icmp && family == .v6 ? Service(.icmpv6, port: 128) : service
                        questions.append(
                            Question(
                                name: "\(source) -> \(destination) \(family) \(asked)",
                                probe: probe,
                                source: from,
                                destination: probe.destination,
                                service: asked
                            )
                        )
                    }
                }
            }
        }
        let results = await Prober.run(questions.map(\.probe), milliseconds: 1500)
        return zip(questions, results).filter { $0.service.ipProtocol == .udp ? $1 == .answered : $1.passed }.map(\.0)
    }

    /// What the engine says about a question.
    func verdict(of question: Question, in world: ResolvedSnapshot) -> Verdict {
        world.decision(from: question.source, to: question.destination, question.service).verdict
    }

    /// What the pipeline makes of the events so far.
    func judgedFlows() async -> (verdicts: [Verdict: Int], disagreements: [Flow], lost: UInt64) {
        // The kernel holds events back for a moment to send several at once.
        try? await Task.sleep(for: .milliseconds(300))
        return await collector.summary()
    }

    func close() async throws {
        listening.cancel()
        try await sandbox.remove()
    }

    /// The host uses the address of the interface towards the destination.
    private func address(_ name: String, towards destination: String, _ family: IPAddress.Family) -> IPAddress? {
        if name != "host" {
            return sandbox.plan.host(name).map { family == .v4 ? $0.v4 : $0.v6 }
        }
        guard sandbox.plan.host(destination)?.namespace != nil else { return nil }
        let subnet = family == .v4 ? sandbox.plan.v4Subnet : sandbox.plan.v6Subnet
        return inventory.hostAddresses.first { subnet.contains($0) }
    }
}

/// Compiles one ruleset after the other, as differences.
private actor Installer {
    private var compiler = RulesetCompiler()
    private var applied: Ruleset?
    private var generation: UInt32 = 0

    var nextRevision: UInt64 { UInt64(generation) + 1 }

    /// Starts anew, with other class numbers and no knowledge of what is applied.
    func forget() {
        compiler = RulesetCompiler()
        applied = nil
    }

    func script(
        for world: ResolvedSnapshot,
        _ attachments: [WorkloadInventory.Attachment]
    ) -> (String, UInt32) {
        generation += 1
        let ruleset = compiler.ruleset(for: world, attachments: attachments, generation: generation)
        let script = applied.map { ruleset.script(from: $0) } ?? ruleset.replacingScript()
        applied = ruleset
        return (script, generation)
    }
}

/// Gathers what the flow pipeline makes of events.
private actor EventCollector {
    private let store = MemoryFlowStore()
    private let pipeline: FlowPipeline
    private let broadcast = FlowBroadcast()
    private var lost: UInt64 = 0

    init() {
        pipeline = FlowPipeline(store: store, broadcast: broadcast, logger: Logger(label: "test")) {
            Int64(Date().timeIntervalSince1970 * 1_000_000)
        }
    }

    func expect(_ generation: UInt32, _ world: ResolvedSnapshot) async { await pipeline.expect(generation, world) }

    func add(_ events: [KernelEvent]) async {
        for case .lost(_, let count, _) in events { lost += count }
        await pipeline.ingest(events)
    }

    func summary() async -> (verdicts: [Verdict: Int], disagreements: [Flow], lost: UInt64) {
        await pipeline.flush()
        let range = TimeRange(from: 0, to: Int64.max / 2)
        let flows: [Flow]
        do {
            flows = try await store.flows(FlowQuery(range: range, limit: 1_000_000)).flows
        } catch {
            flows = []
        }
        var verdicts: [Verdict: Int] = [:]
        for flow in flows { verdicts[flow.verdict, default: 0] += 1 }
        return (verdicts, flows.filter { !$0.agrees }, lost)
    }
}
