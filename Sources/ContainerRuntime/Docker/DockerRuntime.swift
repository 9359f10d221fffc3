// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Netlink
public import PolicyModel

/// The containers of Docker or Podman, over the Docker-compatible API on a unix socket.
///
/// A container is an endpoint by the rules of `ContainerNaming`. Containers that policies cannot reach are listed as
/// unprotected, with the reason. Reading the whole inventory costs one request per container, eight at a time.
public struct DockerRuntime: WorkloadSource {
    private static let concurrentRequests = 8

    private let client: DockerClient

    public init(_ socket: RuntimeSocket) { client = DockerClient(socket: socket) }

    public var name: String {
        let path = client.socket.path
        return "\(path.contains("podman") ? "podman" : "docker") (\(path))"
    }

    public func inventory() async throws -> WorkloadInventory {
        let summaries = try await client.get("/containers/json", as: [DockerAPI.ContainerSummary].self) ?? []
        let networks = try await client.get("/networks", as: [DockerAPI.Network].self) ?? []
        let observations = try await observe(summaries.map(\.id))
        // Read last, so that the interfaces of every container observed are among them.
        let hostInterfaces = try await NetworkAttachments.interfaces(in: nil)
        return InventoryBuilder(networks: networks, hostInterfaces: hostInterfaces).build(observations)
    }

    public func watch(changed: @Sendable () -> Void) async throws {
        // One pending change says it all.
        let (changes, writer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { writer.finish() }
                try await client.events { writer.yield() }
            }
            group.addTask {
                // What happened before the stream began is not in it, and Podman does not say when it begins: its
                // answer starts with the first event. So changes are assumed once the request has surely arrived.
                for delay in [Duration.milliseconds(200), .seconds(2)] {
                    try await Task.sleep(for: delay)
                    writer.yield()
                }
            }
            for await _ in changes { changed() }
            try await group.waitForAll()
        }
    }

    private func observe(_ ids: [String]) async throws -> [InventoryBuilder.Observation] {
        try await withThrowingTaskGroup(of: InventoryBuilder.Observation?.self) { group in
            var observations: [InventoryBuilder.Observation] = []
            var waiting = ids.makeIterator()
            for _ in 0..<Self.concurrentRequests {
                if let id = waiting.next() { group.addTask { try await observe(id) } }
            }
            while let observation = try await group.next() {
                if let observation { observations.append(observation) }
                if let id = waiting.next() { group.addTask { try await observe(id) } }
            }
            return observations
        }
    }

    /// One container; `nil` when it has gone meanwhile.
    private func observe(_ id: String) async throws -> InventoryBuilder.Observation? {
        // Ids are hexadecimal; anything else would be a part of the request's path.
        guard !id.isEmpty, id.utf8.allSatisfy({ isHexDigit($0) }) else {
            throw RuntimeError.badAnswer(request: "/containers/json", reason: "an id that is not hexadecimal")
        }
        guard let container = try await client.get("/containers/\(id)/json", as: DockerAPI.Container.self),
            container.state?.isRunning != false
        else { return nil }
        return InventoryBuilder.Observation(container: container, interfaces: await interfaces(of: container))
    }

    private func interfaces(
        of container: DockerAPI.Container
    ) async -> Result<[NetworkInterface], InventoryBuilder.UnreadableNamespace> {
        guard container.hostConfig?.networkMode != "host" else { return .success([]) }
        let key = container.networkSettings?.sandboxKey ?? ""
        let path: String
        if key.hasPrefix("/") {
            path = key
        } else if let processID = container.state?.processID, processID > 0 {
            path = "/proc/\(processID)/ns/net"
        } else {
            return .failure(.init(reason: "The runtime does not say where its network namespace is."))
        }
        do {
            return .success(try await NetworkAttachments.interfaces(in: NetworkNamespace(path: path)))
        } catch {
            let detail = (error as? SystemError)?.description ?? "\(error)"
            return .failure(.init(reason: "Its network is not on this host, or cannot be looked into: \(detail)."))
        }
    }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
