// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Credentials
import FlowModel
import Foundation
import NetworkPrimitives
import PolicyModel
import PolicyRepository
import Storage
import Synchronization

/// A data directory of `palisade server`: one recorded environment of 500 workloads, 5,000 rules and many flows, and an
/// administrator.
///
/// Its time is that at which `--demo` stands still, so that a directory can be used again another day.
struct ConsoleData {
    static let environment = "big"
    static let world = BigWorld(namespaces: 50, applications: 10, replicas: 1, policies: 50)
    private static let day: Int64 = 86_400_000_000

    let path: String
    let flows: Int
    /// Left for the next run.
    let isKept: Bool

    /// - Throws: whatever making it throws.
    ///
    /// `PALISADE_BENCH_FLOWS` says how many flows, `PALISADE_BENCH_DATA` names a directory that is made when it is not
    /// there and kept.
    static func prepared() async throws -> ConsoleData {
        let settings = ProcessInfo.processInfo.environment
        let flows = settings["PALISADE_BENCH_FLOWS"].flatMap(Int.init) ?? 10_000_000
        let kept = settings["PALISADE_BENCH_DATA"]
        let path = try kept ?? TemporaryDirectory().path
        let data = ConsoleData(path: path, flows: flows, isKept: kept != nil)
        guard !FileManager.default.fileExists(atPath: data.folder + "/complete") else { return data }
        try data.writeManifests()
        try await ModeFile(path: data.folder + "/modes.json").store(ModeSettings(environment: .blocking))
        try await data.fill()
        try Data().write(to: URL(filePath: data.folder + "/complete"))
        return data
    }

    func remove() throws {
        if !isKept { try FileManager.default.removeItem(atPath: path) }
    }

    private var folder: String { path + "/environments/" + Self.environment }

    private func writeManifests() throws {
        var files = Self.world.files().map { (path: "policies/" + $0.path, text: $0.text) }
        files.append((path: "world/world.yaml", text: Self.world.manifests))
        for file in files {
            let target = URL(filePath: folder + "/" + file.path)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: target)
        }
        try FileManager.default.createDirectory(atPath: folder + "/last-good", withIntermediateDirectories: true)
    }

    /// Nine tenths of the flows are of the four days for which records are kept; of the 26 days before only counts stay.
    private func fill() async throws {
        let end = DemoEnvironment.now
        let recorded = flows / 10 * 9
        let time = Atomic(end - 30 * Self.day)
        let settings = FlowStoreSettings(recordRetention: .seconds(4 * 86_400), capacity: 0)
        let store = try await SQLiteFlowStore.open(directory: folder, settings: settings) {
            time.load(ordering: .relaxed)
        }.store
        time.store(end, ordering: .relaxed)
        let start = Measured.monotonic
        for (from, to, count) in [(30, 4, flows - recorded), (4, 0, recorded)] {
            let range = TimeRange(from: end - Int64(from) * Self.day, to: end - Int64(to) * Self.day)
            let flows = RecordedFlows(Self.world, range, count: count)
            for batch in stride(from: 0, to: count, by: 20_000) {
                try await store.append((batch..<min(batch + 20_000, count)).map(flows.flow), losses: [])
            }
            try await store.prune(now: range.to)
        }
        let usage = try await store.usage()
        try store.close()
        Figure(
            benchmark: "flows of the console stored and rolled up",
            value: Double(flows) / (Measured.monotonic - start),
            unit: "flows/s",
            runs: 1,
            more: [("flows", Double(flows)), ("megabytes", Double(usage.bytes) / 1e6)]
        ).report()
    }

    /// A session of the administrator, who is made when there is none: the value of its cookie.
    func session() async throws -> String {
        let database = try ConsoleDatabase.open(directory: path) { Digest.sha256($0) }
        defer { try? database.close() }  // A database that stays open ends with the process.
        let access = try await AccessService.start(
            AccessService.Parts(
                identities: database.identities,
                audit: database.audit,
                passwords: ScryptPasswords(),
                secrets: RandomSecrets(),
                now: { Measured.microsecondsNow }
            )
        )
        let (name, password) = ("admin", "a long word for benchmarks")
        if let link = access.setupLink() {
            return try await access.setup(
                SetupRequest(link: link, name: name, password: password),
                from: RequestOrigin()
            ).secret
        }
        let answer = try await access.signIn(SignInRequest(name: name, password: password), from: RequestOrigin())
        guard case .signedIn(let session) = answer else {
            throw Program.Failure(description: "the administrator of \(path) cannot sign in")
        }
        return session.secret
    }
}

extension BigWorld {
    /// Every endpoint as a pod of its Deployment.
    var manifests: String {
        let spaces = (0..<namespaces).map { "apiVersion: v1\nkind: Namespace\nmetadata: {name: team-\($0)}\n" }
        let pods = endpoints.map { endpoint in
            let labels = endpoint.labels.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
            return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: \(endpoint.name)
                  namespace: \(endpoint.namespace)
                  labels: {\(labels)}
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: Deployment, name: \(endpoint.workload.name)}
                spec:
                  containers:
                  - name: main
                    image: registry.example.com/\(endpoint.workload.name):1.0
                    ports:
                    - {name: http, containerPort: 8080}
                status:
                  podIP: \(endpoint.addresses[0])
                  podIPs:
                  - {ip: \(endpoint.addresses[0])}

                """
        }
        return (spaces + pods).joined(separator: "---\n")
    }
}
