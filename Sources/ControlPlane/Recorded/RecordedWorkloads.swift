// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyModel

/// Endpoints that were written down once and do not change: of manifests, or of a demonstration.
public struct RecordedWorkloads: WorkloadSource {
    public let name: String
    private let recorded: WorkloadInventory

    /// - Parameter name: what `status` calls it: `manifests in world`.
    public init(name: String, inventory: WorkloadInventory) {
        self.name = name
        recorded = inventory
    }

    /// The endpoints, namespaces and host addresses of a world that was read from manifests.
    public init(name: String, world: ClusterSnapshot) {
        self.init(
            name: name,
            inventory: WorkloadInventory(
                endpoints: world.endpoints,
                namespaceLabels: world.namespaceLabels,
                endpointSubnets: world.endpointSubnets,
                hostAddresses: world.hostAddresses
            )
        )
    }

    public func inventory() async throws -> WorkloadInventory { recorded }

    /// Nothing ever changes; returns when it is cancelled.
    public func watch(changed: @Sendable () -> Void) async throws {
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}
