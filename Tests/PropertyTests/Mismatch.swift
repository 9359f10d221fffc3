// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import TestSupport

/// A question on which two readings differ, made as small as it can be while they still differ.
struct Mismatch {
    /// Two answers in words; equal answers are no mismatch.
    typealias Comparison = @Sendable (RandomWorld, RandomQuestion) -> (expected: String, found: String)?

    var seed: UInt64
    var world: RandomWorld
    var question: RandomQuestion
    var differs: Comparison

    /// The text of a failure: seed, the smallest manifests found, the question, both answers.
    var description: String {
        let small = smallest()
        var writer = ManifestText(random: SeededRandom(seed: 1))
        let manifests = (small.groups + small.policies).map { writer.json($0) }
        let answers = differs(small, question)
        return """
            seed \(seed) (repeat with PALISADE_SEED)
            question: \(question)
            expected: \(answers?.expected ?? "?")
            found:    \(answers?.found ?? "?")
            environment \(small.environmentMode), namespaces \(small.namespaceModes), policies \(small.policyModes), \
            host traffic \(small.isHostTrafficEnforced ? "enforced" : "allowed")
            \(small.reach), \(small.semantics), blocks \(small.cidrModes), nodes \(small.nodes), services \(small.services)
            namespaces: \(small.namespaces)
            workloads: \(small.workloads.map { "\($0.namespace) \($0.labels) \($0.addresses) \($0.ports)" })
            \(manifests.joined(separator: "\n"))
            """
    }

    private func smallest() -> RandomWorld {
        var best = world
        var isShrinking = true
        var budget = 3000
        while isShrinking, budget > 0 {
            isShrinking = false
            for candidate in candidates(best) {
                budget -= 1
                guard budget > 0 else { break }
                if differs(candidate, question) != nil {
                    best = candidate
                    isShrinking = true
                    break
                }
            }
        }
        return best
    }

    private func candidates(_ world: RandomWorld) -> [RandomWorld] {
        var result: [RandomWorld] = []
        func add(_ change: (inout RandomWorld) -> Void) {
            var copy = world
            change(&copy)
            result.append(copy)
        }
        for index in world.policies.indices { add { $0.policies.remove(at: index) } }
        for index in world.groups.indices { add { $0.groups.remove(at: index) } }
        for index in world.workloads.indices { add { $0.workloads.remove(at: index) } }
        for index in world.nodes.indices { add { $0.nodes.remove(at: index) } }
        for index in world.services.indices { add { $0.services.remove(at: index) } }
        if !world.policyModes.isEmpty { add { $0.policyModes = [:] } }
        if !world.namespaceModes.isEmpty { add { $0.namespaceModes = [:] } }
        if !world.namespaces.isEmpty { add { $0.namespaces = [:] } }
        for index in world.policies.indices {
            for smaller in world.policies[index].reductions { add { $0.policies[index] = smaller } }
        }
        return result
    }
}
