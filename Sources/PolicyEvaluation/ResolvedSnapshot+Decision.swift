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
        if case .endpoint(let one) = connection.source.kind, case .endpoint(one) = connection.destination.kind {
            let open = Judgement(.notIsolated)
            let ingress = SideDecision(enforced: open, complete: open)
            return Decision(revision: snapshot.revision, egress: nil, ingress: ingress)
        }
        return decisionBetweenTwo(connection)
    }

    /// The decision where an endpoint and itself stand for two that are alike, such as replicas of one workload.
    /// - Complexity: O(rules that select the two ends).
    package func decisionBetweenTwo(_ connection: Connection) -> Decision {
        var decision = decision(for: connection, seenAs: connection)
        // A node is the other end's own or another one, and policy tells the two apart.
        guard let local = connection.withLocalNode else { return decision }
        let ofLocal = self.decision(for: connection, seenAs: local)
        decision.dependsOnNode = ofLocal.answer != decision.answer
        decision.isLimitedSeenLocally = ofLocal.isLimited
        return decision
    }

    /// The decision about the connection's service between two addresses.
    public func decision(from source: IPAddress, to destination: IPAddress, _ service: Service) -> Decision {
        decision(for: Connection(source: party(at: source), destination: party(at: destination), service: service))
    }

    /// The decision when each end sees the other one as `view` has it; whose policies are asked stays the same.
    private func decision(for connection: Connection, seenAs view: Connection) -> Decision {
        var decision = Decision(revision: snapshot.revision, egress: nil, ingress: nil)
        decision.egress = side(.egress, of: connection.source, peer: view.destination, connection)
        decision.ingress = side(.ingress, of: connection.destination, peer: view.source, connection)
        return decision
    }

    private func side(
        _ direction: Direction,
        of subject: Party,
        peer: Party,
        _ connection: Connection
    ) -> SideDecision? {
        var question = SideQuestion(
            direction: direction,
            subject: nil,
            peer: view(of: peer),
            service: connection.service,
            request: connection.request,
            hostIsFree: direction == .ingress && peer.kind == .host && snapshot.hostTraffic == .allowed
        )
        if direction == .egress { question.peer.dnsName = connection.request.dnsName }
        switch subject.kind {
        case .world, .reserved: return nil
        case .host, .node: return hostSide(question, of: subject)
        case .unknown:
            let closed = Judgement(.unknownEndpoint)
            let open = Judgement(.notIsolated)
            return SideDecision(
                enforced: snapshot.modes.environment == .blocking ? closed : open,
                complete: closed
            )
        case .endpoint(let index):
            let identity = identityOfEndpoint[index]
            question.subject = identities[identity]
            return decide(question, selecting[identity])
        }
    }

    private func decide(_ question: SideQuestion, _ specs: [SelectingSpec]) -> SideDecision {
        let complete = judge(question, specs)
        let enforced =
            specs.allSatisfy { $0.mode == .blocking }
            ? complete : judge(question, specs.filter { $0.mode == .blocking })
        return SideDecision(enforced: enforced, complete: complete)
    }

    /// A host's own policies (Cilium host policy); `nil` where no such policy has a say.
    private func hostSide(_ question: SideQuestion, of subject: Party) -> SideDecision? {
        let alternatives = hostSpecs(of: subject, question.direction)
        guard alternatives.contains(where: { !$0.isEmpty }) else { return nil }
        let sides = alternatives.map { decide(question, $0) }
        return SideDecision(
            enforced: Judgement(oneOf: sides.map(\.enforced)),
            complete: Judgement(oneOf: sides.map(\.complete))
        )
    }
}

extension Judgement {
    /// The first of several judgements, of which one holds and nobody says which; there is at least one.
    fileprivate init(oneOf cases: [Judgement]) {
        self = cases[0]
        for other in cases.dropFirst() {
            if other.ends != ends { isSelectionUncertain = true }
            ends.formUnion(other.ends)
            possible += other.possible.filter { !possible.contains($0) }
        }
        if !ends.canDrop { isLimited = ends.contains(.limited) }
    }
}

extension Connection {
    /// The connection with nodes taken for the other end's own; `nil` when neither end is a node.
    fileprivate var withLocalNode: Connection? {
        var local = self
        local.source = source.seenLocally
        local.destination = destination.seenLocally
        return local == self ? nil : local
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
            matching.match(rule, peer: other) == .yes,
            matching.matches(
                rule.ports,
                service: connection.service,
                namedPortsOf: direction == .ingress ? identity : other.identity
            )
        )
    }
}
