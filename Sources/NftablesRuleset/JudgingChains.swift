// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// The chains that every packet of an endpoint passes through: where it enters, how its connection is recognised, which
/// side is asked first, and what is written down at the end.
///
/// ```
/// hook forward -> judge4/6 -> fwd_o4/6 or fwd_r4/6 -> subject chains -> finish
/// hook input   -> jin4/6   -> in_o…                   endpoint to host: the endpoint's egress
/// hook output  -> jout4/6  -> out_o…                  host to endpoint: the endpoint's ingress
/// ```
/// `meta priority` holds the class of the other side while a subject chain runs. A connection that the present
/// generation has judged passes by its mark alone.
struct JudgingChains {
    var generation: UInt32
    /// Whether nothing is enforced anywhere, so that nothing at all may be dropped.
    var isAuditOnly: Bool
    /// Whether connections of unknown endpoints are dropped.
    var closesUnknown: Bool

    static let counters: Set<String> = [
        "dropped_in", "dropped_eg", "would_in", "would_eg", "unknown_in", "unknown_eg", "invalid", "unlogged",
    ]

    var chains: [String: Chain] {
        var result: [String: Chain] = [
            "forward": hook("forward", fields: ["saddr", "daddr"], judge: "judge"),
            "input": hook("input", fields: ["saddr"], judge: "jin"),
            "output": hook("output", fields: ["daddr"], judge: "jout"),
            "invalid": invalid,
        ]
        for orientation in Orientation.allCases {
            result["finish_\(orientation.rawValue)"] = finish(orientation)
            for direction in Direction.allCases {
                for (name, chain) in endings(direction, orientation) {
                    result["\(name)_\(direction.suffix)_\(orientation.rawValue)"] = chain
                }
            }
        }
        for family in IPAddress.Family.allCases {
            result.merge(familyChains(FamilyTerms(family))) { first, _ in first }
        }
        return result
    }

    /// Where subject chains go when they have decided.
    private func endings(_ direction: Direction, _ orientation: Orientation) -> [String: Chain] {
        let side = direction.suffix
        return [
            "deny": Chain(rules: drop("dropped_\(side)", .dropped, direction, orientation)),
            "would": Chain(rules: pass("would_\(side)", .wouldDrop, direction, orientation)),
            "unknown": Chain(
                rules: closesUnknown
                    ? drop("unknown_\(side)", .droppedUnknown, direction, orientation)
                    : pass("unknown_\(side)", .wouldDropUnknown, direction, orientation)
            ),
        ]
    }

    private var stamp: String { "0x\(String(generation << 4, radix: 16))" }

    private func stamp(_ flags: ConnectionFlags) -> String {
        "0x\(String(generation << 4 | flags.rawValue, radix: 16))"
    }

    private func hook(_ name: String, fields: [String], judge: String) -> Chain {
        var rules = ["ct mark & 0xfffffff0 == \(stamp) accept"]
        for family in IPAddress.Family.allCases {
            let terms = FamilyTerms(family)
            // First by hash: while the kernel puts a new ruleset in place, a set of ranges is empty for a moment.
            for field in fields {
                rules.append("\(terms.header) \(field) @known\(terms.digit) goto \(judge)\(terms.digit)")
            }
            for field in fields {
                rules.append("\(terms.header) \(field) @subnets\(terms.digit) goto \(judge)\(terms.digit)")
            }
        }
        // Before the usual filter chains at 0, after connection tracking and destination translation.
        return Chain(hook: .init(name, priority: -10), rules: rules)
    }

    private func familyChains(_ terms: FamilyTerms) -> [String: Chain] {
        let digit = terms.digit
        func entry(_ name: String, local: String? = nil) -> Chain {
            var rules: [String] = []
            if let local { rules.append("fib \(local) type local accept") }
            // Neighbour discovery and multicast listener messages are link-local housekeeping that tracking ignores.
            if digit == "6" { rules.append("icmpv6 type { 130-137, 143 } accept") }
            rules += [
                "ct state invalid goto invalid", "meta l4proto \(terms.icmp) ct state related accept",
                "ct direction reply goto \(name)_r\(digit)", "goto \(name)_o\(digit)",
            ]
            return Chain(rules: rules)
        }
        return [
            "judge\(digit)": entry("fwd"), "jin\(digit)": entry("in", local: "saddr"),
            "jout\(digit)": entry("out", local: "daddr"),
            "fwd_o\(digit)": Chain(rules: forward(terms, .original)),
            "fwd_r\(digit)": Chain(rules: forward(terms, .reply)),
            // Towards the host: first packets are the endpoint's egress, replies belong to the host's own connections.
            "in_o\(digit)": Chain(rules: local(terms, .original, .egress, endpoint: "saddr", host: "daddr")),
            "in_r\(digit)": Chain(rules: local(terms, .reply, .ingress, endpoint: "saddr", host: "daddr")),
            "out_o\(digit)": Chain(rules: local(terms, .original, .ingress, endpoint: "daddr", host: "saddr")),
            "out_r\(digit)": Chain(rules: local(terms, .reply, .egress, endpoint: "daddr", host: "saddr")),
        ]
    }

    /// Both ends are outside the host: the source's egress, then the destination's ingress.
    private func forward(_ terms: FamilyTerms, _ orientation: Orientation) -> [String] {
        let source = orientation == .original ? "saddr" : "daddr"
        let destination = orientation == .original ? "daddr" : "saddr"
        // An endpoint that reaches itself by way of a published port.
        let itself =
            "\(terms.header) saddr . \(terms.header) daddr @self\(terms.digit) goto finish_\(orientation.rawValue)"
        return [forget, itself] + terms.classify(destination)
            + ["meta priority \(PeerClass.text(PeerClass.unknown)) jump unknown_in_\(orientation.rawValue)"]
            + [terms.ask(.egress, of: source, orientation)] + terms.classify(source)
            + ["meta priority \(PeerClass.text(PeerClass.unknown)) jump unknown_eg_\(orientation.rawValue)"]
            + [terms.ask(.ingress, of: destination, orientation), "goto finish_\(orientation.rawValue)"]
    }

    /// One end is the host: only the endpoint's side is asked.
    private func local(
        _ terms: FamilyTerms,
        _ orientation: Orientation,
        _ side: Direction,
        endpoint: String,
        host: String
    ) -> [String] {
        [
            forget, "meta priority set \(PeerClass.text(PeerClass.host))",
            "meta priority set \(terms.header) \(host) map @host\(terms.digit)",
            terms.ask(side, of: endpoint, orientation),
            "\(terms.header) \(endpoint) != @known\(terms.digit) "
                + "jump unknown_\(side.suffix)_\(orientation.rawValue)",
            "goto finish_\(orientation.rawValue)",
        ]
    }

    /// What an earlier judgement noted must not colour this one.
    private var forget: String {
        let flag = ConnectionFlags.wouldDrop.rawValue
        return "ct mark & \(flag) == \(flag) ct mark set ct mark & 0x\(String(~flag, radix: 16))"
    }

    private func finish(_ orientation: Orientation) -> Chain {
        let would = ConnectionFlags.wouldDrop.rawValue
        return Chain(rules: [
            "meta priority set 0:0",
            "ct mark & \(would) == \(would) ct mark set \(stamp([.wouldDrop, .loggedWouldDrop])) accept",
            "ct mark & \(ConnectionFlags.loggedAllowed.rawValue) == 0 \(log(.allowed, nil, orientation))",
            "ct mark set \(stamp(.loggedAllowed))", "accept",
        ])
    }

    private var invalid: Chain {
        isAuditOnly
            ? Chain(rules: ["counter name invalid accept"])
            : Chain(rules: drop("invalid", .droppedInvalid, nil, .original))
    }

    /// Every dropped packet is counted; so many are logged that a flood does not drown the rest, and the others are
    /// counted as not logged.
    private func drop(
        _ counter: String,
        _ outcome: LogPrefix.Outcome,
        _ direction: Direction?,
        _ orientation: Orientation
    ) -> [String] {
        [
            "counter name \(counter)",
            "limit rate over 1000/second burst 2000 packets counter name unlogged drop",
            log(outcome, direction, orientation),
            "drop",
        ]
    }

    /// Once for a connection, not for each packet; the caller goes on.
    private func pass(
        _ counter: String,
        _ outcome: LogPrefix.Outcome,
        _ direction: Direction,
        _ orientation: Orientation
    ) -> [String] {
        let noted = ConnectionFlags([.loggedWouldDrop, .wouldDrop]).rawValue
        let would = ConnectionFlags.wouldDrop.rawValue
        return [
            "counter name \(counter)", "ct mark & \(noted) == 0 \(log(outcome, direction, orientation))",
            "ct mark set ct mark | \(would)",
        ]
    }

    private func log(_ outcome: LogPrefix.Outcome, _ direction: Direction?, _ orientation: Orientation) -> String {
        let prefix = LogPrefix(
            generation: generation,
            outcome: outcome,
            direction: direction,
            isReply: orientation == .reply
        )
        return "log prefix \"\(prefix)\" group \(KernelMarks.logGroup) snaplen 128"
    }
}

/// The words of nft's language that differ between the address families.
struct FamilyTerms {
    var family: IPAddress.Family

    init(_ family: IPAddress.Family) { self.family = family }

    var header: String { family == .v4 ? "ip" : "ip6" }
    var digit: String { family == .v4 ? "4" : "6" }
    var icmp: String { family == .v4 ? "icmp" : "ipv6-icmp" }
    var addressType: String { family == .v4 ? "ipv4_addr" : "ipv6_addr" }

    /// Puts the class of an address into `meta priority`: outside, unless a range or an endpoint says otherwise, or the
    /// address should be an endpoint's and is none's.
    ///
    /// Whether an address is known is asked of a plain set. When a new ruleset replaces a table, the old table's maps are
    /// empty a moment before its chains are gone, and what a map says by being empty would drop what is allowed.
    func classify(_ field: String) -> [String] {
        [
            "meta priority set \(PeerClass.text(PeerClass.world(family)))",
            "meta priority set \(header) \(field) map @cidr\(digit)",
            "meta priority set \(header) \(field) map @id\(digit)",
            "\(header) \(field) @subnets\(digit) \(header) \(field) != @known\(digit) "
                + "meta priority set \(PeerClass.text(PeerClass.unknown))",
        ]
    }

    /// Runs the chains of the endpoint at an address, if policies concern it.
    func ask(_ side: Direction, of field: String, _ orientation: Orientation) -> String {
        "\(header) \(field) vmap @\(side.suffix)\(digit)_\(orientation.rawValue)"
    }
}
