// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import NetworkPrimitives
import PolicyModel
import Synchronization
import TestSupport
import Testing

/// Real containers of a real Podman.
@Suite(.enabled(if: Machine.canUsePodman, Comment(rawValue: Machine.podmanReason)))
struct PodmanTests {
    @Test func containersAreFoundWithAllThatPoliciesNeed() async throws {
        let podman = try TestPodman()
        let subnet = UInt8.random(in: 100...199)
        let network = ["--subnet", "10.199.\(subnet).0/24", "--subnet", "fd99:\(subnet)::/64"]
        try podman.run(["network", "create", "--ipv6"] + network + ["ptnet\(subnet)"])
        let labels = [
            "com.docker.compose.project=shop", "com.docker.compose.service=web", "palisade.port.http=8080", "app=web",
        ]
        let web = try podman.start("web_1", ["--network", "ptnet\(subnet)"] + labels.flatMap { ["--label", $0] })
        let onHost = try podman.start("onhost", ["--network", "host"])
        let alone = try podman.start("alone", ["--network", "none"])
        let side = try podman.start("side", ["--network", "container:web_1"])

        let runtime = DockerRuntime(RuntimeSocket(path: podman.socketPath))
        let inventory = try await runtime.inventory()
        let endpoints = Dictionary(uniqueKeysWithValues: inventory.endpoints.map { ($0.id, $0) })
        #expect(Set(endpoints.keys) == [web, onHost, alone, side])

        let found = try #require(endpoints[web])
        #expect(found.namespace == "shop")
        #expect(found.workload == Endpoint.Workload(name: "web", kind: "Container"))
        #expect(found.name == "web_1")
        #expect(found.labels["app"] == "web")
        #expect(found.namedPorts == [NamedPort("http", .tcp, 8080)])
        #expect(found.protection == .enforced)
        #expect(found.addresses.map(\.family) == [.v4, .v6])
        let shown = try podman.run(["exec", "web_1", "ip", "addr", "show", "dev", "eth0"])
        for address in found.addresses { #expect(shown.contains(" \(address)/")) }
        #expect(inventory.endpointSubnets.map(\.description).contains("fd99:\(subnet)::/64"))
        #expect(inventory.hostAddresses.contains(try #require(IPAddress("10.199.\(subnet).1"))))

        let attachment = try #require(inventory.attachments.first { $0.endpointID == web })
        #expect(inventory.attachments.count == 1)
        #expect(attachment.addresses.contains(found.addresses[0]) && attachment.addresses.contains(found.addresses[1]))
        let inside = try podman.run(["exec", "web_1", "ip", "link", "show", "eth0"])
        #expect(inside.contains(attachment.macAddress))
        #expect(try Machine.run("ip", ["-o", "link", "show", "dev", attachment.hostInterface]).contains("master"))

        for (id, word) in [(onHost, "host"), (alone, "no network"), (side, "web_1")] {
            guard case .unprotected(let reason)? = endpoints[id]?.protection else {
                Issue.record("\(id) is not listed as unprotected")
                continue
            }
            #expect(reason.contains(word))
            #expect(endpoints[id]?.addresses == [])
        }
    }

    @Test func startAndStopAreReported() async throws {
        let podman = try TestPodman()
        let runtime = DockerRuntime(RuntimeSocket(path: podman.socketPath))
        let (changes, writer) = AsyncStream.makeStream(of: Void.self)
        let watcher = Task {
            // A watch that fails ends the waiting below.
            defer { writer.finish() }
            try await runtime.watch { writer.yield() }
        }
        defer { watcher.cancel() }
        var iterator = changes.makeAsyncIterator()
        try podman.start("one", ["--network", "none"])
        while try await runtime.inventory().endpoints.isEmpty { try #require(await iterator.next() != nil) }
        try podman.run(["rm", "-f", "-t", "0", "one"])
        while try await !runtime.inventory().endpoints.isEmpty { try #require(await iterator.next() != nil) }
    }
}
