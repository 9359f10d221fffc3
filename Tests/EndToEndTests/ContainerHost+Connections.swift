// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import NetworkPrimitives
import TestSupport

/// Connections that outlive the container that opened them.
extension ContainerHost {
    /// Lets a container open a connection in each family and keep it.
    func hold(_ source: SampleContainer, to destination: SampleContainer) throws {
        let connections = IPAddress.Family.allCases.map {
            "sleep 600 | nc \(destination.address($0)) \(SampleContainer.port)"
        }
        try podman.run(["exec", "-d", source.name, "sh", "-c", connections.joined(separator: " & ")])
    }

    /// Takes a container's network away, so that nobody hears of the end of its connections.
    func cut(_ container: SampleContainer) throws {
        try changeNetwork(of: container, ["link", "set", "eth0", "down"])
    }

    /// Lets a container ask anew who has which address, as it would by itself after some seconds.
    ///
    /// Until then it sends to the former owner of an address, and nobody would take that.
    func forgetNeighbours(of container: SampleContainer) throws {
        try changeNetwork(of: container, ["neighbour", "flush", "dev", "eth0"])
    }

    private func changeNetwork(of container: SampleContainer, _ change: [String]) throws {
        let key = try podman.run(["inspect", "--format", "{{.NetworkSettings.SandboxKey}}", container.name])
        let namespace = key.trimmingCharacters(in: .whitespacesAndNewlines)
        try Machine.run("nsenter", ["--net=\(namespace)", "ip"] + change)
    }

    /// The families in which the kernel remembers a connection from the container's fixed port.
    /// - Parameter state: as the kernel writes it: `ESTABLISHED`, `TIME_WAIT`.
    func trackedFamilies(_ state: String, from container: SampleContainer) throws -> Set<IPAddress.Family> {
        let table = try Machine.run("nsenter", ["--net=\(room.path)", "cat", "/proc/net/nf_conntrack"])
        let ports = "sport=\(SampleContainer.fixedPort) dport=\(SampleContainer.port)"
        let lines = table.split(separator: "\n").filter { $0.contains(" \(state) ") && $0.contains(ports) }
        return Set(lines.map { $0.hasPrefix("ipv4 ") ? .v4 : .v6 })
    }

    /// The families in which a server still takes the connection from the container's fixed port for open.
    ///
    /// Whoever repeats that connection and gets through makes the server give it up.
    func familiesHeld(by server: SampleContainer, from container: SampleContainer) throws -> Set<IPAddress.Family> {
        let sockets = try podman.execute(["busybox", "netstat", "-tn"], in: server.name)
        let open = sockets.split(separator: "\n").filter { $0.contains(" ESTABLISHED") }
        return Set(
            IPAddress.Family.allCases.filter { family in
                open.contains { $0.contains("\(container.address(family)):\(SampleContainer.fixedPort) ") }
            }
        )
    }

    /// What a container has written, once it is some lines.
    func output(of container: SampleContainer, lines count: Int) async throws -> String {
        try await eventuallyFind("\(container.name) writes \(count) lines", seconds: 30) {
            let output = try self.podman.run(["logs", container.name])
            return output.split(separator: "\n").count < count ? nil : output
        }
    }
}
