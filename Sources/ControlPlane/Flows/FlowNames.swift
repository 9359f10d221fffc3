// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import PolicyEvaluation
import PolicyModel

extension ResolvedSnapshot {
    /// A party with the names that it had when the flow was seen.
    func flowParty(_ party: Party) -> Flow.Party {
        switch party.kind {
        case .endpoint(let index):
            let endpoint = snapshot.endpoints[index]
            return Flow.Party(
                kind: .endpoint,
                address: party.address,
                namespace: endpoint.namespace,
                workload: endpoint.workload.name,
                name: endpoint.name,
                labels: endpoint.labels.map { "\($0.key)=\($0.value)" }.sorted()
            )
        // What only a cluster tells apart is a host to a flow of this host.
        case .host, .node, .reserved: return Flow.Party(kind: .host, address: party.address)
        case .world: return Flow.Party(kind: .world, address: party.address)
        case .unknown: return Flow.Party(kind: .unknown, address: party.address)
        }
    }
}

extension Flow.Decision {
    /// What a decision comes down to: the deciding rule, or what isolates the endpoint.
    init(_ decision: Decision) {
        guard let judgement = decision.deciding?.deciding else {
            self.init(reason: .notIsolated)
            return
        }
        switch judgement.outcome {
        case .notIsolated: self.init(reason: .notIsolated)
        case .hostTraffic:
            self.init(isolatedBy: judgement.isolating.map(\.description), reason: .hostTraffic)
        case .unknownEndpoint: self.init(reason: .unknownEndpoint)
        case .defaultDeny:
            self.init(isolatedBy: judgement.isolating.map(\.description), reason: .policyDenied)
        case .allowedByRule: self.init(judgement.allowing.first, reason: .allowedByRule)
        case .deniedByRule: self.init(judgement.denying.first, reason: .policyDeny)
        }
    }

    private init(_ rule: RuleID?, reason: Flow.Reason) {
        self.init(policy: rule?.policy.description, rule: rule?.name, reason: reason)
    }
}
