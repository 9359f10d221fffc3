// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Outcomes of recorded connections without reasons.
///
/// The same outcomes as `ReplayJudges.row` has (`ImpactReplayPropertyTests` holds the two together). Connections between
/// pods are asked of two tables of verdicts. Those between a pod and outside are judged once for all pods that the same
/// policies select and all addresses that no rule tells apart. What neither settles is left to the judges.
struct QuickReplay {
    /// One end of a connection in both worlds.
    private enum End {
        /// A pod, by its index in each world.
        case pod(Int, Int)
        /// An address outside, by what rules see of it.
        case outside(Int)
        case other
    }

    /// Connections with one outcome.
    private struct OutsideKey: Hashable {
        var direction: Direction
        var group: Int
        var range: Int
        var service: Service
    }

    private let traffic: RecordedTraffic
    private let worlds: ReplayWorlds
    private var groups: ReplayGroups
    /// By number of the party in the traffic, as they are looked at.
    private var ends: [End?]
    private var outside: [OutsideKey: ImpactReplay.Outcome] = [:]

    init(_ traffic: RecordedTraffic, in worlds: ReplayWorlds) {
        self.traffic = traffic
        self.worlds = worlds
        groups = worlds.groups
        ends = Array(repeating: nil, count: traffic.parties.count)
    }

    /// The outcome of a connection; `judges` are asked where there is no quick answer.
    mutating func outcome(_ link: RecordedTraffic.Link, _ judges: inout ReplayJudges) -> ImpactReplay.Outcome {
        quickOutcome(link, &judges) ?? judges.outcome(traffic.connection(link))
    }

    private mutating func quickOutcome(
        _ link: RecordedTraffic.Link,
        _ judges: inout ReplayJudges
    ) -> ImpactReplay.Outcome? {
        // What is known of a request makes connections differ that are alike here.
        guard !link.hasRequest, traffic.parties[Int(link.destination)].dnsNames.isEmpty else { return nil }
        let service = Service(link.ipProtocol, port: link.port)
        switch (end(link.source, &judges), end(link.destination, &judges)) {
        case (.pod(let source, let newSource), .pod(let destination, let newDestination)):
            // A pod and itself is no case for policies.
            if isOnePod(link) { return nil }
            guard let before = worlds.before.compactVerdict(from: source, to: destination, service),
                let after = worlds.after.compactVerdict(from: newSource, to: newDestination, service)
            else { return nil }
            return Self.outcome(before, after)
        case (.pod(let pod, let newPod), .outside(let range)):
            let group = groups.group(pod, newPod)
            let key = OutsideKey(direction: .egress, group: group, range: range, service: service)
            return outcome(key, link, &judges)
        case (.outside(let range), .pod(let pod, let newPod)):
            let group = groups.group(pod, newPod)
            let key = OutsideKey(direction: .ingress, group: group, range: range, service: service)
            return outcome(key, link, &judges)
        default: return nil
        }
    }

    private func isOnePod(_ link: RecordedTraffic.Link) -> Bool {
        let pod = traffic.parties[Int(link.source)].pod
        return pod != nil && pod == traffic.parties[Int(link.destination)].pod
    }

    private mutating func outcome(
        _ key: OutsideKey,
        _ link: RecordedTraffic.Link,
        _ judges: inout ReplayJudges
    ) -> ImpactReplay.Outcome {
        if let known = outside[key] { return known }
        let outcome = judges.outcome(traffic.connection(link))
        outside[key] = outcome
        return outcome
    }

    private mutating func end(_ number: Int32, _ judges: inout ReplayJudges) -> End {
        if let known = ends[Int(number)] { return known }
        let end = end(traffic.parties[Int(number)], &judges)
        ends[Int(number)] = end
        return end
    }

    private func end(_ party: RecordedConnection.Party, _ judges: inout ReplayJudges) -> End {
        if party.isOutside { return party.address.map { .outside(worlds.ranges.range(of: $0)) } ?? .other }
        guard case .party(let before) = judges.before.party(party), case .party(let after) = judges.after.party(party),
            case .endpoint(let one) = before.kind, case .endpoint(let other) = after.kind
        else { return .other }
        return .pod(one, other)
    }

    /// `nil` where requests decide further, or the answer is none of these.
    private static func outcome(
        _ before: VerdictTable.Verdict,
        _ after: VerdictTable.Verdict
    ) -> ImpactReplay.Outcome? {
        guard !before.isLimited, !after.isLimited else { return nil }
        switch (before.answer, after.answer) {
        case (.allowed, .allowed): return .stillAllowed
        case (.allowed, .dropped): return .newlyDropped
        case (.dropped, .allowed): return .newlyAllowed
        case (.dropped, .dropped): return .stillDropped
        default: return nil
        }
    }
}
