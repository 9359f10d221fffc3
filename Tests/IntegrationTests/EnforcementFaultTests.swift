// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ContainerRuntime
import ControlPlane
import FlowModel
import Foundation
import Glibc
import Netlink
import NetworkPrimitives
import PolicyModel
import TestSupport
import Testing

/// What others do to our rules and to each other, with a whole environment in a network namespace.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)), .serialized)
struct EnforcementFaultTests {
    private static let api = Service(.tcp, port: 9000)

    @Test(arguments: [
        "flush ruleset", "delete table inet palisade", "delete table bridge palisade", "flush table inet palisade",
        "flush chain inet palisade forward",
    ])
    func rulesThatOthersRemoveAreRestoredAndTheGapIsKept(_ command: String) async throws {
        let lab = try await EnvironmentLab("flush")
        try lab.save(LabPolicies.inbound("api", to: "api"), as: "api.yaml")
        let running = try await lab.start(.blocking)
        // The watch begins shortly after the rules; what happens before is seen by it as well, without a name.
        try await Task.sleep(for: .milliseconds(100))
        for round in 1...3 {
            let generation = await running.environment.status(.all).enforcement.generation
            let start = ContinuousClock.now
            try lab.room.nft(command + "\n")
            try await running.reaches("the rules are back") {
                $0.enforcement.generation != generation && $0.enforcement.gaps.count == round
            }
            #expect(ContinuousClock.now - start < .seconds(1))
            let gaps = await running.environment.status(.all).enforcement.gaps
            #expect(gaps.map(\.by) == Array(repeating: "nft", count: round))
            let gap = try #require(gaps.last)
            let end = try #require(gap.to)
            #expect(end.microseconds >= gap.from.microseconds)
            #expect(await lab.passes("web-1", "api", Self.api) == [false, false])
        }
        try await running.stop()
        try await lab.close()
    }

    @Test func editsAreNoGapsAndAForeignTableIsLeftAlone() async throws {
        let lab = try await EnvironmentLab("foreign")
        try lab.room.nft("table inet other { chain c { type filter hook input priority 5; }; }\n")
        let running = try await lab.start(.blocking)
        for round in 0..<20 {
            try lab.save(LabPolicies.inbound("api", to: "api", from: ["a\(round)"]), as: "api.yaml")
            try lab.room.nft("add chain inet other c\(round)\n")
        }
        try await running.reaches("the policy is in force") { $0.policies.loaded == 1 }
        #expect(await running.environment.status(.all).enforcement.gaps.isEmpty)
        let report = try await running.environment.takeDown()
        #expect(report.removed == ["table inet palisade", "table bridge palisade"])
        let tables = try Machine.run("nsenter", ["--net=\(lab.room.path)", "nft", "list", "tables"])
        #expect(tables.split(whereSeparator: \.isNewline) == ["table inet other"])
        #expect(await lab.passes("web-1", "api", Self.api) == [true, true])
        await #expect(throws: ServiceError.self) {
            try await running.environment.setMode(ModeChange(scope: .environment, mode: .audit))
        }
        try await running.stop()
        try await lab.close()
    }

    @Test func aConnectionFromBeforeTakingDownIsJudgedAnewAfterwards() async throws {
        let lab = try await EnvironmentLab("again")
        let plan = lab.sandbox.plan
        let (web, api) = (try #require(plan.host("web-1")), try #require(plan.host("api")))
        var running = try await lab.start(.audit)
        let connection = try OpenConnection.establish(
            .tcp,
            from: plan.networkNamespace(of: web),
            to: plan.networkNamespace(of: api),
            api.v4,
            port: 7000
        )
        _ = try await running.environment.takeDown()
        try await running.stop()
        try lab.save(LabPolicies.inbound("api", to: "api"), as: "api.yaml")
        running = try await lab.start(.blocking)
        #expect(OpenConnection.passing([connection]) == [false])
        connection.shut()
        try await running.stop()
        try await lab.close()
    }

    @Test func anAddressThatNobodyKnowsIsClosedWhenBlocking() async throws {
        let lab = try await EnvironmentLab("unknown")
        lab.workloads.hide(["worker"])
        let running = try await lab.start(.blocking)
        let metrics = Service(.tcp, port: 9090)
        #expect(await lab.passes("worker", "web-1", metrics) == [false, false])
        #expect(await lab.passes("web-1", "worker", metrics) == [false, false])
        #expect(await lab.passes("worker", "internet", Service(.tcp, port: 443)) == [false, false])
        #expect(await lab.passes("web-1", "api", Self.api) == [true, true])
        lab.workloads.hide([])
        try await running.reaches("everybody is known") { $0.endpoints.enforced == 6 }
        #expect(await lab.passes("worker", "web-1", metrics) == [true, true])
        lab.workloads.hide(["worker"])
        try await running.reaches("the worker is gone") { $0.endpoints.enforced == 5 }
        #expect(await lab.passes("web-1", "worker", metrics) == [false, false])
        _ = try await running.environment.setMode(ModeChange(scope: .environment, mode: .audit))
        #expect(await lab.passes("worker", "web-1", metrics) == [true, true])
        try await running.stop()
        try await lab.close()
    }

    @Test func nobodySendsWithTheAddressOfAnother() async throws {
        let lab = try await EnvironmentLab("spoof")
        let plan = lab.sandbox.plan
        let thief = try #require(plan.host("web-2"))
        let (owner, target) = (try #require(plan.host("api")), try #require(plan.host("db")))
        let (thiefSpace, targetSpace) = (plan.networkNamespace(of: thief), plan.networkNamespace(of: target))
        try Machine.run("nsenter", ["--net=\(thiefSpace.path)", "ip", "addr", "add", "\(owner.v4)/32", "dev", "eth0"])
        try Machine.run(
            "nsenter",
            ["--net=\(thiefSpace.path)", "ip", "addr", "add", "\(owner.v6)/128", "dev", "eth0", "nodad"]
        )
        // The thief took the addresses before anybody looked; only what the runtime gave it counts.
        let running = try await lab.start(.audit)
        for mode in [Mode.audit, .blocking] {
            _ = try await running.environment.setMode(ModeChange(scope: .environment, mode: mode))
            for family in IPAddress.Family.allCases {
                for (source, arrives) in [(owner, mode == .audit), (thief, true)] {
                    let got = try await datagramArrives(
                        from: thiefSpace,
                        as: source.address(family),
                        to: targetSpace,
                        target.address(family)
                    )
                    #expect(got == arrives, "\(mode) \(family) as \(source.name)")
                }
            }
            let claims = try await claimByARP(owner, thief, at: target, plan)
            #expect(claims == (mode == .audit), "\(mode) ARP")
        }
        try await eventually("the attempts are recorded") {
            let flows = try await running.flows().filter { $0.decision.reason == .invalidSource }
            return Set(flows.map(\.verdict)) == [.wouldDrop, .dropped]
        }
        try await running.stop()
        try await lab.close()
    }

    /// Sends a datagram with a chosen source address; whether the other side gets it.
    private func datagramArrives(
        from source: NetworkNamespace,
        as sender: IPAddress,
        to destination: NetworkNamespace,
        _ receiver: IPAddress
    ) async throws -> Bool {
        let port = UInt16.random(in: 20_000...30_000)
        let family = receiver.family == .v4 ? AF_INET : AF_INET6
        let inbox = try await destination.run {
            let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
            let any = IPAddress(family: receiver.family, bits: 0)
            guard withSocketAddress(any, port, { Int(bind(descriptor, $0, $1)) }) == 0 else {
                throw SystemError("bind", code: errno)
            }
            return descriptor
        }
        defer { close(inbox) }
        try await source.run {
            let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            guard withSocketAddress(sender, 0, { Int(bind(descriptor, $0, $1)) }) == 0 else {
                throw SystemError("bind", code: errno)
            }
            let word: [UInt8] = [1, 2, 3]
            _ = withSocketAddress(receiver, port) { sendto(descriptor, word, word.count, 0, $0, $1) }
        }
        return try await DedicatedThread.run(name: "inbox") {
            var watched = pollfd(fd: inbox, events: Int16(POLLIN), revents: 0)
            return poll(&watched, 1, 300) == 1
        }
    }

    /// Announces by ARP that the owner's address is at the thief's; whether the target believes it.
    private func claimByARP(
        _ owner: SandboxPlan.Host,
        _ thief: SandboxPlan.Host,
        at target: SandboxPlan.Host,
        _ plan: SandboxPlan
    ) async throws -> Bool {
        let space = plan.networkNamespace(of: target).path
        // The target knows where the owner really is, and would believe a newer announcement at once.
        try Machine.run("nsenter", ["--net=\(space)", "sysctl", "-qw", "net.ipv4.neigh.eth0.locktime=0"])
        try Machine.run(
            "nsenter",
            [
                "--net=\(space)", "ip", "neigh", "replace", "\(owner.v4)", "lladdr", owner.macAddress, "dev", "eth0",
                "nud",
                "reachable",
            ]
        )
        let frame =
            Self.mac(target) + Self.mac(thief) + [0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 2] + Self.mac(thief)
            + owner.v4.bytes + Self.mac(target) + target.v4.bytes
        for _ in 0..<15 {
            try await plan.networkNamespace(of: thief).run { try Self.send(frame) }
            try await Task.sleep(for: .milliseconds(20))
            let entry = try Machine.run("nsenter", ["--net=\(space)", "ip", "neigh", "show", "\(owner.v4)"])
            if entry.contains(thief.macAddress) { return true }
        }
        return false
    }

    /// Sends an ARP frame from `eth0` of the calling thread's network namespace.
    private static func send(_ frame: [UInt8]) throws {
        let descriptor = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), Int32(UInt16(0x0806).bigEndian))
        guard descriptor >= 0 else { throw SystemError("open a packet socket", code: errno) }
        defer { close(descriptor) }
        // `struct sockaddr_ll` of linux/if_packet.h: family, protocol, interface, the rest zero.
        var address = [UInt8](repeating: 0, count: 20)
        address.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: UInt16(AF_PACKET), as: UInt16.self)
            bytes.storeBytes(of: if_nametoindex("eth0"), toByteOffset: 4, as: UInt32.self)
        }
        let sent = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                sendto(descriptor, frame, frame.count, 0, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard sent == frame.count else { throw SystemError("send a frame", code: errno) }
    }

    private static func mac(_ host: SandboxPlan.Host) -> [UInt8] {
        host.macAddress.split(separator: ":").compactMap { UInt8($0, radix: 16) }
    }
}
