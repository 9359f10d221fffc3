// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyModel

/// The table that keeps endpoints from sending with somebody else's address.
///
/// A known endpoint's port may send with the endpoint's own MAC and addresses only; and nobody else may send with a known
/// endpoint's addresses. Stateless, on the bridge, before anything else looks at the frame.
struct GuardTable {
    /// As `sets(for:)` makes them.
    var sets: [String: NamedSet]
    var generation: UInt32
    var isAuditOnly: Bool

    var table: Table {
        Table(
            family: .bridge,
            sets: sets,
            chains: ["prerouting": entry, "guard": guardChain, "spoofed": spoofed],
            counters: ["spoofed", "unlogged"]
        )
    }

    /// Which port may send with which addresses, and which addresses are somebody's.
    static func sets(for attachments: [WorkloadInventory.Attachment]) -> [String: NamedSet] {
        let valid = attachments.filter { isInterfaceName($0.hostInterface) && isMAC($0.macAddress) }
        var bound: [IPAddress.Family: [String: String]] = [:]
        var addresses: [IPAddress.Family: [String: String]] = [:]
        for attachment in valid {
            for address in attachment.addresses where !address.isLinkLocal {
                bound[address.family, default: [:]][
                    "\"\(attachment.hostInterface)\" . \(attachment.macAddress) . \(address)"
                ] = ""
                addresses[address.family, default: [:]]["\(address)"] = ""
            }
        }
        let ports = Dictionary(valid.map { ("\"\($0.hostInterface)\"", "") }) { first, _ in first }
        return [
            "ports": NamedSet(key: ["ifname"], elements: ports),
            "bound4": NamedSet(key: ["ifname", "ether_addr", "ipv4_addr"], elements: bound[.v4] ?? [:]),
            "bound6": NamedSet(key: ["ifname", "ether_addr", "ipv6_addr"], elements: bound[.v6] ?? [:]),
            "taken4": NamedSet(key: ["ipv4_addr"], elements: addresses[.v4] ?? [:]),
            "taken6": NamedSet(key: ["ipv6_addr"], elements: addresses[.v6] ?? [:]),
        ]
    }

    private var entry: Chain {
        Chain(
            hook: .init("prerouting", priority: -300),
            rules: [
                "iifname @ports goto guard", "ether type ip ip saddr @taken4 goto spoofed",
                "ether type arp arp saddr ip @taken4 goto spoofed", "ether type ip6 ip6 saddr @taken6 goto spoofed",
            ]
        )
    }

    private var guardChain: Chain {
        Chain(rules: [
            "ether type ip iifname . ether saddr . ip saddr @bound4 accept",
            "ether type ip6 iifname . ether saddr . ip6 saddr @bound6 accept",
            "ether type arp iifname . ether saddr . arp saddr ip @bound4 accept",
            // Neighbour discovery and multicast listener reports, but neither router advertisements nor redirects.
            "ether type ip6 ip6 saddr fe80::/10 icmpv6 type { 131, 132, 133, 135, 136, 143 } accept",
            "ether type ip6 ip6 saddr :: icmpv6 type { 131, 135, 143 } accept", "goto spoofed",
        ])
    }

    private var spoofed: Chain {
        let outcome: LogPrefix.Outcome = isAuditOnly ? .wouldDropSpoofed : .droppedSpoofed
        let prefix = LogPrefix(generation: generation, outcome: outcome, direction: .egress)
        let end = isAuditOnly ? "accept" : "drop"
        return Chain(rules: [
            "counter name spoofed", "limit rate over 100/second burst 200 packets counter name unlogged \(end)",
            // Other frames have no addresses to tell about.
            "ether type { ip, ip6 } log prefix \"\(prefix)\" group \(KernelMarks.logGroup) snaplen 128", end,
        ])
    }

    /// Names come from the runtime; what is not a plain name never reaches a script.
    private static func isInterfaceName(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }

    private static func isMAC(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts.allSatisfy { $0.utf8.count == 2 && UInt8($0, radix: 16) != nil }
    }
}
