// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Logging
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

/// Gives what it held when it was asked, the first time only when it is told to.
private actor SlowPolicies: PolicySource {
    nonisolated let name = "slow"
    private var text: String
    private var waiting: CheckedContinuation<Void, Never>?
    private var isFirst = true

    init(_ text: String) { self.text = text }

    func files() async -> [PolicyFile] {
        let bytes = Array(text.utf8)
        if isFirst {
            isFirst = false
            await withCheckedContinuation { waiting = $0 }
        }
        return [PolicyFile(path: "p.yaml", content: .bytes(bytes))]
    }

    func watch(changed: @Sendable () async -> Void) async throws {}

    func set(_ text: String) { self.text = text }
    var isWaiting: Bool { waiting != nil }
    func release() { waiting?.resume() }
}

private struct NoLastGood: LastGoodFiles {
    func load() -> [String: [UInt8]] { [:] }
    func content(of path: String) -> [UInt8]? { nil }
    func store(_ bytes: [UInt8]?, for path: String) {}
}

@Suite struct PolicyIntakeTests {
    @Test func `of two readings at once the later one is in force, however long the earlier one takes`() async throws {
        let source = SlowPolicies(World.isolated("old", "db"))
        let state = EnvironmentState(modes: ModeSettings(environment: .blocking), hostTraffic: .allowed) { 1 }
        _ = await state.receive(WorkloadInventory(endpoints: [World.db], endpointSubnets: []))
        let intake = PolicyIntake(
            source: source,
            lastGood: NoLastGood(),
            capabilities: { _ in [] },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        async let first = intake.take(into: state)
        while await !source.isWaiting { try await Task.sleep(for: .milliseconds(1)) }
        await source.set(World.isolated("new", "db"))
        async let second = intake.take(into: state)
        try await Task.sleep(for: .milliseconds(50))
        await source.release()
        _ = try await (first, second)
        #expect(await state.world?.snapshot.policies.map(\.id.name) == ["new"])
    }
}
