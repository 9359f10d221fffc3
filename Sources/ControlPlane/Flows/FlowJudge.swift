// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel

/// Turns kernel events into flows: who the two ends are, what policy says, and whether the kernel said the same.
///
/// Every event carries the generation that judged it, and is explained from the world of that generation. Worlds of the
/// last `maximumWorlds` generations are kept; an older event is explained from the oldest of them.
struct FlowJudge {
    static let maximumWorlds = 64
    /// Answers remembered between events of the same kind; when full they are all forgotten.
    static let maximumAnswers = 50_000

    private struct Question: Hashable {
        var generation: UInt32
        var source: IPAddress
        var destination: IPAddress
        var service: Service
        var place: Place
    }

    /// Where the packet was seen; on the host's own hooks one end is the host, whatever its address.
    private enum Place: Hashable { case forward, toHost, fromHost }

    /// What is remembered of a decision; the decision itself is large, and there are many.
    private struct Answer {
        var source: Flow.Party
        var destination: Flow.Party
        var verdict: Verdict
        /// What the source's side alone comes to.
        var egressVerdict: Verdict?
        var decidingDirection: Direction
        /// What the decision comes down to; made once, since most events are like earlier ones.
        var outcome: Flow.Decision
    }

    private struct Known: Hashable {
        var generation: UInt32
        var party: Party
    }

    private var worlds: [(generation: UInt32, world: ResolvedSnapshot)] = []
    private var answers: [Question: Answer] = [:]
    /// Bounded like the answers.
    private var parties: [Known: Flow.Party] = [:]
    /// Events that are not about any endpoint, or not ours.
    private(set) var ignored: UInt64 = 0

    mutating func expect(_ generation: UInt32, _ world: ResolvedSnapshot) {
        worlds.append((generation, world))
        if worlds.count > Self.maximumWorlds { worlds.removeFirst() }
    }

    /// The flow that a logged packet stands for; `nil` when the message is not ours.
    mutating func flow(_ packet: LoggedPacket) -> Flow? {
        guard let prefix = LogPrefix(packet.prefix) else {
            ignored += 1
            return nil
        }
        let tuple = prefix.isReply ? packet.tuple.reversed : packet.tuple
        var place = Place.forward
        if packet.outputInterface == 0, packet.inputInterface != 0 { place = .toHost }
        if packet.inputInterface == 0, packet.outputInterface != 0 { place = .fromHost }
        if prefix.isReply, place != .forward { place = place == .toHost ? .fromHost : .toHost }
        let isSpoofed = prefix.outcome == .droppedSpoofed || prefix.outcome == .wouldDropSpoofed
        guard
            let (answer, revision) = answer(
                prefix.generation,
                tuple.source,
                tuple.destination,
                Service(tuple.ipProtocol, port: tuple.destinationPort),
                isSpoofed ? .forward : place
            )
        else {
            ignored += 1
            return nil
        }
        let kernel = KernelOpinion(prefix)
        // The source's side would drop it and the destination's side did: the drop has its own message.
        if kernel.verdict == .wouldDrop, prefix.direction == .egress, answer.verdict == .dropped,
            answer.egressVerdict == .wouldDrop
        {
            return nil
        }
        let isJudged = kernel.reason == nil
        let direction = isJudged ? answer.decidingDirection : prefix.direction ?? .ingress
        let agrees =
            !isJudged
            || (answer.verdict == kernel.verdict
                && (kernel.verdict == .allowed || prefix.direction == nil || prefix.direction == direction))
        return Flow(
            time: packet.time,
            verdict: kernel.verdict,
            direction: agrees ? direction : prefix.direction ?? direction,
            source: answer.source,
            destination: answer.destination,
            ipProtocol: tuple.ipProtocol,
            sourcePort: tuple.sourcePort,
            destinationPort: tuple.destinationPort,
            icmpCode: packet.icmpCode,
            tcpFlags: packet.tcpFlags,
            // What passes brings its bytes when it ends; counting the first packet's here would count them twice.
            bytes: kernel.verdict == .dropped ? UInt64(packet.length) : 0,
            packets: 1,
            decision: isJudged
                ? answer.outcome : Flow.Decision(reason: kernel.reason ?? .invalidPacket),
            revision: revision,
            agrees: agrees,
            report: .started
        )
    }

    /// The flow that the end of a connection stands for; `nil` when we never judged it.
    mutating func flow(_ ended: EndedConnection) -> Flow? {
        let mark = ConnectionMark(rawValue: ended.mark)
        guard mark.generation != 0 else {
            ignored += 1
            return nil
        }
        // The client as it is, and the server as it is behind destination translation.
        let source = ended.original.source
        let destination = ended.translated.destination
        let port = ended.translated.destinationPort
        guard
            let (answer, revision) = answer(
                mark.generation,
                source,
                destination,
                Service(ended.original.ipProtocol, port: port),
                .forward
            )
        else {
            ignored += 1
            return nil
        }
        let verdict: Verdict = mark.flags.contains(.wouldDrop) ? .wouldDrop : .allowed
        return Flow(
            time: ended.time,
            verdict: verdict,
            direction: answer.decidingDirection,
            source: answer.source,
            destination: answer.destination,
            ipProtocol: ended.original.ipProtocol,
            sourcePort: ended.original.sourcePort,
            destinationPort: port,
            bytes: ended.bytesSent + ended.bytesReceived,
            packets: ended.packetsSent + ended.packetsReceived,
            duration: ended.duration,
            decision: answer.outcome,
            revision: revision,
            agrees: answer.verdict == verdict,
            report: .ended
        )
    }

    private mutating func answer(
        _ generation: UInt32,
        _ source: IPAddress,
        _ destination: IPAddress,
        _ service: Service,
        _ place: Place
    ) -> (Answer, revision: UInt64)? {
        guard let known = worlds.last(where: { $0.generation <= generation }) ?? worlds.first else { return nil }
        let world = known.world
        let question = Question(
            generation: known.generation,
            source: source,
            destination: destination,
            service: service,
            place: place
        )
        if let answer = answers[question] { return (answer, world.snapshot.revision) }
        var from = world.party(at: source)
        var to = world.party(at: destination)
        if place == .toHost { to = Party(.host, address: destination) }
        if place == .fromHost { from = Party(.host, address: source) }
        guard from.isOurs || to.isOurs else { return nil }
        let decision = world.decision(for: Connection(source: from, destination: to, service: service))
        let answer = Answer(
            source: flowParty(from, known.generation, world),
            destination: flowParty(to, known.generation, world),
            verdict: decision.verdict,
            egressVerdict: decision.egress?.verdict,
            decidingDirection: decision.decidingDirection,
            outcome: Flow.Decision(decision)
        )
        if answers.count >= Self.maximumAnswers { answers.removeAll(keepingCapacity: true) }
        answers[question] = answer
        return (answer, world.snapshot.revision)
    }

    private mutating func flowParty(_ party: Party, _ generation: UInt32, _ world: ResolvedSnapshot) -> Flow.Party {
        let key = Known(generation: generation, party: party)
        if let found = parties[key] { return found }
        if parties.count >= Self.maximumAnswers { parties.removeAll(keepingCapacity: true) }
        let found = world.flowParty(party)
        parties[key] = found
        return found
    }
}

/// What the kernel decided, in the words of flows.
private struct KernelOpinion {
    var verdict: Verdict
    /// Set where the decision was not a policy's.
    var reason: Flow.Reason?

    init(_ prefix: LogPrefix) {
        switch prefix.outcome {
        case .allowed: (verdict, reason) = (.allowed, nil)
        case .wouldDrop, .wouldDropUnknown: (verdict, reason) = (.wouldDrop, nil)
        case .dropped, .droppedUnknown: (verdict, reason) = (.dropped, nil)
        case .droppedSpoofed: (verdict, reason) = (.dropped, .invalidSource)
        case .wouldDropSpoofed: (verdict, reason) = (.wouldDrop, .invalidSource)
        case .droppedInvalid: (verdict, reason) = (.dropped, .invalidPacket)
        }
    }
}

extension Party {
    /// Whether policies are about this party at all.
    fileprivate var isOurs: Bool {
        switch kind {
        case .endpoint, .unknown: true
        case .host, .node, .reserved, .world: false
        }
    }
}

extension FlowTuple {
    private static let requestType: [UInt16: UInt16] = [0: 8, 14: 13, 16: 15, 18: 17, 129: 128]

    /// The connection that a reply packet with this tuple belongs to.
    fileprivate var reversed: FlowTuple {
        FlowTuple(
            source: destination,
            destination: source,
            ipProtocol: ipProtocol,
            sourcePort: ipProtocol.isICMP ? sourcePort : destinationPort,
            destinationPort: ipProtocol.isICMP ? Self.requestType[destinationPort] ?? destinationPort : sourcePort
        )
    }
}
