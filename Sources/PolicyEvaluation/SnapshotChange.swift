// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// One thing that is different in the next revision of a snapshot.
public enum SnapshotChange: Hashable, Sendable {
    /// Takes the place of the policy of the same name, or is new.
    case policy(Policy)
    case policyRemoved(PolicyID)
    /// Takes the place of the endpoint of the same id, or is new.
    case endpoint(Endpoint)
}

/// What a change has to find quickly: where things are, and whom a policy can select.
struct ChangeIndex: Sendable {
    var specs: SpecIndex
    var positions: [PolicyID: Int]
    var endpoints: [String: Int]
    var identities: [Identity: Int]
    /// Identities by namespace.
    var byNamespace: [String: [Int]]
    var derived: DerivedLabels

    /// - Complexity: O(policies + endpoints).
    init(_ world: ResolvedSnapshot) {
        let snapshot = world.snapshot
        specs = SpecIndex(snapshot.policies)
        positions = Dictionary(snapshot.policies.enumerated().map { ($1.id, $0) }) { first, _ in first }
        endpoints = Dictionary(snapshot.endpoints.enumerated().map { ($1.id, $0) }) { first, _ in first }
        identities = Dictionary(world.identities.enumerated().map { ($1, $0) }) { first, _ in first }
        byNamespace = Dictionary(grouping: world.identities.indices) { world.identities[$0].namespace }
        derived = DerivedLabels(snapshot)
    }
}
