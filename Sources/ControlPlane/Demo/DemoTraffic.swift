// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
import NetworkPrimitives
public import PolicyEvaluation
import PolicyModel

/// The recorded flows of a demonstration: its traffic judged by its own policies.
public struct DemoTraffic: Sendable {
    /// Oldest first.
    public let flows: [Flow]
    public let losses: [FlowLoss]

    /// - Throws: `ServiceError` `notFound` for traffic of a container that its world does not have.
    public init(_ demo: DemoEnvironment, in world: ResolvedSnapshot) throws {
        var flows: [Flow] = []
        for traffic in demo.traffic {
            let source = try Self.party(traffic.source, world)
            let destination = try Self.party(traffic.destination, world)
            let decision = world.decision(
                for: Connection(source: source, destination: destination, service: traffic.service)
            )
            let sample = Flow(
                time: 0,
                verdict: decision.verdict,
                direction: decision.decidingDirection,
                source: world.flowParty(source),
                destination: world.flowParty(destination),
                ipProtocol: traffic.service.ipProtocol,
                sourcePort: 0,
                destinationPort: traffic.service.port,
                tcpFlags: traffic.service.ipProtocol == .tcp ? TCPFlag.syn.rawValue : 0,
                // What is dropped never gets further than its first packet.
                bytes: decision.verdict == .dropped ? 60 : traffic.bytes,
                packets: decision.verdict == .dropped ? 1 : traffic.packets,
                decision: Flow.Decision(decision),
                revision: world.snapshot.revision
            )
            flows += Self.times(traffic, gaps: demo.gaps).enumerated().map { index, time in
                var flow = sample
                flow.time = time
                if flow.ipProtocol.hasPorts { flow.sourcePort = UInt16(32_768 + index % 28_000) }
                return flow
            }
        }
        self.flows = flows.sorted { ($0.time, $0.sourcePort) < ($1.time, $1.sourcePort) }
        losses = demo.gaps.map { gap in
            FlowLoss(
                from: DemoEnvironment.now - gap.upperBound * 1_000_000,
                to: DemoEnvironment.now - gap.lowerBound * 1_000_000,
                source: .crash,
                count: 0
            )
        }
    }

    /// Every time at which such a connection was seen; none inside a gap, and none before flows are kept.
    private static func times(_ traffic: DemoEnvironment.Traffic, gaps: [ClosedRange<Int64>]) -> [Int64] {
        let (first, last) = (traffic.from * 1_000_000, traffic.to * 1_000_000)
        let step = traffic.count > 1 ? (first - last) / Int64(traffic.count - 1) : 0
        var times: [Int64] = []
        for index in 0..<traffic.count {
            var back = last + Int64(index) * step
            // What would have fallen into a gap was seen right after it.
            if let gap = gaps.first(where: { ($0.lowerBound * 1_000_000...$0.upperBound * 1_000_000).contains(back) }) {
                back = gap.lowerBound * 1_000_000 - Int64(index % 900 + 1) * 1_000
            }
            times.append(DemoEnvironment.now - back)
        }
        guard traffic.isDaily else { return times }
        let days = (1...3).flatMap { day in times.map { $0 - Int64(day) * DemoEnvironment.day * 1_000_000 } }
        return times + days.filter { $0 >= DemoEnvironment.keptSince }
    }

    private static func party(_ name: String, _ world: ResolvedSnapshot) throws -> Party {
        if let address = IPAddress(name) { return world.party(at: address) }
        guard let endpoint = world.snapshot.endpoints.first(where: { "\($0.namespace)/\($0.name)" == name }),
            let address = endpoint.addresses.first
        else { throw ServiceError(.notFound, "The demonstration has no container \(name).") }
        return world.party(at: address)
    }
}
