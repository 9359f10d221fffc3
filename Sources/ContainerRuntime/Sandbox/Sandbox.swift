// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Netlink
import NetworkPrimitives
public import PolicyModel

/// The sandbox as a source of endpoints.
public struct Sandbox: WorkloadSource {
    private let world: SandboxWorld

    public init(_ world: SandboxWorld) { self.world = world }

    public var name: String { "sandbox" }

    public func inventory() async throws -> WorkloadInventory {
        let plan = world.plan
        let host = try await NetworkAttachments.interfaces(in: world.hostNamespace)
        var inventory = WorkloadInventory(
            endpointSubnets: [plan.v4Subnet, plan.v6Subnet],
            hostAddresses: Set(host.flatMap(\.addresses))
        )
        for member in plan.hosts {
            guard let namespace = member.namespace else { continue }
            inventory.endpoints.append(
                Endpoint(
                    id: plan.endpointID(of: member),
                    namespace: namespace,
                    name: member.name,
                    workload: Endpoint.Workload(name: member.workload, kind: "Container"),
                    labels: member.labels,
                    addresses: [member.v4, member.v6],
                    namedPorts: member.namedPorts
                )
            )
            let inside = try await NetworkAttachments.interfaces(in: plan.networkNamespace(of: member))
            inventory.attachments += NetworkAttachments.match(
                inside,
                with: host,
                endpointID: plan.endpointID(of: member)
            )
        }
        return inventory
    }

    /// Nothing changes in the sandbox by itself; waits for cancellation.
    public func watch(changed: @Sendable () -> Void) async throws {
        let (never, writer) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        // Held until here: the stream would end without it.
        writer.finish()
    }
}
