// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// The chains that judge one side for one group of endpoints: those that the same specs select, with the same named
/// ports where a rule looks at them.
struct SubjectChains {
    /// What makes endpoints share chains.
    struct Key: Hashable {
        var direction: Direction
        var specs: [ResolvedSnapshot.SelectingSpec]
        /// Only where an inbound rule names a port.
        var namedPorts: [NamedPort]
    }

    /// Chain name without the orientation.
    var name: String
    var chains: [String: Chain] = [:]
    var sets: [String: NamedSet] = [:]

    /// What one pass over a list of specs found.
    private struct Tables {
        var isolates = false
        var deny: [RuleTarget: ConnectionSet] = [:]
        var allow: [RuleTarget: ConnectionSet] = [:]
    }

    init(
        name: String,
        key: Key,
        subject: Identity,
        world: ResolvedSnapshot,
        hostClasses: [UInt32],
        rules: inout ResolvedRules
    ) {
        self.name = name
        func tables(_ specs: [ResolvedSnapshot.SelectingSpec], _ rules: inout ResolvedRules) -> Tables {
            var tables = Tables()
            for reference in specs {
                let spec = world.snapshot.policies[reference.policy].specs[reference.spec]
                tables.isolates = tables.isolates || spec.isolates.contains(key.direction)
                for rule in spec.rules where rule.direction == key.direction {
                    if rule.action == .deny {
                        rules.add(rule, subject: subject, to: &tables.deny)
                    } else {
                        rules.add(rule, subject: subject, to: &tables.allow)
                    }
                }
            }
            if key.direction == .ingress, world.snapshot.hostTraffic == .allowed {
                for number in hostClasses { tables.allow[.peerClass(number)] = .all }
            }
            return tables
        }
        let blocking = key.specs.filter { $0.mode == .blocking }
        let enforced = tables(blocking, &rules)
        let complete = blocking.count == key.specs.count ? nil : tables(key.specs, &rules)
        build(enforced: enforced, complete: complete, side: key.direction)
    }

    private mutating func build(enforced: Tables, complete: Tables?, side: Direction) {
        let denyEnforced = stage("d", enforced.deny)
        let allowEnforced = enforced.isolates ? stage("a", enforced.allow) : nil
        let denyComplete = complete.map { stage("e", $0.deny) }
        let allowComplete = complete.flatMap { $0.isolates ? stage("b", $0.allow) : nil }
        for orientation in Orientation.allCases {
            let audit = "\(name)_w\(orientation.rawValue)"
            let next = complete == nil ? "return" : "goto \(audit)"
            var rules = denyEnforced.rules(
                named: "\(name)_d",
                orientation,
                verdict: "goto deny_\(side.suffix)_\(orientation.rawValue)"
            )
            if let allowEnforced {
                rules.append(
                    "meta priority \(PeerClass.text(PeerClass.unknown)) goto deny_\(side.suffix)_\(orientation.rawValue)"
                )
                rules += allowEnforced.rules(named: "\(name)_a", orientation, verdict: next)
                rules.append("goto deny_\(side.suffix)_\(orientation.rawValue)")
            } else if complete != nil {
                rules.append(next)
            }
            chains["\(name)_\(orientation.rawValue)"] = Chain(rules: rules)
            guard let denyComplete else { continue }
            var auditRules = denyComplete.rules(
                named: "\(name)_e",
                orientation,
                verdict: "goto would_\(side.suffix)_\(orientation.rawValue)"
            )
            if let allowComplete {
                auditRules.append(
                    "meta priority \(PeerClass.text(PeerClass.unknown)) goto would_\(side.suffix)_\(orientation.rawValue)"
                )
                auditRules += allowComplete.rules(named: "\(name)_b", orientation, verdict: "return")
                auditRules.append("goto would_\(side.suffix)_\(orientation.rawValue)")
            }
            chains[audit] = Chain(rules: auditRules)
        }
    }

    private mutating func stage(_ letter: String, _ table: [RuleTarget: ConnectionSet]) -> LookupStage {
        let stage = LookupStage(table)
        sets.merge(stage.sets(named: "\(name)_\(letter)")) { first, _ in first }
        return stage
    }
}

extension Direction {
    /// How names of chains tell the sides apart.
    var suffix: String { self == .ingress ? "in" : "eg" }
}
