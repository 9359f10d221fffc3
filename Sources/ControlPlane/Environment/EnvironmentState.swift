// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyEvaluation
public import PolicyModel

/// The present world of one environment: the newest inventory, policies and modes, resolved.
///
/// Every change makes a new revision; nothing is ever changed in place.
public actor EnvironmentState {
    private var inventory: WorkloadInventory?
    private var policySet: PolicySet?
    private var modes: ModeSettings
    private let hostTraffic: HostTraffic
    private let now: @Sendable () -> Int64
    private var current: EnvironmentWorld?
    private var revision: UInt64 = 0
    private var judgedSince: Int64 = 0
    private var since: [PolicyID: (policy: Policy, time: Int64)] = [:]
    /// When policies were read for the first time: nothing is known of changes before.
    private var firstRead: Int64?

    public init(modes: ModeSettings, hostTraffic: HostTraffic, now: @escaping @Sendable () -> Int64) {
        self.modes = modes
        self.hostTraffic = hostTraffic
        self.now = now
    }

    /// The world as it is; `nil` before inventory and policies have both been read for the first time.
    public var world: EnvironmentWorld? { current }

    /// Takes a new inventory.
    /// - Returns: the new world, or `nil` when nothing changed or policies have not been read yet.
    public func receive(_ inventory: WorkloadInventory) -> EnvironmentWorld? {
        guard inventory != self.inventory else { return nil }
        self.inventory = inventory
        return rebuild()
    }

    /// Takes new policies.
    /// - Returns: the new world, or `nil` when nothing changed or before the first inventory.
    public func receive(_ policies: PolicySet) -> EnvironmentWorld? {
        guard policies != policySet else { return nil }
        policySet = policies
        let time = now()
        firstRead = firstRead ?? time
        judgedSince = time
        since = Dictionary(
            policies.policies.map { policy in
                let known = since[policy.id].flatMap { $0.policy == policy ? $0.time : nil }
                return (policy.id, (policy, known ?? time))
            }
        ) { first, _ in first }
        return rebuild()
    }

    /// Takes new modes.
    /// - Returns: the new world, or `nil` when nothing can be enforced yet.
    public func receive(_ modes: ModeSettings) -> EnvironmentWorld? {
        judgedSince = now()
        self.modes = modes
        return rebuild()
    }

    /// The modes that are set.
    public var modeSettings: ModeSettings { modes }

    private func rebuild() -> EnvironmentWorld? {
        guard let inventory, let policySet else { return nil }
        revision += 1
        let snapshot = ClusterSnapshot(
            revision: revision,
            endpoints: inventory.endpoints,
            namespaceLabels: inventory.namespaceLabels,
            policies: policySet.policies,
            cidrGroups: policySet.cidrGroups,
            modes: modes,
            hostAddresses: inventory.hostAddresses,
            endpointSubnets: inventory.endpointSubnets,
            hostTraffic: hostTraffic
        )
        let world = EnvironmentWorld(
            enforced: EnforcedWorld(
                resolved: ResolvedSnapshot(snapshot, after: current?.enforced.resolved),
                attachments: inventory.attachments
            ),
            policies: policySet,
            since: since.mapValues(\.time),
            changed: since.compactMapValues { $0.time == firstRead ? nil : $0.time },
            judgedSince: judgedSince
        )
        current = world
        return world
    }
}

/// One revision of an environment, with what is known about its policies.
public struct EnvironmentWorld: Sendable {
    public let enforced: EnforcedWorld
    public let policies: PolicySet
    /// When each policy came into force as it is; microseconds since 1970.
    public let since: [PolicyID: Int64]
    /// Those of them that changed after the process had read policies for the first time.
    ///
    /// What was there then is taken to be as it was before the process started.
    public let changed: [PolicyID: Int64]
    /// When policies or modes last changed, removals included; microseconds since 1970.
    public let judgedSince: Int64
    let facts: WorldFacts

    init(
        enforced: EnforcedWorld,
        policies: PolicySet,
        since: [PolicyID: Int64],
        changed: [PolicyID: Int64],
        judgedSince: Int64
    ) {
        (self.enforced, self.policies) = (enforced, policies)
        (self.since, self.changed, self.judgedSince) = (since, changed, judgedSince)
        facts = WorldFacts(enforced.resolved)
    }

    public var snapshot: ClusterSnapshot { enforced.resolved.snapshot }
    public var revision: UInt64 { enforced.revision }
}
