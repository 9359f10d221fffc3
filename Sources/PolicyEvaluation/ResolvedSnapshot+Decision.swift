// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import NetworkPrimitives
public import PolicyModel

extension ResolvedSnapshot {
    /// What happens to a connection, and which policies and rules decide it.
    ///
    /// The steps, in the order in which a packet meets them: the source's egress, then the destination's ingress; each by
    /// the enforced policies and by all of them. Both sides must allow. An endpoint can always reach itself.
    /// - Complexity: O(rules that select the two ends).
    public func decision(for connection: Connection) -> Decision {
        var decision = Decision(revision: snapshot.revision, egress: nil, ingress: nil)
        if case .endpoint(let one) = connection.source.kind, case .endpoint(one) = connection.destination.kind {
            let open = Judgement(.notIsolated)
            decision.ingress = SideDecision(enforced: open, complete: open)
            return decision
        }
        decision.egress = side(.egress, of: connection.source, peer: connection.destination, connection.service)
        decision.ingress = side(.ingress, of: connection.destination, peer: connection.source, connection.service)
        return decision
    }

    /// The decision about the connection's service between two addresses.
    public func decision(from source: IPAddress, to destination: IPAddress, _ service: Service) -> Decision {
        decision(for: Connection(source: party(at: source), destination: party(at: destination), service: service))
    }

    private func side(_ direction: Direction, of subject: Party, peer: Party, _ service: Service) -> SideDecision? {
        switch subject.kind {
        case .host, .world: return nil
        case .unknown:
            let closed = Judgement(.unknownEndpoint)
            let open = Judgement(.notIsolated)
            return SideDecision(
                enforced: snapshot.modes.environment == .blocking ? closed : open,
                complete: closed
            )
        case .endpoint(let index):
            let identity = identityOfEndpoint[index]
            let question = SideQuestion(
                direction: direction,
                identity: identity,
                peer: view(of: peer),
                service: service,
                hostIsFree: direction == .ingress && peer.kind == .host && snapshot.hostTraffic == .allowed
            )
            let specs = selecting[identity]
            let complete = judge(question, specs)
            let enforced =
                specs.allSatisfy { $0.mode == .blocking }
                ? complete : judge(question, specs.filter { $0.mode == .blocking })
            return SideDecision(enforced: enforced, complete: complete)
        }
    }

    private struct SideQuestion {
        var direction: Direction
        var identity: Int
        var peer: PeerView
        var service: Service
        /// Whether the peer is the host and host traffic is not under policy.
        var hostIsFree: Bool
    }

    /// Deny wins, then allow, then the default: closed when anything isolates the endpoint, else open.
    private func judge(_ question: SideQuestion, _ specs: [SelectingSpec]) -> Judgement {
        var judgement = Judgement(.notIsolated)
        for reference in specs {
            let policy = snapshot.policies[reference.policy]
            let spec = policy.specs[reference.spec]
            if spec.isolates.contains(question.direction), judgement.isolating.last != policy.id {
                judgement.isolating.append(policy.id)
            }
            for rule in spec.rules where rule.direction == question.direction {
                let isMatch = matching.matches(
                    rule,
                    peer: question.peer,
                    subject: identities[question.identity],
                    service: question.service
                )
                guard isMatch else { continue }
                let id = RuleID(
                    policy: policy.id,
                    spec: reference.spec,
                    direction: rule.direction,
                    action: rule.action,
                    index: rule.index
                )
                if rule.action == .deny { judgement.denying.append(id) } else { judgement.allowing.append(id) }
            }
        }
        judgement.isolating.sort()
        if !judgement.denying.isEmpty {
            judgement.outcome = .deniedByRule
        } else if judgement.isolating.isEmpty {
            judgement.outcome = .notIsolated
        } else if !judgement.allowing.isEmpty {
            judgement.outcome = .allowedByRule
        } else {
            judgement.outcome = question.hostIsFree ? .hostTraffic : .defaultDeny
        }
        return judgement
    }

    private func view(of party: Party) -> PeerView {
        switch party.kind {
        case .endpoint(let index):
            let identity = identities[identityOfEndpoint[index]]
            return PeerView(kind: .endpoint, labels: identity.labels, address: party.address, identity: identity)
        case .host: return PeerView(kind: .host, labels: ReservedIdentity.host, address: party.address)
        case .world:
            return PeerView(
                kind: .world,
                labels: ReservedIdentity.world(party.address.family),
                address: party.address
            )
        case .unknown: return PeerView(kind: .unknown, labels: LabelSet([]), address: party.address)
        }
    }
}

extension ResolvedSnapshot {
    /// How far a rule matches one side of a connection, conditions left out.
    public func partialMatch(
        _ rule: Rule,
        _ connection: Connection,
        _ direction: Direction
    ) -> (peer: Bool, port: Bool) {
        let subject = direction == .egress ? connection.source : connection.destination
        let other = view(of: direction == .egress ? connection.destination : connection.source)
        guard case .endpoint(let index) = subject.kind else { return (false, false) }
        let identity = identities[identityOfEndpoint[index]]
        return (
            matching.matches(rule.peers, action: rule.action, peer: other),
            matching.matches(
                rule.ports,
                service: connection.service,
                namedPortsOf: direction == .ingress ? identity : other.identity
            )
        )
    }
}
