// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyFormats
import PolicyModel
import Testing

@Suite struct DemoTests {
    private func world(_ demo: DemoEnvironment) -> ResolvedSnapshot {
        let source = SourceDocument(name: "world.yaml", bytes: Array(demo.world.utf8))
        let read = WorldReader(.init()).read([source])
        #expect(read.documents.flatMap(\.findings).filter { $0.severity == .error }.isEmpty)
        var snapshot = read.snapshot
        let documents = demo.policies.sorted { $0.key < $1.key }.map { name, text in
            PolicyDecoder().decode(SourceDocument(name: name, bytes: Array(text.utf8)))
        }
        #expect(documents.flatMap(\.findings).filter { $0.severity == .error }.isEmpty)
        snapshot.policies = documents.flatMap(\.policies)
        snapshot.modes.environment = demo.mode
        return ResolvedSnapshot(snapshot)
    }

    private func demo(_ name: String) throws -> DemoEnvironment {
        try #require(DemoEnvironment.all.first { $0.name == name })
    }

    @Test func `production saw 48,210 flows in its last day, and dropped two connections`() throws {
        let demo = try demo("production")
        let traffic = try DemoTraffic(demo, in: world(demo))
        let day = traffic.flows.filter { $0.time >= DemoEnvironment.now - 86_400_000_000 }
        #expect(day.count == 48_210)
        let dropped = Dictionary(grouping: day.filter { $0.verdict == .dropped }) { $0.source.workload ?? "" }
        #expect(dropped.mapValues(\.count) == ["web": 1_204, "cart": 36])
        #expect(dropped["web"]?.allSatisfy { $0.decision.isolatedBy == ["data/db-allow", "data/db-deny"] } == true)
        #expect(day.allSatisfy { $0.verdict != .wouldDrop })
    }

    @Test func `staging is in audit mode: nothing is dropped, some would be`() throws {
        let demo = try demo("staging")
        let verdicts = Set(try DemoTraffic(demo, in: world(demo)).flows.map(\.verdict))
        #expect(verdicts == [.allowed, .wouldDrop])
    }

    @Test func `nothing was seen in a gap, before the store began, or after now`() throws {
        for demo in DemoEnvironment.all {
            let traffic = try DemoTraffic(demo, in: world(demo))
            for flow in traffic.flows {
                #expect(flow.time >= DemoEnvironment.keptSince && flow.time <= DemoEnvironment.now)
                #expect(!traffic.losses.contains { $0.from < flow.time && flow.time < $0.to })
            }
            #expect(traffic.losses.count == demo.gaps.count)
        }
    }

    @Test func `the same data every time`() throws {
        let demo = try demo("edge-7")
        #expect(try DemoTraffic(demo, in: world(demo)).flows == DemoTraffic(demo, in: world(demo)).flows)
    }
}
