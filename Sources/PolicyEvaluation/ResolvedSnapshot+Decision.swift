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
        var decision = decision(for: connection, seenAs: connection)
        // A node is the other end's own or another one, and policy tells the two apart.
        guard let local = connection.withLocalNode else { return decision }
        let ofLocal = self.decision(for: connection, seenAs: local)
        decision.dependsOnNode = ofLocal.answer != decision.answer
        return decision
    }

    /// The decision about the connection's service between two addresses.
    public func decision(from source: IPAddress, to destination: IPAddress, _ service: Service) -> Decision {
        decision(for: Connection(source: party(at: source), destination: party(at: destination), service: service))
    }

    /// The decision when each end sees the other one as `view` has it; whose policies are asked stays the same.
    private func decision(for connection: Connection, seenAs view: Connection) -> Decision {
        var decision = Decision(revision: snapshot.revision, egress: nil, ingress: nil)
        if case .endpoint(let one) = connection.source.kind, case .endpoint(one) = connection.destination.kind {
            let open = Judgement(.notIsolated)
            decision.ingress = SideDecision(enforced: open, complete: open)
            return decision
        }
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
        let (specs, isUncertain) = hostSpecs(of: subject, question.direction)
        guard !specs.isEmpty || isUncertain else { return nil }
        var side = decide(question, specs)
        side.enforced.isSelectionUncertain = isUncertain
        side.complete.isSelectionUncertain = isUncertain
        return side
    }

    /// The host policies that select a host and have a say in a direction, and whether others may select it too.
    func hostSpecs(of subject: Party, _ direction: Direction) -> (specs: [SelectingSpec], isUncertain: Bool) {
        var node: ClusterNode?
        if case .node(let index) = subject.kind {
            node = snapshot.nodes[index]
        } else if snapshot.nodes.count == 1 {
            node = snapshot.nodes[0]
        }
        let labels = node.map { LabelSet($0.labels.map { Label(.k8s($0.key), $0.value) }) }
        var specs: [SelectingSpec] = []
        var isUncertain = false
        for policy in hostPolicies where spec(policy.spec).concerns(direction) {
            switch policy.selects(labels) {
            case .no: continue
            case .maybe: isUncertain = true
            case .yes, .limited: specs.append(policy.spec)
            }
        }
        return (specs, isUncertain)
    }
}

extension Connection {
    /// The connection with nodes taken for the other end's own; `nil` when neither end is a node.
    fileprivate var withLocalNode: Connection? {
        var local = self
        if case .node = source.kind { local.source.kind = .host }
        if case .node = destination.kind { local.destination.kind = .host }
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
