// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyEvaluation
import PolicyModel
import Synchronization

/// What is worked out of one world when somebody asks for it: once, and kept as long as the world.
///
/// Who asks while it is worked out waits for it.
final class WorldFacts: Sendable {
    private struct Known {
        var coverage: WorkloadCoverage?
        var subjects: [Int]?
        var verdicts: VerdictTable?
        var rules: [PolicyRules]?
        var modes: [String: Mode]?
        var reports: [PolicyReport]?
    }

    private let world: ResolvedSnapshot
    private let known = Mutex(Known())

    init(_ world: ResolvedSnapshot) { self.world = world }

    /// Of all namespaces.
    var coverage: WorkloadCoverage { fact(\.coverage) { WorkloadCoverage($0) } }

    /// By policy: the endpoints that it selects.
    var subjects: [Int] {
        fact(\.subjects) { world in
            let instances = world.identityOfEndpoint.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            var subjects = [Int](repeating: 0, count: world.snapshot.policies.count)
            for (identity, count) in instances {
                for policy in Set(world.selecting[identity].map(\.policy)) { subjects[policy] += count }
            }
            return subjects
        }
    }

    /// Of all policies, as if those in audit mode were enforced.
    var verdicts: VerdictTable { fact(\.verdicts) { VerdictTable($0, by: .all) } }

    /// Of all policies.
    var rules: [PolicyRules] { fact(\.rules) { $0.snapshot.policies.map { PolicyRules($0) } } }

    /// As the policies themselves say, by name.
    var modes: [String: Mode] {
        fact(\.modes) { world in
            world.snapshot.policies.reduce(into: [:]) { $0[$1.id.description] = $1.mode }
        }
    }

    /// - Parameter make: of the same world.
    func reports(_ make: () -> [PolicyReport]) -> [PolicyReport] { fact(\.reports) { _ in make() } }

    private func fact<Fact: Sendable>(
        _ place: WritableKeyPath<Known, Fact?>,
        _ make: (ResolvedSnapshot) -> Fact
    ) -> Fact {
        known.withLock { known in
            if let fact = known[keyPath: place] { return fact }
            let fact = make(world)
            known[keyPath: place] = fact
            return fact
        }
    }
}

/// A policy and its rules as flows name them.
struct PolicyRules {
    let policy: String
    let namespace: String?
    let rules: [String]

    init(_ policy: Policy) {
        self.policy = policy.id.description
        namespace = policy.id.namespace
        rules = policy.specs.enumerated().flatMap { index, spec in
            spec.rules.map { rule in
                RuleID(
                    policy: policy.id,
                    spec: index,
                    direction: rule.direction,
                    action: rule.action,
                    index: rule.index
                ).name
            }
        }
    }
}
