// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import FlowModel
import NetworkPrimitives

extension FlowItem {
    /// Names the row in addresses (`sel=`) and in live updates: the same kind of connection, or the same record, has the
    /// same id.
    public var rowID: String {
        let ends = [source, destination].map {
            "\($0.kind.rawValue)|\($0.namespace ?? "")|\($0.workload ?? "")|\($0.pod ?? "")|\($0.ip?.description ?? "")"
        }
        var parts =
            ends + [
                self.protocol, port.map { "\($0)" } ?? "", icmpType.map { "\($0)" } ?? "", verdict.rawValue,
                direction.rawValue, decision.policy ?? "", decision.rule ?? "", decision.reason.rawValue,
            ]
        parts += decision.isolatedBy
        if let raw { parts += ["\(raw.time)", "\(raw.sourcePort)", raw.report.rawValue] }
        return "\(Fingerprint(parts.joined(separator: "\u{1F}").utf8))"
    }

    /// `TCP 5432`, `ICMP type 8`, `protocol 89`.
    var portText: String {
        if let port { return "\(self.protocol) \(port)" }
        if let icmpType { return "\(self.protocol) type \(icmpType)" }
        return self.protocol
    }

    /// Terms of the filter that find this port.
    var portTerms: [String] {
        var terms = [FilterText.term("proto", self.protocol.lowercased())]
        if let port { terms.append("port:\(port)") }
        if let icmpType { terms.append("icmp:\(icmpType)") }
        return terms
    }
}

extension FlowItem.Party {
    /// `shop/web`, `host`, `203.0.113.7`.
    var title: String {
        switch kind {
        case .endpoint: [namespace, workload ?? pod].compactMap { $0 }.joined(separator: "/")
        case .host: "host"
        case .world, .unknown: ip?.description ?? (kind == .world ? "world" : "unknown")
        }
    }

    /// The term of the filter that finds this party on a side, `to.workload:data/db`.
    func term(_ side: String) -> String {
        switch kind {
        case .endpoint: FilterText.term("\(side).workload", title)
        case .host: "\(side).entity:host"
        case .world, .unknown: ip.map { "\(side).ip:\($0)" } ?? "\(side).entity:\(kind.rawValue)"
        }
    }
}

extension FlowItem.Decision {
    /// `shop/allow-web inbound/1`, `no rule; isolated by data/db-deny`.
    var text: String {
        if let policy { return [policy, rule].compactMap { $0 }.joined(separator: " ") }
        switch reason {
        case .policyDenied:
            let names = isolatedBy.prefix(2).joined(separator: ", ")
            let more = isolatedBy.count > 2 ? " and \(isolatedBy.count - 2) more" : ""
            return isolatedBy.isEmpty ? "no rule" : "no rule; isolated by \(names)\(more)"
        case .notIsolated: return "no policy"
        case .hostTraffic: return "host traffic"
        default: return reasonText
        }
    }

    /// `No rule allows it`.
    var reasonText: String { ReasonText.phrase(reason) }
}

/// Reasons in words.
enum ReasonText {
    static func phrase(_ reason: Flow.Reason) -> String {
        switch reason {
        case .allowedByRule: "A rule allows it"
        case .notIsolated: "No policy restricts either end"
        case .hostTraffic: "From the host to its own container"
        case .policyDenied: "No rule allows it"
        case .policyDeny: "A rule denies it"
        case .unknownEndpoint: "An address that no container has"
        case .invalidSource: "A source address of somebody else"
        case .invalidPacket: "Part of no known connection"
        }
    }
}
