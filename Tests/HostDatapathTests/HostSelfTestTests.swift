// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
import HostDatapath
import Netlink
import TestSupport
import Testing

@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)))
struct HostSelfTestTests {
    @Test func aHostThatCanEnforcePassesEveryCheck() async throws {
        let room = try TestNamespace("self")
        let checks = await HostSelfTest(namespace: NetworkNamespace(path: room.path)).run()
        for check in checks where check.outcome != .pass { Issue.record("\(check)") }
        #expect(checks.count == 7)
    }

    @Test func bridgeNetfilterThatIsOffIsSwitchedOn() async throws {
        let room = try TestNamespace("brnf")
        let namespace = NetworkNamespace(path: room.path)
        let setting = KernelSetting("net/bridge/bridge-nf-call-ip6tables")
        try await namespace.run { try setting.ensure("0") }
        _ = await HostSelfTest(namespace: namespace).run()
        #expect(try await namespace.run { setting.value } == "1")
    }

    @Test func aMissingProgramFailsWithTheFix() async throws {
        let room = try TestNamespace("nonft")
        let checks = await HostSelfTest(namespace: NetworkNamespace(path: room.path), program: "nft-is-not-here").run()
        let check = try #require(checks.first { $0.name == "nft" })
        #expect(check.outcome == .failure)
        #expect(check.fix == "Install the package nftables.")
    }

    @Test func aSecondListenerOfThePacketLogIsNamed() async throws {
        let room = try TestNamespace("busy")
        let namespace = NetworkNamespace(path: room.path)
        let log = PacketLog(group: 7350, namespace: namespace)
        let listener = Task {
            // A probe may hold the group in the very moment in which the listener wants it.
            while !Task.isCancelled {
                do { try await log.run { _ in } } catch { await Task.yield() }
            }
        }
        defer { listener.cancel() }
        // The listener has bound the group when binding it fails several times in a row.
        var failures = 0
        for _ in 0..<2000 where failures < 5 {
            do {
                try await log.probe()
                failures = 0
            } catch let error as SystemError where [EBUSY, EPERM].contains(error.code) {
                failures += 1
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        let checks = await HostSelfTest(namespace: namespace).run()
        #expect(checks.first { $0.name == "packet-log" }?.outcome == .failure)
    }
}
