// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

extension ResolvedSnapshot {
    /// Takes a change over and works out anew what it touches, nothing else.
    ///
    /// Answers are then those of a snapshot with the change that is resolved from nothing (`SnapshotChangeTests`). The
    /// revision grows by one. Identities that nobody has any more stay until the next whole resolution.
    /// - Complexity: O(identities of the namespaces concerned × subjects there); the first change costs
    ///   O(policies + endpoints) more.
    public mutating func apply(_ change: SnapshotChange) {
        var index = changes ?? ChangeIndex(self)
        // Taken out while it is changed, so that it is not copied.
        changes = nil
        switch change {
        case .policy(let policy):
            put(policy, &index)
            // Positions that host policies refer to may have moved.
            if !hostPolicies.isEmpty || Self.isAboutHosts(policy) { hostPolicies = HostPolicy.all(in: snapshot) }
        case .policyRemoved(let id):
            remove(id, &index)
            if !hostPolicies.isEmpty { hostPolicies = HostPolicy.all(in: snapshot) }
        case .endpoint(let endpoint): put(endpoint, &index)
        }
        snapshot.revision += 1
        changes = index
    }

    private mutating func put(_ policy: Policy, _ index: inout ChangeIndex) {
        var touched: [Selector] = []
        let position: Int
        if let known = index.positions[policy.id] {
            position = known
            touched += Self.subjects(of: snapshot.policies[position])
            index.specs.remove(snapshot.policies[position], at: position)
            snapshot.policies[position] = policy
        } else {
            position = snapshot.policies.count
            index.positions[policy.id] = position
            snapshot.policies.append(policy)
        }
        index.specs.add(policy, at: position)
        select(touched + Self.subjects(of: policy), &index)
    }

    /// The last policy takes the place of the one that goes.
    private mutating func remove(_ id: PolicyID, _ index: inout ChangeIndex) {
        guard let position = index.positions.removeValue(forKey: id) else { return }
        var touched = Self.subjects(of: snapshot.policies[position])
        index.specs.remove(snapshot.policies[position], at: position)
        let last = snapshot.policies.removeLast()
        if position < snapshot.policies.count {
            index.specs.remove(last, at: snapshot.policies.count)
            index.specs.add(last, at: position)
            index.positions[last.id] = position
            snapshot.policies[position] = last
            touched += Self.subjects(of: last)
        }
        select(touched, &index)
    }

    private mutating func put(_ endpoint: Endpoint, _ index: inout ChangeIndex) {
        let identity = Identity(of: endpoint, derived: &index.derived)
        let number: Int
        if let known = index.identities[identity] {
            number = known
        } else {
            number = identities.count
            identities.append(identity)
            selecting.append(index.specs.specs(selecting: identity, snapshot.policies, snapshot.modes))
            index.identities[identity] = number
            index.byNamespace[identity.namespace, default: []].append(number)
        }
        var hasOtherAddresses = true
        if let position = index.endpoints[endpoint.id] {
            let before = snapshot.endpoints[position]
            // Who claims an address that others claim too depends on their identities.
            hasOtherAddresses =
                before.addresses != endpoint.addresses || before.protection != endpoint.protection
                || !contestedAddresses.isEmpty || endpoint.addresses.contains { endpointByAddress[$0] != position }
            snapshot.endpoints[position] = endpoint
            identityOfEndpoint[position] = number
        } else {
            index.endpoints[endpoint.id] = snapshot.endpoints.count
            snapshot.endpoints.append(endpoint)
            identityOfEndpoint.append(number)
        }
        if hasOtherAddresses {
            (endpointByAddress, contestedAddresses) = Self.endpointsByAddress(snapshot, identityOfEndpoint)
        }
    }

    /// Works out anew who selects the identities that one of the subjects can be.
    private mutating func select(_ subjects: [Selector], _ index: inout ChangeIndex) {
        let namespaces = Set(subjects.map { $0.requiredValue(for: WellKnownLabel.namespace) })
        let concerned =
            namespaces.contains(nil)
            ? Array(identities.indices)
            : namespaces.compactMap { $0 }.sorted().flatMap { index.byNamespace[$0] ?? [] }
        index.specs.forgetLists()
        for identity in concerned where subjects.contains(where: { $0.matches(identities[identity].labels) }) {
            selecting[identity] = index.specs.specs(
                selecting: identities[identity],
                snapshot.policies,
                snapshot.modes
            )
        }
    }

    private static func isAboutHosts(_ policy: Policy) -> Bool {
        policy.specs.contains { if case .nodes = $0.subject { true } else { false } }
    }

    private static func subjects(of policy: Policy) -> [Selector] {
        policy.specs.compactMap { if case .endpoints(let selector) = $0.subject { selector } else { nil } }
    }
}
