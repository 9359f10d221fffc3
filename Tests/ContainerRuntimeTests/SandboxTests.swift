// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ContainerRuntime
import Foundation
import Netlink
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct SandboxTests {
    private func world(
        _ purpose: String,
        quiet: Bool = true,
        _ body: (SandboxWorld, TestNamespace) async throws -> Void
    ) async throws {
        let room = try TestNamespace(purpose)
        var plan = SandboxPlan.standard
        plan.prefix = "t\(UInt8.random(in: 10...99))"
        let world = try await SandboxWorld.build(plan, in: NetworkNamespace(path: room.path), isQuiet: quiet)
        do {
            try await body(world, room)
        } catch {
            try await world.remove()
            throw error
        }
        try await world.remove()
    }

    @Test func everyHostReachesEveryOtherWithoutRules() async throws {
        let start = ContinuousClock.now
        try await world("reach") { world, _ in
            print("sandbox built in \(ContinuousClock.now - start)")
            var probes: [Probe] = []
            let names = world.plan.hosts.map(\.name) + ["host"]
            for source in names {
                for destination in names where destination != source {
                    for family in IPAddress.Family.allCases {
                        let port = world.plan.host(destination)?.tcpPorts.first ?? 1
                        let udp = world.plan.host(destination)?.udpPorts.first ?? 2
                        for service in [
                            Service(.tcp, port: port), Service(.udp, port: udp), Service(.icmp, port: 8),
                        ] {
                            probes.append(try #require(world.probe(from: source, to: destination, service, family)))
                        }
                    }
                }
            }
            let began = ContinuousClock.now
            let results = await Prober.run(probes, milliseconds: 2000)
            print("\(probes.count) probes in \(ContinuousClock.now - began)")
            for (probe, result) in zip(probes, results) where !result.passed {
                Issue.record("\(probe): \(result)")
            }
            let answered = zip(probes, results).filter { $0.service.ipProtocol == .icmp && $1 == .answered }.count
            #expect(answered == probes.count / 3)
        }
    }

    @Test func whatIsDroppedIsSilentAndAClosedPortRefuses() async throws {
        try await world("drop") { world, room in
            try room.nft(
                """
                table inet filter {
                  chain forward {
                    type filter hook forward priority 0; policy accept;
                    meta l4proto { tcp, udp } th dport 5432 drop
                  }
                }

                """
            )
            let services = [
                Service(.tcp, port: 5432), Service(.udp, port: 5432), Service(.tcp, port: 9090), Service(.tcp, port: 1),
            ]
            let probes = try services.map { try #require(world.probe(from: "api", to: "db", $0, .v6)) }
            let results = await Prober.run(probes)
            #expect(results == [.silent, .silent, .answered, .refused])
        }
    }

    @Test func theInventoryNamesEveryContainerWithItsLabelsAddressesAndAttachment() async throws {
        try await world("inv") { world, room in
            let inventory = try await Sandbox(world).inventory()
            #expect(inventory.endpoints.map(\.name) == ["gateway", "web-1", "web-2", "api", "worker", "db"])
            let web = try #require(inventory.endpoints.first { $0.name == "web-2" })
            #expect(web.namespace == "shop")
            #expect(web.workload == Endpoint.Workload(name: "web", kind: "Container"))
            #expect(web.labels == ["app": "web", "tier": "frontend"])
            #expect(web.addresses.map(\.description) == ["10.88.0.12", "fd88::12"])
            #expect(web.namedPorts == [NamedPort("http", .tcp, 8080)])
            let attachment = try #require(inventory.attachments.first { $0.endpointID == web.id })
            #expect(attachment.hostInterface == world.plan.prefix + "sb-web-2")
            #expect(attachment.macAddress == "02:42:0a:58:00:0c")
            #expect(attachment.addresses.contains(web.addresses[0]) && attachment.addresses.contains(web.addresses[1]))
            #expect(inventory.attachments.count == 6)
            let links = try Machine.run("ip", ["-n", room.name, "-o", "link", "show", "dev", attachment.hostInterface])
            #expect(links.contains("master \(world.plan.bridge)"))
            for text in ["10.88.0.1", "fd88::1", "203.0.113.1"] {
                #expect(inventory.hostAddresses.contains(try #require(IPAddress(text))))
            }
        }
    }

    @Test func trafficOfEveryConversationIsAnsweredOverBothFamilies() async throws {
        try await world("traffic", quiet: false) { world, _ in
            let count = world.plan.conversations.count
            let deadline = ContinuousClock.now + .seconds(15)
            while world.tallies.filter({ $0.value.answered >= 2 }).count < count, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            for (key, tally) in world.tallies where tally.answered < 2 || tally.silent > 0 {
                Issue.record("\(key): \(tally)")
            }
            #expect(world.tallies.count == count)
        }
    }

    @Test(arguments: [[], ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]])
    func theLauncherGivesRootAndOthersAPrivateNetwork(prefix: [String]) throws {
        let script = "test -n \"$PALISADE_INSIDE_SANDBOX\" && ip netns add one && ip netns list && ip -br link"
        let command =
            prefix + ["env", "\(SandboxLauncher.marker)=1"]
            + SandboxLauncher.command(program: "sh", arguments: ["-c", script])
        let output = try Machine.run(command[0], Array(command.dropFirst()))
        #expect(output.hasPrefix("one\n"))
        #expect(output.split(whereSeparator: \.isNewline).count == 2, "only the loopback interface is there: \(output)")
    }
}

struct SandboxPolicyTests {
    @Test func examplesAreWrittenOnceAndThenLeftAlone() throws {
        let directory = NSTemporaryDirectory() + "palisade-policies-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }  // A leftover directory harms nobody.
        #expect(try SandboxPolicies.write(into: directory))
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(files == SandboxPolicies.files.map(\.name).sorted())
        try FileManager.default.removeItem(atPath: "\(directory)/db.yaml")
        #expect(try !SandboxPolicies.write(into: directory))
        #expect(!FileManager.default.fileExists(atPath: "\(directory)/db.yaml"))
    }
}
