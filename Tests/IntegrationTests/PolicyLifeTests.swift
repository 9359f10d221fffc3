// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

/// What happens in the kernel when policy files and modes change, with a whole environment in a network namespace.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct PolicyLifeTests {
    private static let api = Service(.tcp, port: 9000)

    @Test func aSavedFileIsInTheKernelWithinHalfASecond() async throws {
        let lab = try await EnvironmentLab("save")
        let running = try await lab.start(.blocking)
        #expect(await lab.passes("web-1", "api", Self.api) == [true, true])
        var delays: [Double] = []
        for round in 0..<6 {
            let closes = round % 2 == 0
            let before = await running.environment.status(.all).revision
            let saved = Date()
            try lab.save(LabPolicies.inbound("api", to: "api", from: closes ? ["worker"] : ["web"]), as: "api.yaml")
            try await running.reaches("the edit is in force") { $0.revision > before }
            let applied = try #require(await running.environment.status(.all).enforcement.lastApplied)
            delays.append(Double(applied.microseconds) / 1e6 - saved.timeIntervalSince1970)
            #expect(await lab.passes("web-1", "api", Self.api) == [!closes, !closes])
            #expect(await lab.passes("worker", "api", Self.api) == [closes, closes])
        }
        #expect(delays.sorted()[delays.count / 2] < 0.5, "\(delays)")
        try lab.save(nil, as: "api.yaml")
        try await running.reaches("the removal is in force") { $0.policies.loaded == 0 }
        #expect(await lab.passes("worker", "api", Self.api) == [true, true])
        try await running.stop()
        try await lab.close()
    }

    @Test func aBrokenFileLeavesTheLastGoodRevisionInForceAlsoAfterARestart() async throws {
        let lab = try await EnvironmentLab("broken")
        try lab.save(LabPolicies.inbound("api", to: "api"), as: "api.yaml")
        var running = try await lab.start(.blocking)
        try lab.save(LabPolicies.broken, as: "api.yaml")
        try await running.reaches("the broken file is reported") { !$0.policies.brokenFiles.isEmpty }
        for restarts in 0..<2 {
            let status = await running.environment.status(.all)
            #expect(status.policies.brokenFiles.map(\.keepsLastGood) == [true])
            #expect(status.policies.brokenFiles.first?.findings.first?.description.hasPrefix("api.yaml:5:3") == true)
            #expect(status.policies.loaded == 1)
            #expect(await running.environment.policies(.all).items.map(\.state) == [.stale])
            #expect(await lab.passes("web-1", "api", Self.api) == [false, false])
            guard restarts == 0 else { continue }
            try await running.stop()
            // Nothing but the files can tell the next process what was in force.
            try lab.room.nft("flush ruleset\n")
            running = try await lab.start(.blocking)
        }
        try lab.save(LabPolicies.inbound("api", to: "api", from: ["web"]), as: "api.yaml")
        try await running.reaches("the mended file is in force") { $0.policies.brokenFiles.isEmpty }
        #expect(await lab.passes("web-1", "api", Self.api) == [true, true])
        try await running.stop()
        try await lab.close()
    }

    @Test func aBrokenFileWithoutALastGoodRevisionKeepsBlockingFromStarting() async throws {
        let lab = try await EnvironmentLab("refusal")
        try lab.save(LabPolicies.broken, as: "api.yaml")
        let refusal = await #expect(throws: StartRefusal.self) { try await lab.start(.blocking) }
        #expect("\(refusal as Any)".contains("api.yaml:5:3"))
        #expect("\(refusal as Any)".contains("--skip-broken"))
        for (mode, skips) in [(Mode.audit, false), (.blocking, true)] {
            let running = try await lab.start(mode, skipsBroken: skips)
            #expect(await running.environment.status(.all).policies.brokenFiles.map(\.keepsLastGood) == [false])
            try await running.stop()
        }
        try await lab.close()
    }

    @Test func openConnectionsAreCutWhenPolicyNoLongerAllowsThemAndOnlyThose() async throws {
        let lab = try await EnvironmentLab("open")
        try lab.save(LabPolicies.inbound("api", to: "api", from: ["web", "worker"]), as: "api.yaml")
        let running = try await lab.start(.blocking)
        let plan = lab.sandbox.plan
        let api = try #require(plan.host("api"))
        let cut = try Self.connections(from: "web-1", to: api, plan, port: 7000)
        let kept = try Self.connections(from: "worker", to: api, plan, port: 7100)
        // Changed so that one of the two is left.
        try lab.save(LabPolicies.inbound("api", to: "api", from: ["worker"]), as: "api.yaml")
        try await eventually("the edit is in force") {
            let status = await running.environment.status(.all)
            return status.enforcement.inSync && status.revision > 1
        }
        #expect(OpenConnection.passing(cut) == [false, false, false, false])
        #expect(OpenConnection.passing(kept) == [true, true, true, true])
        // A new policy closes to everybody.
        let revision = await running.environment.status(.all).revision
        try lab.save(nil, as: "api.yaml")
        try lab.save(LabPolicies.inbound("closed", to: "api"), as: "closed.yaml")
        try await running.reaches("all is closed") { $0.revision > revision && $0.policies.loaded == 1 }
        #expect(OpenConnection.passing(kept) == [false, false, false, false])
        // The policy is removed: whoever was cut goes on.
        try lab.save(nil, as: "closed.yaml")
        try await running.reaches("all is open") { $0.policies.loaded == 0 }
        let passing = OpenConnection.passing(cut + kept, milliseconds: 5000)
        #expect(passing == Array(repeating: true, count: 8))
        for connection in cut + kept { connection.shut() }
        try await running.stop()
        try await lab.close()
    }

    /// One connection for each transport and family.
    private static func connections(
        from name: String,
        to target: SandboxPlan.Host,
        _ plan: SandboxPlan,
        port: UInt16
    ) throws -> [OpenConnection] {
        let host = try #require(plan.host(name))
        var connections: [OpenConnection] = []
        for family in IPAddress.Family.allCases {
            for transport in [IPProtocol.tcp, .udp] {
                let connection = try OpenConnection.establish(
                    transport,
                    from: plan.networkNamespace(of: host),
                    to: plan.networkNamespace(of: target),
                    target.address(family),
                    port: port + UInt16(connections.count)
                )
                connections.append(connection)
            }
        }
        return connections
    }

    @Test func modesTakeEffectByEnvironmentNamespaceAndPolicy() async throws {
        let lab = try await EnvironmentLab("modes")
        try lab.save(LabPolicies.inbound("api", to: "api"), as: "api.yaml")
        var running = try await lab.start(.audit)
        func check(_ passes: Bool, _ change: ModeChange?, _ comment: Comment) async throws {
            if let change {
                let report = try await running.environment.setMode(change)
                #expect(report.observed == true, comment)
            }
            #expect(await lab.passes("web-1", "api", Self.api) == [passes, passes], comment)
        }
        try await check(true, nil, "audit")
        try await check(false, ModeChange(scope: .environment, mode: .blocking), "blocking")
        try await check(true, ModeChange(scope: .namespace("shop"), mode: .audit), "namespace in audit")
        try await check(false, ModeChange(scope: .policy("shop/api"), mode: .blocking), "policy in blocking")
        try await check(true, ModeChange(scope: .policy("shop/api"), mode: nil), "policy as its namespace")
        try await check(false, ModeChange(scope: .namespace("shop"), mode: nil), "namespace as the environment")
        try await running.stop()
        // What was set last is kept.
        running = try await lab.start()
        #expect(await running.environment.modes(.all).mode == .blocking)
        try await check(false, nil, "blocking after a restart")
        let restarted = running
        try await eventually("both verdicts are recorded") {
            Set(try await restarted.flows().map(\.verdict)).isSuperset(of: [.wouldDrop, .dropped])
        }
        await #expect(throws: ServiceError.self) {
            try await running.environment.setMode(ModeChange(scope: .namespace("nowhere"), mode: .audit))
        }
        try await running.stop()
        try await lab.close()
    }
}
