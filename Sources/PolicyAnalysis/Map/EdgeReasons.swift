// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// The policies and rules behind the edges of a map, with their places in the files.
struct EdgeReasons {
    private let map: ConnectivityMap
    private var locations: [RuleID: SourceLocation] = [:]

    init(_ map: ConnectivityMap) {
        self.map = map
        for policy in map.resolved.snapshot.policies {
            for (index, spec) in policy.specs.enumerated() {
                for rule in spec.rules {
                    let id = RuleID(
                        policy: policy.id,
                        spec: index,
                        direction: rule.direction,
                        action: rule.action,
                        index: rule.index
                    )
                    locations[id] = rule.location
                }
            }
        }
    }

    /// Two lines, one for each direction.
    func text(_ source: EdgeWalk.Place, _ destination: EdgeWalk.Place, _ walk: EdgeWalk) -> String {
        let texts = texts(source, destination, walk)
        return "    outbound: \(texts[0])\n    inbound: \(texts[1])\n"
    }

    /// Of the outbound and of the inbound side.
    func texts(_ source: EdgeWalk.Place, _ destination: EdgeWalk.Place, _ walk: EdgeWalk) -> [String] {
        let reasons = reasons(source, destination, walk)
        return [text(reasons?.egress), text(reasons?.ingress)]
    }

    /// The fields `egress` and `ingress` of an object, with a comma before them.
    func json(_ source: EdgeWalk.Place, _ destination: EdgeWalk.Place, _ walk: EdgeWalk) -> String {
        let reasons = reasons(source, destination, walk)
        return ",\"egress\":\(json(reasons?.egress)),\"ingress\":\(json(reasons?.ingress))"
    }

    private func reasons(_ source: EdgeWalk.Place, _ destination: EdgeWalk.Place, _ walk: EdgeWalk) -> PairReasons? {
        var all: PairReasons?
        for one in walk.parties(source) {
            for other in walk.parties(destination) where one != other {
                let parties = map.table.parties
                let found = map.resolved.reasons(from: parties[one], to: parties[other])
                if all == nil { all = found }
                all?.egress.add(found.egress)
                all?.ingress.add(found.ingress)
            }
        }
        return all
    }

    private func text(_ side: PairReasons.SideReasons?) -> String {
        guard let side else { return "not restricted" }
        let rules = side.rules.map { "\(Escaped.plain($0.description))\(place($0).map { " (\($0))" } ?? "")" }
        if !rules.isEmpty { return rules.joined(separator: ", ") }
        guard !side.isolating.isEmpty else { return "not restricted" }
        return "isolated by " + side.isolating.map { Escaped.plain($0.description) }.joined(separator: ", ")
    }

    private func json(_ side: PairReasons.SideReasons?) -> String {
        guard let side else { return "null" }
        let rules = side.rules.map { rule in
            let place = place(rule).map { ",\"at\":\(Escaped.json($0))" } ?? ""
            return "{\"rule\":\(Escaped.json(rule.description))\(place)}"
        }
        let isolating = side.isolating.map { Escaped.json($0.description) }
        return "{\"rules\":[\(rules.joined(separator: ","))],\"isolatedBy\":[\(isolating.joined(separator: ","))]}"
    }

    private func place(_ rule: RuleID) -> String? {
        locations[rule].map { Escaped.plain($0.description) }
    }
}

extension PairReasons.SideReasons {
    fileprivate mutating func add(_ other: Self) {
        rules = Set(rules + other.rules).sorted()
        isolating = Set(isolating + other.isolating).sorted()
    }
}
