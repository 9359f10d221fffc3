// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
import Netlink
import NetworkPrimitives
import NftablesRuleset
import Synchronization

/// TCP connections per second between two namespaces through a third with 10,000 policies, against the same with connection
/// tracking alone; the two take turns.
enum ConnectRate {
    private static let rounds = 21
    private static let seconds = 0.7
    private static let port: UInt16 = 8080

    static func run() async throws {
        // Ten policies select each of 1,000 applications.
        let world = BigWorld(namespaces: 50, applications: 20, replicas: 1, policies: 200)
        let tracked = try prepare(
            "ra",
            """
            add table inet palisade
            add chain inet palisade forward { type filter hook forward priority -10; policy accept; }
            add rule inet palisade forward ct state invalid drop

            """
        )
        let ruleset = world.ruleset()
        let judged = try prepare("rb", ruleset.replacingScript())
        for room in [tracked, judged] { try await serve(in: room) }
        _ = try await connect(in: tracked)
        _ = try await connect(in: judged)
        var rates: (tracked: [Double], judged: [Double]) = ([], [])
        for round in 0..<rounds {
            // Which one goes first takes turns as well.
            if round % 2 == 0 { rates.tracked.append(try await connect(in: tracked)) }
            rates.judged.append(try await connect(in: judged))
            if round % 2 == 1 { rates.tracked.append(try await connect(in: tracked)) }
        }
        let ratios = zip(rates.tracked, rates.judged).map { $1 / $0 }
        Figure(
            benchmark: "TCP connect rate with 10,000 policies against connection tracking alone",
            value: ratios.median,
            unit: "ratio",
            target: ">= 0.85 (median of paired rounds)",
            isMet: ratios.median >= 0.85,
            runs: rounds,
            more: [
                ("policies", Double(world.namespaces * world.policies)),
                ("sets", Double(ruleset.tables.reduce(0) { $0 + $1.sets.count })),
                ("chains", Double(ruleset.tables.reduce(0) { $0 + $1.chains.count })),
                ("connects_per_second", rates.judged.median),
                ("connects_per_second_tracking_alone", rates.tracked.median),
                ("lowest_ratio", ratios.min() ?? 0), ("highest_ratio", ratios.max() ?? 0),
            ]
        ).report()
    }

    /// The server is the first application, the client is the second, which a policy allows.
    private static let serverAddress = BigWorld.address(0)
    private static let clientAddress = BigWorld.address(1)

    private static func prepare(_ name: String, _ script: String) throws -> Room {
        let room = try Room(name)
        try Program.run("ip", ["-n", "\(name)-s", "addr", "add", "\(serverAddress)/32", "dev", "eth0"])
        try Program.run("ip", ["-n", "\(name)-m", "route", "add", "\(serverAddress)/32", "via", "10.80.0.2"])
        try Program.run("ip", ["-n", "\(name)-c", "addr", "add", "\(clientAddress)/32", "dev", "eth0"])
        try Program.run("ip", ["-n", "\(name)-c", "route", "add", "\(serverAddress)/32", "via", "10.64.0.1"])
        try room.load(script)
        return room
    }

    private static func address(_ address: IPAddress, _ port: UInt16) -> sockaddr_in {
        var result = sockaddr_in()
        result.sin_family = sa_family_t(AF_INET)
        result.sin_port = port.bigEndian
        result.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
        return result
    }

    private static func withAddress<Result>(
        _ address: sockaddr_in,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Accepts and closes until the process ends.
    private static func serve(in room: Room) async throws {
        let listener = try await room.server.run {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard withAddress(address(serverAddress, port), { bind(listener, $0, $1) }) == 0,
                listen(listener, 1024) == 0
            else { throw PacketSender.Failure(code: errno) }
            return listener
        }
        var thread = pthread_t()
        let argument = UnsafeMutableRawPointer(bitPattern: Int(listener))
        pthread_create(
            &thread,
            nil,
            { argument in
                let listener = Int32(Int(bitPattern: argument))
                while true {
                    let connection = accept(listener, nil, nil)
                    if connection >= 0 { close(connection) }
                }
            },
            argument
        )
    }

    /// Connections per second, one after the other, each reset at once so that no state stays behind.
    private static func connect(in room: Room) async throws -> Double {
        try await room.client.run {
            let start = Measured.monotonic
            var count = 0
            var linger = linger(l_onoff: 1, l_linger: 0)
            while Measured.monotonic - start < seconds {
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                defer { close(descriptor) }
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
                guard withAddress(address(clientAddress, 0), { bind(descriptor, $0, $1) }) == 0,
                    withAddress(address(serverAddress, port), { Glibc.connect(descriptor, $0, $1) }) == 0
                else { throw PacketSender.Failure(code: errno) }
                count += 1
            }
            return Double(count) / (Measured.monotonic - start)
        }
    }
}
