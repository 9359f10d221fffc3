// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// Works out the answers of one class of subjects.
///
/// Peers that the same rules match in the same way get the same answer, which is computed once: each rule moves the peers
/// that it hits from one state to the next.
struct SideClassBuilder {
    /// Peers that no rule so far tells apart.
    private struct State {
        /// Rules with what of them matches, in the order in which they are asked.
        var hits: [(rule: Int, match: Match)]
        /// A peer of this state; all have the same named ports where those matter.
        var peer: Int32
        var isHost: Bool
    }

    private struct Start: Hashable {
        var isHost: Bool
        var namedPorts: [NamedPort]
    }

    private struct Step: Hashable {
        var state: Int32
        var match: Match
    }

    private let direction: Direction
    private let subject: SideSubject
    private let views: [PeerView]
    private let world: ResolvedSnapshot
    private let rules: [(rule: Rule, tier: Tier)]
    private let isIsolated: Bool
    private var states: [State] = []
    private var stateOf: [Int32] = []

    init(_ direction: Direction, _ subject: SideSubject, views: [PeerView], world: ResolvedSnapshot) {
        self.direction = direction
        self.subject = subject
        self.views = views
        self.world = world
        rules = subject.specs.flatMap { reference in
            let tier = world.snapshot.policies[reference.policy].tier
            return world.spec(reference).rules.filter { $0.direction == direction }.map { ($0, tier) }
        }
        isIsolated = subject.specs.contains { reference in
            world.snapshot.policies[reference.policy].tier == .normal
                && world.spec(reference).isolates.contains(direction)
        }
    }

    mutating func build(_ index: inout PartyIndex, _ answers: inout DistinctConnections) -> SideMatrix.Class {
        if subject.isClosed { return .init(fallback: answers.number(.none), exceptions: []) }
        if rules.isEmpty, !isIsolated, !subject.isUncertain {
            return .init(fallback: answers.number(.all), exceptions: [])
        }
        begin()
        for (number, entry) in rules.enumerated() {
            if let hits = index.hits(entry.rule) {
                move(hits, by: number)
            } else {
                // Everyone moves alike, so the states do.
                let match = index.matchOfEveryone(entry.rule)
                for state in states.indices { states[state].hits.append((number, match)) }
            }
        }
        let numbers = states.map { answers.number(connections($0)) }
        // The answer that most peers have need not be written down.
        var counts: [UInt32: Int] = [:]
        for state in stateOf { counts[numbers[Int(state)], default: 0] += 1 }
        let fallback = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? answers.number(.all)
        let exceptions = stateOf.enumerated().compactMap { peer, state in
            let number = numbers[Int(state)]
            return number == fallback ? nil : (peer: Int32(peer), answer: number)
        }
        return .init(fallback: fallback, exceptions: exceptions)
    }

    private mutating func begin() {
        let looksAtNames = direction == .egress && rules.contains { $0.rule.ports.hasNamedPort }
        let hostMatters = direction == .ingress && world.snapshot.hostTraffic == .allowed
        var known: [Start: Int32] = [:]
        stateOf = views.enumerated().map { peer, view in
            let start = Start(
                isHost: hostMatters && view.kind == .host,
                namedPorts: looksAtNames ? view.identity?.namedPorts ?? [] : []
            )
            if let state = known[start] { return state }
            known[start] = Int32(states.count)
            states.append(State(hits: [], peer: Int32(peer), isHost: start.isHost))
            return Int32(states.count - 1)
        }
    }

    private mutating func move(_ hits: [PartyIndex.Hit], by rule: Int) {
        var steps: [Step: Int32] = [:]
        for hit in hits {
            let step = Step(state: stateOf[Int(hit.party)], match: hit.match)
            if let state = steps[step] {
                stateOf[Int(hit.party)] = state
                continue
            }
            var next = states[Int(step.state)]
            next.hits.append((rule, hit.match))
            next.peer = hit.party
            steps[step] = Int32(states.count)
            stateOf[Int(hit.party)] = Int32(states.count)
            states.append(next)
        }
    }

    private func connections(_ state: State) -> PairConnections {
        let named = direction == .ingress ? subject.identity : views[Int(state.peer)].identity
        func candidates(_ tier: Tier) -> [SideConnections.Candidate] {
            state.hits.filter { rules[$0.rule].tier == tier }.map { hit in
                let rule = rules[hit.rule].rule
                return .init(
                    action: rule.action,
                    match: hit.match,
                    connections: ResolvedSnapshot.connections(rule.ports, named)
                )
            }
        }
        var side = SideConnections()
        side.askInOrder(candidates(.admin))
        side.askTogether(candidates(.normal), isIsolated: isIsolated, hostIsFree: state.isHost)
        side.askInOrder(candidates(.baseline))
        return subject.isUncertain ? side.result.or(.all).or(.none) : side.result
    }
}
