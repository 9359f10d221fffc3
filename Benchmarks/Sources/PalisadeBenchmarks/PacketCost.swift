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
        var room: Room
        /// How many endpoints the packets are between.
        var active: Int
        var costs: [Double] = []
    }

    static func run() async throws {
        let few = BigWorld(namespaces: 50, applications: 2, replicas: 1, policies: 2)
        let many = BigWorld(namespaces: 50, applications: 20, replicas: 100, policies: 20)
        let (base, small, large) = (try base("pb"), try judged("pf", few), try judged("pm", many))
        var cases = [
            // Connection tracking and a drop: what sending and tracking cost without us.
            Case(room: base, active: 100), Case(room: small, active: 100), Case(room: large, active: 100),
            // The same between all endpoints, which has its price even without rules.
            Case(room: base, active: 100_000), Case(room: large, active: 100_000),
        ]
        for round in 0..<rounds {
            for index in cases.indices.shuffled() {
                let active = cases[index].active
                let seconds = try await cases[index].room.client.run {
                    var sender = try PacketSender(seed: UInt64(round * 8 + index + 1))
                    let start = Measured.threadCPU
                    try sender.send(packets, endpoints: active)
                    return Measured.threadCPU - start
                }
                cases[index].costs.append(seconds / Double(packets) * 1e9)
            }
        }
        try check(small, rounds * packets)
        try check(large, 2 * rounds * packets)
        let pairs = zip(cases[1].costs, cases[2].costs).map { $1 / $0 }
        let medians = cases.map(\.costs.median)
        Figure(
            benchmark: "cost per evaluated packet, 100,000 identity elements against 100, same traffic",
            value: pairs.median,
            unit: "ratio",
            target: "< 1.3 (median of paired rounds)",
            isMet: pairs.median < 1.3,
            runs: rounds,
            more: [
                ("ns_100", medians[1]), ("ns_100000", medians[2]), ("ns_without_rules", medians[0]),
                ("rules_alone_ns_100", medians[1] - medians[0]), ("rules_alone_ns_100000", medians[2] - medians[0]),
            ]
        ).report()
        let spread = zip(cases[3].costs, cases[4].costs).map { $1 / $0 }
        Figure(
            benchmark: "cost per evaluated packet, 100,000 identity elements all in use, against no rules",
            value: spread.median,
            unit: "ratio",
            runs: rounds,
            more: [
                ("ns", medians[4]), ("ns_without_rules", medians[3]), ("rules_alone_ns", medians[4] - medians[3]),
            ]
        ).report()
    }

    /// Every packet must have come to the rule that drops it.
    private static func check(_ room: Room, _ sent: Int) throws {
        let dropped = try room.counter("dropped_in")
        guard dropped >= sent * 99 / 100 else {
            throw Program.Failure(description: "only \(dropped) of \(sent) packets were judged")
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
