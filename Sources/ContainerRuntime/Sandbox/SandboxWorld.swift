// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
public import Netlink
public import NetworkPrimitives
import Subprocess

/// The sandbox, built: network namespaces, links, addresses, servers and traffic.
///
/// Needs CAP_NET_ADMIN over the network namespace it is built in and a writable `/run/netns`; `SandboxLauncher` gives
/// an ordinary user both. Uses the program `ip` (iproute2).
public final class SandboxWorld: Sendable {
    public let plan: SandboxPlan
    /// Where the containers' bridge is: `nil` for the process's own network namespace.
    public let hostNamespace: NetworkNamespace?
    private let traffic: SandboxTraffic

    private init(_ plan: SandboxPlan, in hostNamespace: NetworkNamespace?) throws(SystemError) {
        self.plan = plan
        self.hostNamespace = hostNamespace
        traffic = try SandboxTraffic()
    }

    /// Builds the sandbox; takes some tenths of a second.
    ///
    /// A failure leaves nothing behind.
    ///
    /// - Parameters:
    /// - hostNamespace: the network namespace that plays the host; `nil`: the process's own, which should be private.
    /// - isQuiet: servers only, no traffic.
    public static func build(
        _ plan: SandboxPlan = .standard,
        in hostNamespace: NetworkNamespace? = nil,
        isQuiet: Bool = false
    ) async throws -> SandboxWorld {
        let world = try SandboxWorld(plan, in: hostNamespace)
        do {
            try await world.makeNetwork()
            try await world.traffic.start(plan, quietly: isQuiet)
        } catch {
            // The first error is the one that matters; what could not be removed is gone with the process's namespaces.
            try? await world.remove()
            throw error
        }
        return world
    }

    /// How the traffic fares so far, by `source destination service`.
    public var tallies: [String: SandboxTally] { traffic.tallies }

    /// Stops the traffic and removes the network.
    public func remove() async throws {
        traffic.stop()
        try await IPProgram.run(plan.removeNamespaces, isForced: true)
        try await IPProgram.run("link del \(plan.bridge)\n", in: hostNamespace, isForced: true)
    }

    /// A probe from one of the plan's hosts to another; `nil` when there is no host of such a name.
    ///
    /// The name `host` stands for the host itself.
    public func probe(
        from source: String,
        to destination: String,
        _ service: Service,
        _ family: IPAddress.Family
    ) -> Probe? {
        let from: NetworkNamespace?
        if source == "host" {
            from = hostNamespace
        } else {
            guard let host = plan.host(source) else { return nil }
            from = plan.networkNamespace(of: host)
        }
        if destination == "host" {
            return Probe(from: from, to: (family == .v4 ? plan.v4Subnet : plan.v6Subnet).firstHost, service)
        }
        return plan.host(destination).map { Probe(from: from, to: $0.address(family), service) }
    }

    private func makeNetwork() async throws {
        try await IPProgram.run(plan.makeNamespaces)
        try await prepareHost()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in plan.hosts {
                let namespace = plan.networkNamespace(of: host)
                group.addTask { try await namespace.run { try Self.prepareInside() } }
            }
            try await group.waitForAll()
        }
        try await IPProgram.run(plan.makeHostSide, in: hostNamespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in plan.hosts {
                let namespace = plan.networkNamespace(of: host)
                let script = plan.makeInside(of: host)
                group.addTask { try await IPProgram.run(script, in: namespace) }
            }
            try await group.waitForAll()
        }
    }

    private func prepareHost() async throws {
        let prepare: @Sendable () throws -> Void = {
            try Self.prepareInside()
            try KernelSetting("net/ipv4/ip_forward").ensure("1")
            try KernelSetting("net/ipv6/conf/all/forwarding").ensure("1")
        }
        guard let hostNamespace else { return try prepare() }
        try await hostNamespace.run(prepare)
    }

    private static func prepareInside() throws(SystemError) {
        // Lets the group of the sandbox's processes send echo requests without raw sockets.
        try KernelSetting("net/ipv4/ping_group_range").ensure("0 0")
        // Nobody in the sandbox announces routers; asking for them would only fill the log.
        try KernelSetting("net/ipv6/conf/default/accept_ra").ensure("0")
        try KernelSetting("net/ipv6/conf/default/router_solicitations").ensure("0")
        // Looking for duplicates would make the link-local addresses unusable for a second.
        try KernelSetting("net/ipv6/conf/default/accept_dad").ensure("0")
    }
}

/// The program `ip` of iproute2.
enum IPProgram {
    /// Runs commands in one process, in the network namespace given.
    /// - Parameter isForced: go on after a command that fails.
    static func run(_ script: String, in namespace: NetworkNamespace? = nil, isForced: Bool = false) async throws {
        let options = isForced ? ["-force", "-batch", "-"] : ["-batch", "-"]
        let entering = namespace.map { ["--net=\($0.path)", "ip"] } ?? []
        let result = try await Subprocess.run(
            .name(entering.isEmpty ? "ip" : "nsenter"),
            arguments: Arguments(entering + options),
            input: .string(script),
            output: .discarded,
            error: .string(limit: 64 * 1024)
        )
        guard result.terminationStatus.isSuccess || isForced else {
            throw SandboxError(message: result.standardError)
        }
    }
}

/// The sandbox could not be built.
public struct SandboxError: Error, Hashable, CustomStringConvertible {
    /// What `ip` said.
    public var message: String

    public var description: String {
        let line = message.split(whereSeparator: \.isNewline).prefix(3).joined(separator: " | ")
        return "cannot build the sandbox's network: \(line)"
    }
}
