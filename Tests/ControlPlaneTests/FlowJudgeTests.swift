// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

@testable import ControlPlane

struct FlowJudgeTests {
    private static func packet(
        _ outcome: LogPrefix.Outcome,
        generation: UInt32,
        _ source: String,
        _ destination: String,
        port: UInt16 = 5432,
        direction: Direction? = nil,
        isReply: Bool = false,
        input: UInt32 = 3,
        output: UInt32 = 4
    ) -> LoggedPacket {
        let prefix = LogPrefix(generation: generation, outcome: outcome, direction: direction, isReply: isReply)
        return LoggedPacket(
            time: 1_000_000,
            prefix: prefix.description,
            tuple: FlowTuple(
                source: World.address(source),
                destination: World.address(destination),
                ipProtocol: .tcp,
                sourcePort: isReply ? port : 40_000,
                destinationPort: isReply ? 40_000 : port
            ),
            length: 60,
            inputInterface: input,
            outputInterface: output
        )
    }

    private struct NoFlow: Error {}

    private static func flow(_ judge: inout FlowJudge, _ packet: LoggedPacket) throws -> Flow {
        guard let flow = judge.flow(packet) else { throw NoFlow() }
        return flow
    }

    private static func flow(_ judge: inout FlowJudge, _ ended: EndedConnection) throws -> Flow {
        guard let flow = judge.flow(ended) else { throw NoFlow() }
        return flow
    }

    private static let open = World.resolved(revision: 7)
    private static let closed = World.resolved([World.isolated("deny", "db")], revision: 8)

    private static func judge() -> FlowJudge {
        var judge = FlowJudge()
        judge.expect(5, open)
        judge.expect(6, closed)
        return judge
    }

    @Test func anEventIsExplainedByTheWorldThatJudgedIt() throws {
        var judge = Self.judge()
        let before = try Self.flow(&judge, Self.packet(.allowed, generation: 5, "10.0.0.1", "10.0.0.2"))
        #expect(before.verdict == .allowed && before.agrees && before.revision == 7)
        #expect(before.decision.reason == .notIsolated)
        let after = Self.packet(.dropped, generation: 6, "10.0.0.1", "10.0.0.2", direction: .ingress)
        let dropped = try Self.flow(&judge, after)
        #expect(dropped.verdict == .dropped && dropped.agrees && dropped.revision == 8)
        #expect(dropped.decision == Flow.Decision(isolatedBy: ["data/deny"], reason: .policyDenied))
        #expect(dropped.source.workload == "web" && dropped.destination.namespace == "data")
        #expect(dropped.packets == 1 && dropped.bytes == 60)
        // In both families.
        let v6 = try Self.flow(&judge, Self.packet(.allowed, generation: 5, "fd00::1", "fd00::2"))
        #expect(v6.source.workload == "web" && v6.agrees)
    }

    @Test func aKernelThatDecidesOtherwiseIsSaidToDisagree() throws {
        var judge = Self.judge()
        let flow = try Self.flow(&judge, Self.packet(.allowed, generation: 6, "10.0.0.1", "10.0.0.2"))
        #expect(!flow.agrees && flow.verdict == .allowed)
        let drop = Self.packet(.dropped, generation: 5, "10.0.0.1", "10.0.0.2", direction: .ingress)
        let dropFlow = try Self.flow(&judge, drop)
        #expect(dropFlow.agrees == false)
    }

    @Test func aReplyIsCountedForItsConnection() throws {
        var judge = Self.judge()
        let reply = Self.packet(
            .dropped,
            generation: 6,
            "10.0.0.2",
            "10.0.0.1",
            direction: .ingress,
            isReply: true
        )
        let flow = try Self.flow(&judge, reply)
        #expect(flow.source.workload == "web" && flow.destination.workload == "db")
        #expect(flow.destinationPort == 5432 && flow.sourcePort == 40_000)
        #expect(flow.agrees && flow.direction == .ingress)
    }

    @Test func onTheHostsOwnHooksOneEndIsTheHost() throws {
        var judge = Self.judge()
        let out = Self.packet(.allowed, generation: 5, "192.0.2.9", "10.0.0.2", input: 0)
        let outFlow = try Self.flow(&judge, out)
        #expect(outFlow.source.kind == .host)
        let back = Self.packet(.allowed, generation: 5, "10.0.0.2", "192.0.2.9", output: 0)
        let backFlow = try Self.flow(&judge, back)
        #expect(backFlow.destination.kind == .host)
        let forwarded = Self.packet(.allowed, generation: 5, "192.0.2.9", "10.0.0.2")
        let forwardedFlow = try Self.flow(&judge, forwarded)
        #expect(forwardedFlow.source.kind == .world)
    }

    @Test func aForgedSourceIsNamedAsTheReason() throws {
        var judge = Self.judge()
        let forged = Self.packet(.droppedSpoofed, generation: 6, "10.0.0.3", "10.0.0.2", direction: .egress, output: 0)
        let flow = try Self.flow(&judge, forged)
        #expect(flow.decision.reason == .invalidSource && flow.verdict == .dropped && flow.agrees)
    }

    @Test func whatIsNotOursIsCountedAndLeftOut() {
        var judge = Self.judge()
        var foreign = Self.packet(.allowed, generation: 5, "10.0.0.1", "10.0.0.2")
        foreign.prefix = "fail2ban: "
        let foreignFlow = judge.flow(foreign)
        #expect(foreignFlow == nil)
        let outsideFlow = judge.flow(Self.packet(.allowed, generation: 5, "192.0.2.1", "192.0.2.2"))
        #expect(outsideFlow == nil)
        #expect(judge.ignored == 2)
    }

    @Test func theEndOfAConnectionBringsItsBytes() throws {
        var judge = Self.judge()
        let tuple = Self.packet(.allowed, generation: 5, "10.0.0.1", "10.0.0.2").tuple
        var ended = EndedConnection(
            time: 9,
            original: tuple,
            translated: tuple,
            mark: 5 << 4 | 1,
            bytesSent: 10,
            bytesReceived: 20,
            packetsSent: 1,
            packetsReceived: 2,
            duration: 4
        )
        let flow = try Self.flow(&judge, ended)
        #expect(flow.report == .ended && flow.bytes == 30 && flow.packets == 3 && flow.duration == 4)
        #expect(flow.verdict == .allowed && flow.agrees)
        ended.mark = 6 << 4 | ConnectionFlags.wouldDrop.rawValue
        let endedFlow = try Self.flow(&judge, ended)
        #expect(endedFlow.verdict == .wouldDrop)
        // Nobody judged it.
        ended.mark = 0
        let unjudged = judge.flow(ended)
        #expect(unjudged == nil)
    }

    @Test func manyGenerationsAndAnswersStayBounded() throws {
        var judge = FlowJudge()
        for generation in 1...UInt32(FlowJudge.maximumWorlds + 10) { judge.expect(generation, Self.open) }
        for port in 0..<UInt16(60_000) {
            let packet = Self.packet(.allowed, generation: 70, "10.0.0.1", "10.0.0.2", port: port)
            _ = try Self.flow(&judge, packet)
        }
        // An event of a generation that is forgotten is explained from the oldest that is known.
        let oldest = judge.flow(Self.packet(.allowed, generation: 1, "10.0.0.1", "10.0.0.2"))
        #expect(oldest != nil)
    }
}
