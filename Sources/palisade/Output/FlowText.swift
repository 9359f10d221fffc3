// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives

/// The words for flows in tables and live lines.
enum FlowText {
    /// `shop/web`, `world(203.0.113.7)`, `host`.
    static func workload(_ party: FlowItem.Party) -> String {
        name(party, party.workload)
    }

    /// `shop/web-6c9f4`: the container where it is known.
    static func container(_ party: FlowItem.Party) -> String {
        name(party, party.pod ?? party.workload)
    }

    private static func name(_ party: FlowItem.Party, _ name: String?) -> String {
        switch party.kind {
        case .endpoint: return "\(party.namespace ?? "<none>")/\(name ?? "<unknown>")"
        case .host: return "host"
        case .world: return party.ip.map { "world(\($0))" } ?? "world"
        case .unknown: return party.ip.map { "unknown(\($0))" } ?? (party.workload ?? "unknown")
        }
    }

    /// `5432/TCP`, `type 8/ICMP`.
    static func port(_ item: FlowItem) -> String {
        if let port = item.port { return "\(port)/\(item.protocol)" }
        if let type = item.icmpType { return "type \(type)/\(item.protocol)" }
        return item.protocol
    }

    static func verdict(_ verdict: Verdict) -> String {
        verdict == .wouldDrop ? "WOULD-DROP" : verdict.rawValue
    }

    /// `data/db-allow inbound/1`, `no rule; isolated by data/db-deny`.
    static func decidedBy(_ decision: FlowItem.Decision, separator: String = "; ", end: String = "") -> String {
        if let policy = decision.policy { return policy + (decision.rule.map { " \($0)" } ?? "") }
        switch decision.reason {
        case .policyDenied, .policyDeny:
            let isolating = decision.isolatedBy.joined(separator: ", ")
            return isolating.isEmpty ? "no rule" : "no rule\(separator)isolated by \(isolating)\(end)"
        case .allowedByRule: return "a rule"
        case .notIsolated: return "not isolated"
        case .hostTraffic: return "host traffic"
        case .unknownEndpoint: return "unknown endpoint"
        case .invalidSource: return "invalid source address"
        case .invalidPacket: return "invalid packet"
        }
    }

    /// One line of `flows -f`.
    static func liveLine(_ item: FlowItem, isColored: Bool = false) -> String {
        let verdict = verdict(item.verdict)
        let time = TimeExpression.clock(item.raw?.time ?? item.lastSeen, milliseconds: true)
        let shown = isColored ? VerdictColor.painted(verdict) : verdict
        let padded = shown + String(repeating: " ", count: max(0, 10 - verdict.count))
        let direction = item.direction == .ingress ? "IN " : "OUT"
        let target = item.port == nil ? "" : ":\(port(item))"
        let suffix = item.port == nil ? " \(port(item))" : ""
        let decided = decidedBy(item.decision, separator: " (", end: ")")
        let ended = item.raw?.report == .ended ? "  ended: \(item.packets) packets, \(item.bytes) bytes" : ""
        let line =
            "\(direction)  \(container(item.source)) -> \(container(item.destination))\(target)\(suffix)  \(decided)\(ended)"
        return "\(time) \(padded) " + Escaping.terminal(line)
            + (item.raw?.agrees == false ? "  (kernel and engine disagree)" : "")
    }

    static func table(_ items: [FlowItem], wide: Bool) -> Table {
        var headers = ["LAST-SEEN", "SOURCE", "DESTINATION", "PORT", "VERDICT", "COUNT", "DECIDED-BY"]
        if wide { headers += ["DIRECTION", "FIRST-SEEN", "PACKETS", "BYTES", "REASON"] }
        let rows = items.map { item -> [String] in
            var row = [
                TimeExpression.clock(item.lastSeen), workload(item.source), workload(item.destination), port(item),
                verdict(item.verdict), String(item.count), decidedBy(item.decision),
            ]
            if wide {
                row += [
                    item.direction == .ingress ? "in" : "out", TimeExpression.full(item.firstSeen),
                    String(item.packets), String(item.bytes), item.decision.reason.rawValue,
                ]
            }
            return row
        }
        return Table(headers: headers, rows: rows)
    }
}
