// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Netlink
import NetworkPrimitives
import NftablesRuleset
import PolicyEvaluation
import PolicyModel

/// What it costs the kernel to judge one packet, with few and with many identity elements.
///
/// Packets of ever new connections between random endpoints are forwarded by a namespace with our rules, which drop them;
/// the sender's thread pays for all of it, so that its CPU time is the cost. Rulesets take turns.
enum PacketCost {
    private static let rounds = 31
    private static let packets = 20_000

    private struct Case {
        var endpoints: Int
        var room: Room
        var costs: [Double] = []
    }

    static func run() async throws {
        let few = BigWorld(namespaces: 50, applications: 2, replicas: 1, policies: 2)
        let many = BigWorld(namespaces: 50, applications: 20, replicas: 100, policies: 20)
        var cases = [
            // Conntrack and a drop: what sending and tracking cost without us, over many addresses and over few.
            Case(endpoints: 100, room: try base("pb")), Case(endpoints: 100, room: try judged("pf", few)),
            Case(endpoints: 100_000, room: try base("pc")), Case(endpoints: 100_000, room: try judged("pm", many)),
        ]
        for round in 0..<rounds {
            for index in cases.indices.shuffled() {
                let endpoints = cases[index].endpoints
                let seconds = try await cases[index].room.client.run {
                    var sender = try PacketSender(seed: UInt64(round * 4 + index + 1))
                    let start = Measured.threadCPU
                    try sender.send(packets, endpoints: endpoints)
                    return Measured.threadCPU - start
                }
                cases[index].costs.append(seconds / Double(packets) * 1e9)
            }
        }
        try check(cases)
        let pairs = zip(cases[1].costs, cases[3].costs).map { $1 / $0 }
        let medians = cases.map(\.costs.median)
        Figure(
            benchmark: "cost per evaluated packet, 100,000 identity elements against 100",
            value: pairs.median,
            unit: "ratio",
            target: "< 1.3 (median of paired rounds)",
            isMet: pairs.median < 1.3,
            runs: rounds,
            more: [
                ("ns_100", medians[1]), ("ns_100000", medians[3]), ("ns_100_without_rules", medians[0]),
                ("ns_100000_without_rules", medians[2]), ("rules_alone_ns_100", medians[1] - medians[0]),
                ("rules_alone_ns_100000", medians[3] - medians[2]),
                ("best_ns_100", cases[1].costs.min() ?? 0), ("best_ns_100000", cases[3].costs.min() ?? 0),
            ]
        ).report()
    }

    /// Every packet must have come to the rule that drops it.
    private static func check(_ cases: [Case]) throws {
        for item in [cases[1], cases[3]] {
            let dropped = try item.room.counter("dropped_in")
            guard dropped >= rounds * packets * 99 / 100 else {
                throw Program.Failure(description: "only \(dropped) of \(rounds * packets) packets were judged")
            }
        }
    }

    private static func base(_ name: String) throws -> Room {
        let room = try Room(name)
        try room.load(
            """
            add table inet palisade
            add chain inet palisade forward { type filter hook forward priority -10; policy accept; }
            add rule inet palisade forward ct state new drop

            """
        )
        return room
    }

    private static func judged(_ name: String, _ world: BigWorld) throws -> Room {
        let room = try Room(name)
        try room.load(world.ruleset().replacingScript())
        return room
    }
}

extension BigWorld {
    /// What the compiler makes of this world; everything is enforced.
    func ruleset() -> Ruleset {
        var compiler = RulesetCompiler()
        return compiler.ruleset(for: ResolvedSnapshot(snapshot()), attachments: [], generation: 1)
    }
}
