// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import NetworkPrimitives
import PolicyEvaluation
import PolicyModel

/// Which policies reach each workload of a world, and where they isolate it.
struct WorkloadCoverage {
    struct Item {
        var namespace: String
        var workload: String
        /// Whether every instance is isolated.
        var inbound: Bool
        var outbound: Bool
        var policies: Set<PolicyID>
        /// Of the first instance that policies do not reach.
        var unprotected: String?
    }

    /// Sorted by namespace and workload.
    let items: [Item]

    /// Of all namespaces.
    /// - Complexity: O(endpoints + specs that select their identities).
    init(_ world: ResolvedSnapshot) {
        let identities = world.selecting.map { references in
            references.reduce(into: (directions: Set<Direction>(), policies: Set<PolicyID>())) { result, reference in
                let policy = world.snapshot.policies[reference.policy]
                result.directions.formUnion(policy.specs[reference.spec].isolates)
                result.policies.insert(policy.id)
            }
        }
        var found: [Name: Item] = [:]
        for (index, endpoint) in world.snapshot.endpoints.enumerated() {
            let name = Name(namespace: endpoint.namespace, workload: endpoint.workload.name)
            let (directions, policies) = identities[world.identityOfEndpoint[index]]
            var reason: String?
            if case .unprotected(let text) = endpoint.protection { reason = text }
            var item =
                found[name]
                ?? Item(
                    namespace: name.namespace,
                    workload: name.workload,
                    inbound: true,
                    outbound: true,
                    policies: []
                )
            // An instance that policies do not reach is not isolated, whatever selects it.
            item.inbound = item.inbound && directions.contains(.ingress) && reason == nil
            item.outbound = item.outbound && directions.contains(.egress) && reason == nil
            item.policies.formUnion(policies)
            item.unprotected = item.unprotected ?? reason
            found[name] = item
        }
        items = found.values.sorted { ($0.namespace, $0.workload) < ($1.namespace, $1.workload) }
    }

    /// What of it a reader sees; nothing before anything was read.
    init(_ all: WorkloadCoverage?, _ view: NamespaceView) {
        let items = all?.items ?? []
        self.items = view == .all ? items : items.filter { view.contains($0.namespace) }
    }

    private struct Name: Hashable {
        var namespace: String
        var workload: String
    }
}

extension WorkloadCoverage.Item {
    /// The names of its policies that are told, sorted.
    func policyNames(_ view: NamespaceView) -> [String] {
        policies.filter { view.contains($0.namespace) }.sorted().map(\.description)
    }
}

extension CoverageReport {
    init(environment: String, _ coverage: WorkloadCoverage, _ view: NamespaceView) {
        self.init(
            environment: environment,
            items: coverage.items.map { item in
                Item(
                    namespace: item.namespace,
                    workload: item.workload,
                    inbound: item.inbound,
                    outbound: item.outbound,
                    policies: item.policyNames(view),
                    unprotected: item.unprotected
                )
            }
        )
    }
}

extension OverviewReport.CoverageCounts {
    init(_ coverage: WorkloadCoverage) {
        let items = coverage.items
        self.init(
            workloads: items.count,
            both: items.count { $0.inbound && $0.outbound },
            inboundOnly: items.count { $0.inbound && !$0.outbound },
            outboundOnly: items.count { !$0.inbound && $0.outbound },
            none: items.count { !$0.inbound && !$0.outbound },
            unprotected: items.count { $0.unprotected != nil }
        )
    }
}
