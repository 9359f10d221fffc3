// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
import FlowModel
import HostDatapath
import Netlink
import NetworkPrimitives
import NftablesRuleset
import Synchronization
import TestSupport
import Testing

/// The real kernel, in network namespaces of the tests' own.
@Suite(.enabled(if: Machine.canUseKernel, Comment(rawValue: Machine.kernelReason)))
struct KernelTests {
    private static let script = """
        table inet palisade {
          set generation { type mark; elements = { 0x2a } }
          chain out {
            type filter hook output priority 0; policy accept;
            udp dport 4242 counter log group 7350 prefix "p000002aAe" ct mark set 0x2a1
          }
        }

        """

    @Test func loggedPacketsArriveInOrderWithTheirPrefix() async throws {
        let room = try TestNamespace("log")
        try room.nft(Self.script)
        let namespace = NetworkNamespace(path: room.path)
        let events = Collector<KernelEvent>()
        let isComplete = try await events.collect(from: PacketLog(group: KernelMarks.logGroup, namespace: namespace)) {
            try await namespace.run {
                for port in [UInt16(4242), 4243, 4242, 4242] { try sendDatagram(to: "127.0.0.1", port: port) }
                try sendDatagram(to: "::1", port: 4242)
            }
            return try await events.waits(seconds: 10) { $0.count >= 4 }
        }
        #expect(isComplete)
        let packets = events.all.compactMap { event in
            if case .packet(let packet) = event { packet } else { nil }
        }
        #expect(packets.count == 4)
        #expect(packets.allSatisfy { $0.prefix == "p000002aAe" && $0.tuple.destinationPort == 4242 })
        #expect(packets.map(\.tuple.destination.family) == [.v4, .v4, .v4, .v6])
        #expect(packets.allSatisfy { $0.time > 1_600_000_000_000_000 })
    }

    @Test func aFullBufferIsReportedAsLossAndAllIsAccountedFor() async throws {
        let room = try TestNamespace("loss")
        try room.nft(Self.script)
        let namespace = NetworkNamespace(path: room.path)
        let gate = Gate()
        let events = Collector<KernelEvent>(gate: gate)
        let sent = 20_000
        let attempts = Mutex<UInt64>(0)
        let log = PacketLog(group: KernelMarks.logGroup, namespace: namespace, bufferBytes: 8192)
        let isComplete = try await events.collect(from: log) {
            try await namespace.run { try sendDatagrams(count: sent, to: "127.0.0.1", port: 4242) }
            await gate.open()
            // A packet after the gap tells how many are missing; it may itself come too early for the buffer.
            for _ in 0..<100 {
                try await namespace.run { try sendDatagrams(count: 1, to: "::1", port: 4242) }
                attempts.withLock { $0 += 1 }
                let isSeen = try await events.waits(seconds: 0.3) { events in
                    events.contains {
                        if case .packet(let packet) = $0 { packet.tuple.destination.family == .v6 } else { false }
                    }
                }
                if isSeen { return true }
            }
            return false
        }
        #expect(isComplete)
        var received: UInt64 = 0
        var lost: UInt64 = 0
        for event in events.all {
            switch event {
            case .packet: received += 1
            case .lost(.packetLog, let count, _): lost += count
            default: break
            }
        }
        #expect(lost > 0)
        #expect(received + lost == UInt64(sent) + attempts.withLock { $0 })
    }

    @Test func theEndOfAConnectionCarriesItsCountersAndMark() async throws {
        let room = try TestNamespace("ct")
        try room.nft(Self.script)
        let namespace = NetworkNamespace(path: room.path)
        try await ConnectionAccounting.enable(in: namespace)
        try Machine.run(
            "ip",
            ["netns", "exec", room.name, "sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=1"]
        )
        let events = Collector<KernelEvent>()
        let isComplete = try await events.collect(from: ConnectionEvents(namespace: namespace)) {
            try await namespace.run { try sendDatagrams(count: 3, to: "127.0.0.1", port: 4242) }
            try await namespace.run { try forgetConnections() }
            return try await events.waits(seconds: 20) { !$0.isEmpty }
        }
        #expect(isComplete)
        guard case .connectionEnded(let ended)? = events.all.first else {
            throw ProgramError("no end of a connection: \(events.all)")
        }
        #expect(ended.original.destinationPort == 4242)
        #expect(ended.original == ended.translated)
        #expect(ended.mark == 0x2a1)
        #expect(ended.packetsSent == 3)
        #expect(ended.bytesSent == 3 * 32)
        #expect(ended.duration != nil)
    }

    @Test func theGenerationIsReadBackFromTheKernel() async throws {
        let room = try TestNamespace("gen")
        let nft = NftProgram(namespace: NetworkNamespace(path: room.path))
        #expect(try await nft.installedGeneration() == nil)
        try await nft.apply(Self.script)
        #expect(try await nft.installedGeneration() == 42)
        #expect(try await nft.readCounters().map(\.chain) == ["out"])
        try await nft.remove()
        #expect(try await nft.installedGeneration() == nil)
        try await nft.remove()
    }

    @Test func removingTakesOurTablesAndNothingElse() async throws {
        let room = try TestNamespace("remove")
        let nft = NftProgram(namespace: NetworkNamespace(path: room.path))
        try await nft.apply(Self.script + "table bridge palisade {}\ntable inet other {}\ntable ip palisade {}\n")
        try await nft.remove()
        let left = try Machine.run("nsenter", ["--net=\(room.path)", "nft", "list", "tables"])
        #expect(left.split(whereSeparator: \.isNewline).sorted() == ["table inet other", "table ip palisade"])
    }

    @Test func aRefusedScriptChangesNothingAndSaysWhy() async throws {
        let room = try TestNamespace("refuse")
        let nft = NftProgram(namespace: NetworkNamespace(path: room.path))
        try await nft.apply(Self.script)
        let error = await #expect(throws: NftError.self) {
            try await nft.apply("add table inet other\nadd rule inet palisade missing accept\n")
        }
        #expect("\(error as Any)".contains("missing"))
        let tables = try Machine.run("nsenter", ["--net=\(room.path)", "nft", "list", "tables"])
        #expect(tables == "table inet palisade\n")
    }

    @Test func aMissingProgramIsNamed() async throws {
        let error = await #expect(throws: NftError.self) {
            try await NftProgram(program: "/nonexistent/nft").apply("")
        }
        #expect("\(error as Any)".contains("/nonexistent/nft"))
    }

    @Test func changesOfOurTablesByOthersAreSeenAndOurOwnAreNot() async throws {
        let room = try TestNamespace("watch")
        let nft = NftProgram(namespace: NetworkNamespace(path: room.path))
        try await nft.apply(Self.script)
        let seen = Collector<ForeignChange>()
        let watcher = Task { try await nft.watch { seen.add($0) } }
        defer { watcher.cancel() }
        // The watch says once by itself that it has begun.
        #expect(try await seen.waits(seconds: 10) { !$0.isEmpty })
        #expect(seen.all == [ForeignChange()])
        for number in 0..<30 { try await nft.apply("add chain inet palisade own\(number)\n") }
        for number in 0..<30 { try room.nft("add table inet other\(number)\n") }
        try room.nft("add table ip palisade\n")
        let start = ContinuousClock.now
        try room.nft("flush chain inet palisade out\n")
        #expect(try await seen.waits(seconds: 5) { $0.count > 1 })
        #expect(ContinuousClock.now - start < .seconds(1))
        let tampering = ForeignChange(program: "nft", isTampering: true)
        #expect(Array(seen.all.dropFirst()) == [tampering])
        try room.nft("flush ruleset\n")
        #expect(try await seen.waits(seconds: 5) { $0.count > 2 })
        #expect(Array(seen.all.dropFirst()) == [tampering, tampering])
        try room.nft(Self.script)
        #expect(try await seen.waits(seconds: 5) { $0.count > 3 })
        #expect(seen.all.last == ForeignChange(program: "nft"))
    }
}

/// Makes the kernel forget the tracked connections of the calling thread's network namespace.
private func forgetConnections() throws {
    var request = NetlinkRequest(
        type: Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(IPCTNL_MSG_CT_DELETE.rawValue),
        flags: Int(NLM_F_ACK),
        sequence: 1
    )
    request.append(native: UInt32(0))
    try NetlinkSocket(.netfilter).exchange(request, sequence: 1, operation: "forget connections")
}
