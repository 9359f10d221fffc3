// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives
internal import PolicyEvaluation
internal import PolicyFormats
internal import PolicyModel

/// Ports by name that no pod has (V122): inbound among the subject's pods, outbound among the peers'.
///
/// A number is not looked at: what pods listen on need not be written down.
enum PortLint {
    static func remarks(_ world: LintWorld) -> [LintRemark] {
        world.policies.flatMap { _, policy in
            policy.specs.flatMap { spec in spec.rules.flatMap { unopened($0, of: spec, world) } }
        }
    }

    private static func unopened(_ rule: Rule, of spec: PolicySpec, _ world: LintWorld) -> [LintRemark] {
        guard case .anyOf(let ports) = rule.ports else { return [] }
        let named = ports.compactMap { port -> (protocols: [IPProtocol], name: String)? in
            guard case .named(let protocols, let name) = port else { return nil }
            return (protocols, name)
        }
        guard !named.isEmpty else { return [] }
        var identities: [Int] = []
        if rule.direction == .ingress {
            identities = world.identities(spec.subject)
        } else if case .anyOf(let peers) = rule.peers {
            for case .endpoints(let selector) in peers { identities += world.identities(selector) }
        }
        guard !identities.isEmpty else { return [] }
        return named.compactMap { protocols, name in
            let isOpen = identities.contains { identity in
                world.resolved.identities[identity].namedPorts.contains {
                    $0.name == name && protocols.contains($0.ipProtocol)
                }
            }
            return isOpen ? nil : LintRemark(.portNotOpen(name), at: rule.location)
        }
    }
}
