// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport
import Testing

/// Connection sets say of every connection what the decision about it says.
struct ConnectionPropertyTests {
    private static let worlds = 150

    /// What the worlds are: hosts, hosts' policies with more about requests, or clusters with every kind of policy.
    enum Worlds: CaseIterable {
        case layer4, layer7, clusters
    }

    @Test(arguments: Worlds.allCases)
    func setsAgreeWithDecisions(_ worlds: Worlds) throws {
        var seen: [Decision.Answer: Int] = [:]
        var limited = 0
        for seed in 0..<UInt64(Self.worlds) {
            var generator = WorldGenerator(seed: 50_000 + seed)
            var random = generator.world(isCluster: worlds == .clusters)
            // Then the answer itself is the one by all policies.
            if worlds == .clusters {
                for policy in random.policies { random.policyModes[Oracle.label(of: policy)] = .blocking }
                random.environmentMode = .blocking
            }
            let world = Self.resolved(random, worlds)
            let engine = EngineAnswer(world)
            let questions =
                worlds == .clusters
                ? generator.clusterQuestions(120, about: random) : generator.questions(60, about: random)
            for question in questions {
                let source = engine.party(question.source, question.sourceName)
                let destination = engine.party(question.destination, question.destinationName)
                let decision = world.decision(
                    for: Connection(source: source, destination: destination, service: question.service)
                )
                let sets = world.connections(from: source, to: destination)
                let all = Self.answer(sets, question.service)
                let expected = worlds == .clusters ? decision.answer : Self.complete(decision)
                seen[expected, default: 0] += 1
                limited += decision.isLimited ? 1 : 0
                try #require(all == expected, "seed \(seed): \(question) \(decision) \(sets)")
                let isLimited = sets.limited.contains(question.service)
                let decided = expected == .allowed && Self.isLimited(decision)
                try #require(isLimited == decided, "seed \(seed): \(question) \(decision) \(sets)")
            }
        }
        #expect(seen[.allowed, default: 0] > 500 && seen[.dropped, default: 0] > 500)
        if worlds != .layer4 {
            #expect(seen[.uncertain, default: 0] > 50 && limited > 20, "\(seen), \(limited) limited")
        }
    }

    private static func resolved(_ random: RandomWorld, _ worlds: Worlds) -> ResolvedSnapshot {
        let decoded = DecodedWorld(random, random: SeededRandom(seed: 1))
        var snapshot = random.snapshot(policies: decoded.policies, groups: decoded.groups)
        if worlds != .clusters { snapshot.reach = worlds == .layer4 ? .layer4 : .layer7 }
        if worlds == .layer7 { snapshot.policies = snapshot.policies.map(withRequests) }
        return ResolvedSnapshot(snapshot)
    }

    /// The policy with conditions and DNS names in some of its rules, which the generator of manifests makes rarely.
    private static func withRequests(_ policy: Policy) -> Policy {
        var policy = policy
        var random = SeededRandom(seed: UInt64(policy.location.line) &* 31 &+ UInt64(policy.specs.count))
        for spec in policy.specs.indices {
            for rule in policy.specs[spec].rules.indices where policy.specs[spec].rules[rule].action == .allow {
                if random.chance(35) {
                    policy.specs[spec].rules[rule].conditions.append(
                        random.chance(70) ? .http([HTTPMatch(method: "GET")]) : .authentication("required")
                    )
                }
                if random.chance(25), case .anyOf(let peers) = policy.specs[spec].rules[rule].peers {
                    policy.specs[spec].rules[rule].peers = .anyOf(peers + [.dnsNames([.pattern("*.example.com")])])
                }
            }
        }
        return policy
    }

    private static func answer(_ sets: PairConnections, _ service: Service) -> Decision.Answer {
        if sets.allowed.contains(service) || sets.limited.contains(service) { return .allowed }
        return sets.uncertain.contains(service) ? .uncertain : .dropped
    }

    /// What a decision says when all policies are taken for enforced.
    private static func complete(_ decision: Decision) -> Decision.Answer {
        let sides = [decision.egress, decision.ingress].compactMap { $0?.complete }
        if sides.contains(where: { $0.isDenied && $0.uncertainties.isEmpty }) { return .dropped }
        let isSure = sides.allSatisfy { $0.uncertainties.isEmpty }
        return isSure && !decision.dependsOnNode ? .allowed : .uncertain
    }

    private static func isLimited(_ decision: Decision) -> Bool {
        decision.isLimited || [decision.egress, decision.ingress].contains { $0?.complete.isLimited == true }
    }
}
