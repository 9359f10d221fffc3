// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Netlink
import NetworkPrimitives
import PolicyModel

/// Turns what the runtime and the kernel say about containers into an inventory.
///
/// Pure: everything is passed in.
struct InventoryBuilder {
    /// What was read about one container.
    struct Observation {
        var container: DockerAPI.Container
        /// The interfaces in its network namespace; `nil` with the reason when they could not be read.
        var interfaces: Result<[NetworkInterface], UnreadableNamespace>
    }

    struct UnreadableNamespace: Error {
        var reason: String
    }

    var networks: [DockerAPI.Network]
    var hostInterfaces: [NetworkInterface]

    func build(_ observations: [Observation]) -> WorkloadInventory {
        var inventory = WorkloadInventory(
            endpointSubnets: subnets,
            hostAddresses: Set(hostInterfaces.flatMap(\.addresses))
        )
        let names = Dictionary(observations.map { ($0.container.id, Self.name($0.container)) }) { first, _ in first }
        for observation in observations.sorted(by: { $0.container.id < $1.container.id }) {
            let attachments = attachments(observation)
            let reason = unprotectedReason(observation.container, observation.interfaces, attachments, names: names)
            inventory.endpoints.append(endpoint(observation.container, unprotected: reason))
            inventory.attachments += reason == nil ? attachments : []
        }
        return inventory
    }

    /// The address blocks of the networks that are bridges of this host.
    private var subnets: [Prefix] {
        let blocks = networks.filter { $0.driver == "bridge" }.flatMap { $0.addressManagement?.blocks ?? [] }
        return Set(blocks.compactMap { $0.subnet.flatMap { Prefix($0) } }).sorted()
    }

    private func endpoint(_ container: DockerAPI.Container, unprotected reason: String?) -> Endpoint {
        let labels = container.config?.labels ?? [:]
        let name = Self.name(container)
        return Endpoint(
            id: container.id,
            namespace: ContainerNaming.namespace(labels),
            name: name,
            workload: Endpoint.Workload(
                name: ContainerNaming.workload(labels, containerName: name),
                kind: "Container"
            ),
            labels: labels,
            // An address in a shared network namespace belongs to the container that owns the namespace.
            addresses: Self.sharedOwner(container) == nil ? addresses(container) : [],
            namedPorts: ContainerNaming.namedPorts(labels),
            protection: reason.map { .unprotected(reason: $0) } ?? .enforced
        )
    }

    private func addresses(_ container: DockerAPI.Container) -> [IPAddress] {
        let texts = (container.networkSettings?.networks ?? [:]).values.flatMap { [$0.v4, $0.v6] }
        return Set(texts.compactMap { $0.flatMap { IPAddress($0) } }).sorted()
    }

    private func attachments(_ observation: Observation) -> [WorkloadInventory.Attachment] {
        guard case .success(let interfaces) = observation.interfaces else { return [] }
        return NetworkAttachments.match(interfaces, with: hostInterfaces, endpointID: observation.container.id)
    }

    /// Why policies do not reach the container, in one sentence; `nil` when they do.
    private func unprotectedReason(
        _ container: DockerAPI.Container,
        _ interfaces: Result<[NetworkInterface], UnreadableNamespace>,
        _ attachments: [WorkloadInventory.Attachment],
        names: [String: String]
    ) -> String? {
        let mode = container.hostConfig?.networkMode ?? ""
        if let owner = Self.sharedOwner(container) {
            let name = names[owner] ?? names.first { $0.key.hasPrefix(owner) }?.value ?? "another container"
            return "It shares the network of \(name): policies for that container take effect on it."
        }
        switch mode {
        case "host": return "It uses the network of the host itself, so its traffic cannot be told from the host's."
        case "none": return "It has no network, so there is nothing to protect."
        case _ where mode.hasPrefix("slirp4netns") || mode.hasPrefix("pasta"):
            return "It uses rootless user-mode networking, which the kernel sees as traffic of the host."
        default: break
        }
        for (name, attachment) in (container.networkSettings?.networks ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let driver = driver(of: name, attachment), driver != "bridge" else { continue }
            let shown = ContainerNaming.plainName(name)
            return
                "Its network \(shown) has the driver \(ContainerNaming.plainName(driver)), which bypasses the host's firewall."
        }
        if addresses(container).isEmpty { return "It has no address yet." }
        if case .failure(let error) = interfaces { return error.reason }
        guard attachments.isEmpty else { return nil }
        return "Its network interfaces are not connected to this host's network: it is rootless or runs elsewhere."
    }

    /// The id of the container whose network namespace this one shares.
    private static func sharedOwner(_ container: DockerAPI.Container) -> String? {
        let prefix = "container:"
        guard let mode = container.hostConfig?.networkMode, mode.hasPrefix(prefix) else { return nil }
        return String(mode.dropFirst(prefix.count))
    }

    /// The driver of a network; `nil` when the runtime does not list it (Podman lists its network `podman` as `bridge`).
    private func driver(of name: String, _ attachment: DockerAPI.Container.Attachment) -> String? {
        let id = attachment.networkID ?? ""
        return networks.first { $0.name == name || (!id.isEmpty && ($0.id == id || $0.name == id)) }?.driver
    }

    private static func name(_ container: DockerAPI.Container) -> String {
        ContainerNaming.plainName(container.name.hasPrefix("/") ? String(container.name.dropFirst()) : container.name)
    }
}
