// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import Logging
import NetworkPrimitives
import PolicyModel
import Synchronization
import TestSupport

/// An environment of fixed parts that has started: workloads and policies as given, a kernel that takes everything.
final class Scene: Sendable {
    let environment: HostEnvironment
    let policies: FixedPolicies
    let clock: FixedClock
    let kernel = FakeKernel()

    /// - Parameter policies: YAML documents.
    init(
        policies texts: [String] = [],
        endpoints: [Endpoint] = [World.web, World.api, World.db],
        mode: Mode = .blocking,
        store: any FlowStore = MemoryFlowStore(),
        now: Int64 = 3_600_000_000
    ) async throws {
        let clock = FixedClock(now)
        let policies = FixedPolicies(texts)
        (self.clock, self.policies) = (clock, policies)
        environment = HostEnvironment(
            parts: HostEnvironment.Parts(
                workloads: FixedWorkloads(endpoints),
                policies: policies,
                lastGood: NoFiles(),
                modes: NoModes(),
                applier: kernel,
                events: [],
                store: store
            ),
            settings: HostEnvironment.Settings(name: "lab", kind: .host, version: "test"),
            initialModes: ModeSettings(environment: mode),
            capabilities: { _ in [] },
            logger: Logger(label: "scene") { _ in SwiftLogNoOpLogHandler() },
            now: { clock.now },
            stop: {}
        )
        try await environment.start()
    }
}

/// A time that stands still until it is moved; microseconds.
final class FixedClock: Sendable {
    private let time: Mutex<Int64>

    init(_ time: Int64) { self.time = Mutex(time) }

    var now: Int64 { time.withLock { $0 } }

    func move(to time: Int64) { self.time.withLock { $0 = time } }
}

/// Policy files `0.yaml`, `1.yaml` and so on, which can be replaced.
final class FixedPolicies: PolicySource {
    let name = "fixed"
    private let texts: Mutex<[String]>

    init(_ texts: [String]) { self.texts = Mutex(texts) }

    func set(_ texts: [String]) { self.texts.withLock { $0 = texts } }

    func files() async throws -> [PolicyFile] {
        texts.withLock { $0 }.enumerated().map { index, text in
            PolicyFile(path: "\(index).yaml", content: .bytes(Array(text.utf8)))
        }
    }

    func watch(changed: @Sendable () async -> Void) async throws {}
}

struct FixedWorkloads: WorkloadSource {
    let name = "fixed"
    let endpoints: [Endpoint]

    init(_ endpoints: [Endpoint]) { self.endpoints = endpoints }

    func inventory() async throws -> WorkloadInventory {
        WorkloadInventory(
            endpoints: endpoints,
            endpointSubnets: [Prefix("10.0.0.0/24"), Prefix("fd00::/64")].compactMap { $0 },
            hostAddresses: [World.address("10.0.0.254")]
        )
    }

    func watch(changed: @Sendable () -> Void) async throws {}
}

private struct NoFiles: LastGoodFiles {
    func load() async throws -> [String: [UInt8]] { [:] }
    func content(of path: String) async throws -> [UInt8]? { nil }
    func store(_ bytes: [UInt8]?, for path: String) async throws {}
}

private struct NoModes: ModeStore {
    func load() async throws -> ModeSettings? { nil }
    func store(_ settings: ModeSettings) async throws {}
}
