// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import Logging
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

/// Policy files in memory, as source and to write to.
private actor MemoryPolicies: PolicySource, PolicyFiles {
    nonisolated let name = "memory"
    var contents: [String: [UInt8]]

    init(_ texts: [String: String]) { contents = texts.mapValues { Array($0.utf8) } }

    func files() -> [PolicyFile] {
        contents.filter { !PolicyPath.isDisabled($0.key) }.sorted { $0.key < $1.key }
            .map { PolicyFile(path: $0.key, content: .bytes($0.value)) }
    }

    func watch(changed: @Sendable () async -> Void) async throws {}

    func read(_ path: String) -> [UInt8]? { contents[path] }

    func write(_ bytes: [UInt8], to path: String, expecting expected: [UInt8]?) throws {
        guard contents[path] == expected else { throw PolicyFileError(.changed, path: path, reason: "changed") }
        contents[path] = bytes
    }

    func remove(_ path: String, expecting expected: [UInt8]) throws {
        guard contents[path] == expected else { throw PolicyFileError(.changed, path: path, reason: "changed") }
        contents[path] = nil
    }

    func disabledPaths() -> [String] { contents.keys.filter(PolicyPath.isDisabled).sorted() }

    func set(_ text: String, _ path: String) { contents[path] = Array(text.utf8) }

    var texts: [String: String] { contents.mapValues { String(decoding: $0, as: UTF8.self) } }
}

private struct StillWorkloads: WorkloadSource {
    let name = "still"

    func inventory() -> WorkloadInventory {
        WorkloadInventory(
            endpoints: [World.web, World.api, World.db],
            endpointSubnets: [Prefix("10.0.0.0/24")].compactMap { $0 }
        )
    }

    func watch(changed: @Sendable () -> Void) async throws {}
}

private actor MemoryLastGood: LastGoodFiles {
    var contents: [String: [UInt8]] = [:]

    func load() -> [String: [UInt8]] { contents }
    func content(of path: String) -> [UInt8]? { contents[path] }
    func store(_ bytes: [UInt8]?, for path: String) { contents[path] = bytes }
}

private struct NoModes: ModeStore {
    func load() -> ModeSettings? { nil }
    func store(_ settings: ModeSettings) {}
}

private let database = "# The database.\n" + World.isolated("db", "db", from: ["web"])
private let both = database + "---\n# Nobody may use the API.\n" + World.isolated("api", "api", in: "shop")

@Suite final class PolicyEditingTests {
    private let policies: MemoryPolicies
    private let store = MemoryFlowStore()
    private let environment: HostEnvironment
    private let loop: Task<Void, Never>

    init() async throws {
        let policies = MemoryPolicies(["both.yaml": both])
        self.policies = policies
        environment = HostEnvironment(
            parts: .init(
                workloads: StillWorkloads(),
                policies: policies,
                lastGood: MemoryLastGood(),
                modes: NoModes(),
                applier: FakeKernel(),
                events: [],
                store: store,
                // Tells texts of a test apart.
                editing: .init(files: policies) { bytes in String(bytes.reduce(7) { ($0 &* 31) &+ Int($1) }, radix: 16)
                }
            ),
            settings: .init(name: "test", kind: .host, version: "0"),
            initialModes: ModeSettings(environment: .blocking),
            capabilities: { _ in [] },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { 20_000_000 },
            stop: {}
        )
        let enforcement = environment.enforcement
        loop = Task { await enforcement.run() }
        try await environment.start()
    }

    deinit { loop.cancel() }

    private func policyNames() async -> [String] { await environment.policies(.all).items.map(\.name) }

    @Test func `a saved text is in force when saving returns`() async throws {
        let open = try await environment.policyDocument("both.yaml")
        #expect(open.text == both)
        let saved = try await environment.save(.init(path: "both.yaml", text: database, base: open.hash))
        #expect(await policyNames() == ["db"] && saved.text == database && saved.hash != open.hash)
        let new = try await environment.save(
            .init(path: "new/web.yaml", text: World.isolated("web", "web", in: "shop"), base: "")
        )
        #expect(await policyNames() == ["db", "web"] && new.path == "new/web.yaml")
    }

    @Test func `who saves an older state is told so and changes nothing`() async throws {
        let open = try await environment.policyDocument("both.yaml")
        await policies.set(database, "both.yaml")
        for base in [open.hash, ""] {
            await #expect(throws: ServiceError(.conflict, "")) {
                try await environment.save(.init(path: "both.yaml", text: both + "# more\n", base: base))
            }
        }
        #expect(await policies.texts == ["both.yaml": database])
    }

    @Test(arguments: [
        ("kind: [", "V101"), ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "V103"),
        (World.isolated("api", "api", in: "shop"), "V110"),
    ])
    func `errors refuse the save, with their findings`(text: String, code: String) async throws {
        do {
            _ = try await environment.save(.init(path: "x.yaml", text: text, base: ""))
            Issue.record("saved")
        } catch let error as ServiceError {
            #expect(error.code == .badRequest && error.message.contains(code), "\(error)")
        }
        #expect(await policies.texts.keys.sorted() == ["both.yaml"])
    }

    @Test(arguments: ["../x.yaml", ".x.yaml", "x.txt", "/x.yaml"])
    func `paths outside are refused`(path: String) async throws {
        await #expect(throws: ServiceError(.badRequest, "")) {
            try await environment.save(.init(path: path, text: database, base: ""))
        }
    }

    @Test func `deleting takes exactly the bytes of one policy, and the file with the last one`() async throws {
        let open = try await environment.policyDocument("both.yaml")
        try await environment.delete(.init(policyKind: .networkPolicy, namespace: "shop", name: "api", base: open.hash))
        #expect(await policies.texts == ["both.yaml": database])
        #expect(await policyNames() == ["db"])
        let rest = try await environment.policyDocument("both.yaml")
        try await environment.delete(.init(policyKind: .networkPolicy, namespace: "data", name: "db", base: rest.hash))
        #expect(await policies.texts.isEmpty)
        #expect(await policyNames().isEmpty)
    }

    @Test func `the first of two policies takes the separator along`() async throws {
        let open = try await environment.policyDocument("both.yaml")
        try await environment.delete(.init(policyKind: .networkPolicy, namespace: "data", name: "db", base: open.hash))
        #expect(await policies.texts["both.yaml"]?.hasPrefix("# Nobody may use the API.\n") ?? false)
        #expect(await policyNames() == ["api"])
    }

    @Test func `a disabled file is kept and not in force, and comes back as it was`() async throws {
        let open = try await environment.policyDocument("both.yaml")
        let off = try await environment.setEnabled(.init(path: "both.yaml", enabled: false, base: open.hash))
        #expect(off.path == "disabled/both.yaml" && off.text == both)
        #expect(await policyNames().isEmpty)
        #expect(try await environment.disabledPolicies() == ["disabled/both.yaml"])
        let on = try await environment.setEnabled(.init(path: off.path, enabled: true, base: off.hash))
        #expect(on.path == "both.yaml" && on.text == both && on.hash == open.hash)
        #expect(await policyNames() == ["db", "api"].sorted { $0 > $1 })
    }

    @Test func `a check says what a draft would do to recorded connections and changes nothing`() async throws {
        try await store.append([flow(to: 5432)], losses: [])
        let draft = both.replacingOccurrence(of: "app: web", with: "app: api")
        let check = try await environment.check(.init(path: "both.yaml", text: draft, window: 60_000_000))
        let impact = try #require(check.impact)
        #expect(
            impact.kinds == [
                "newly-dropped": 1, "newly-allowed": 0, "still-allowed": 0, "still-dropped": 0, "uncertain": 0,
            ]
        )
        let row = try #require(impact.rows.first)
        #expect(row.source == "shop/web" && row.destination == "data/db" && row.connection == "TCP 5432")
        #expect(row.before == "Allowed by data/db inbound/1" && row.after == "Dropped: no rule; isolated by data/db")
        #expect(row.allow.count == 1 && row.allow[0].policy.name == "db")
        #expect(check.documents.count == 2 && check.summaries.count == 2)
        #expect(check.difference.filter { $0.hasPrefix("+") || $0.hasPrefix("-") }.count == 2)
        #expect(check.base == (try await environment.policyDocument("both.yaml").hash))
        #expect(await policies.texts == ["both.yaml": both])
    }

    private func flow(to port: UInt16) -> Flow {
        Flow(
            time: 19_000_000,
            verdict: .allowed,
            direction: .ingress,
            source: party(World.web),
            destination: party(World.db),
            ipProtocol: .tcp,
            sourcePort: 40_000,
            destinationPort: port,
            decision: .init(reason: .allowedByRule),
            revision: 1
        )
    }

    private func party(_ endpoint: Endpoint) -> Flow.Party {
        Flow.Party(
            kind: .endpoint,
            address: endpoint.addresses[0],
            namespace: endpoint.namespace,
            workload: endpoint.workload.name,
            name: endpoint.name,
            labels: []
        )
    }
}

extension String {
    fileprivate func replacingOccurrence(of old: String, with new: String) -> String {
        guard let start = indices.first(where: { self[$0...].hasPrefix(old) }) else { return self }
        return String(self[..<start]) + new + self[index(start, offsetBy: old.count)...]
    }
}
