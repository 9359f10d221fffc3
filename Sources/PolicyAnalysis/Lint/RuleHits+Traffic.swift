// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
internal import NetworkPrimitives
public import PolicyEvaluation
internal import PolicyModel

extension RuleHits {
    /// Which rules of a world match recorded connections, and how many flows each.
    ///
    /// A rule that may match, depending on something that was not recorded, counts as one that does: it must not be called
    /// unused. Connections whose ends are not in the world count for no rule.
    /// - Complexity: one decision for each kind of connection.
    public init(_ traffic: RecordedTraffic, in world: ResolvedSnapshot, window: String) {
        var parties = PartyResolver(world)
        var counts: [RuleID: Int] = [:]
        for (connection, count) in traffic.counts {
            guard case .party(let source) = parties.party(connection.source),
                case .party(let destination) = parties.party(connection.destination)
            else { continue }
            let decision = world.decision(
                for: Connection(
                    source: source,
                    destination: destination,
                    service: Service(connection.ipProtocol, port: connection.port)
                )
            )
            for side in [decision.egress, decision.ingress] {
                guard let judgement = side?.complete else { continue }
                let rules = judgement.allowing + judgement.denying + judgement.passing + judgement.possible.map(\.rule)
                for rule in rules { counts[rule, default: 0] += Int(clamping: count.flows) }
            }
        }
        self.init(counts, window: window)
    }
}
