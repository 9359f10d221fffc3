// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Asks one world about recorded connections.
struct ReplayJudge: Sendable {
    struct Answer {
        /// `nil` when the ends are not known.
        var judged: ImpactReplay.Judged?
        var doubts: Set<ImpactReplay.Doubt>
        /// The conditions of the rules that decide further on requests, where the request was not recorded.
        var requestRules: Set<[Condition]> = []
    }

    private let resolved: ResolvedSnapshot
    private let policies: JudgedPolicies
    private var parties: PartyResolver
    private let conditions: [RuleID: [Condition]]

    init(_ resolved: ResolvedSnapshot, _ policies: JudgedPolicies) {
        self.resolved = resolved
        self.policies = policies
        parties = PartyResolver(resolved)
        var conditions: [RuleID: [Condition]] = [:]
        for policy in resolved.snapshot.policies {
            for (index, spec) in policy.specs.enumerated() {
                for rule in spec.rules where !rule.conditions.isEmpty {
                    let id = RuleID(
                        policy: policy.id,
                        spec: index,
                        direction: rule.direction,
                        action: rule.action,
                        index: rule.index
                    )
                    conditions[id] = rule.conditions
                }
            }
        }
        self.conditions = conditions
    }

    /// Who a recorded party is in this world.
    mutating func party(_ recorded: RecordedConnection.Party) -> PartyResolver.Result { parties.party(recorded) }

    mutating func judge(_ recorded: RecordedConnection) -> Answer {
        switch (parties.party(recorded.source), parties.party(recorded.destination)) {
        case (.party(let source), .party(let destination)):
            // Policies have no say about a pod and itself; what is recorded of a workload alone is two replicas of it.
            let isOnePod = recorded.source.pod != nil && recorded.source.pod == recorded.destination.pod
            let answers = requests(recorded).map { request in
                let connection = Connection(
                    source: source,
                    destination: destination,
                    service: Service(recorded.ipProtocol, port: recorded.port),
                    request: request
                )
                return answer(
                    isOnePod ? resolved.decision(for: connection) : resolved.decisionBetweenTwo(connection)
                )
            }
            // An address with several names passes when a rule allows one of them.
            return answers.first { $0.judged?.isAllowed == true && $0.doubts.isEmpty } ?? answers[0]
        case (.unknown(let doubt), .party), (.party, .unknown(let doubt)): return Answer(judged: nil, doubts: [doubt])
        case (.unknown(let one), .unknown(let other)): return Answer(judged: nil, doubts: [one, other])
        }
    }

    /// What is known of the request, once for each name of the destination; never empty.
    private func requests(_ recorded: RecordedConnection) -> [RequestFacts] {
        let http = recorded.http.map { RequestFacts.HTTP(method: $0.method, path: $0.path, host: $0.host) }
        let query = recorded.dnsQuery
        let names = recorded.destination.dnsNames
        guard !names.isEmpty else { return [RequestFacts(http: http, dnsQuery: query)] }
        return names.map { RequestFacts(http: http, dnsName: $0, dnsQuery: query) }
    }

    private func answer(_ decision: Decision) -> Answer {
        let sides = [decision.egress, decision.ingress].compactMap { $0.map(judgement) }
        let denying = sides.first { $0.isDenied }
        var doubts: Set<ImpactReplay.Doubt> = []
        if !sides.contains(where: { $0.isDenied && $0.uncertainties.isEmpty }) {
            for uncertainty in sides.flatMap(\.uncertainties) { doubts.insert(Self.doubt(uncertainty)) }
            if decision.dependsOnNode { doubts.insert(Self.doubt(.node)) }
        }
        var answer = Answer(
            judged: .init(isAllowed: denying == nil, basis: basis(denying, sides)),
            doubts: doubts
        )
        if denying == nil {
            for side in sides where side.isLimited {
                answer.requestRules.formUnion(side.allowing.compactMap { conditions[$0] })
            }
        }
        return answer
    }

    private func judgement(_ side: SideDecision) -> Judgement { policies == .all ? side.complete : side.enforced }

    private static func doubt(_ uncertainty: Uncertainty) -> ImpactReplay.Doubt {
        uncertainty == .dnsName ? .dnsNameNotRecorded : .world(uncertainty.sentence)
    }

    private func basis(_ denying: Judgement?, _ sides: [Judgement]) -> ImpactReplay.Judged.Basis {
        if let denying {
            switch denying.outcome {
            case .deniedByRule: return .rules(denying.denying)
            case .unknownEndpoint: return .unknownEndpoint
            default: return .isolated(denying.isolating)
            }
        }
        let rules = sides.flatMap(\.allowing)
        guard rules.isEmpty else { return .rules(rules) }
        return sides.contains { $0.outcome == .hostTraffic } ? .hostTraffic : .notRestricted
    }
}
