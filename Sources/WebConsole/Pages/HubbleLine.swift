// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel
import NetworkPrimitives
import PolicyAnalysis

/// A record as `hubble observe -o json` writes it (Cilium, flow.proto).
enum HubbleLine {
    static func text(_ item: FlowItem) -> String {
        let time = item.lastSeen.description
        let addresses = [item.source, item.destination].map { $0.ip?.description ?? "" }
        var flow: [(String, JSONValue)] = [
            ("time", .string(time)), ("verdict", .string(verdict(item.verdict))),
        ]
        if item.verdict == .dropped { flow.append(("drop_reason_desc", .string(item.decision.reason.rawValue))) }
        flow += [
            (
                "IP",
                .object([
                    ("source", .string(addresses[0])), ("destination", .string(addresses[1])),
                    ("ipVersion", .string(addresses[0].contains(":") ? "IPv6" : "IPv4")),
                ])
            ),
            ("l4", layer4(item)), ("source", endpoint(item.source)), ("destination", endpoint(item.destination)),
            ("Type", .string("L3_L4")),
            ("traffic_direction", .string(item.direction == .ingress ? "INGRESS" : "EGRESS")),
        ]
        return JSONValue.object([("flow", .object(flow)), ("time", .string(time))]).text
    }

    private static func verdict(_ verdict: Verdict) -> String {
        switch verdict {
        case .allowed: "FORWARDED"
        case .dropped: "DROPPED"
        case .wouldDrop: "AUDIT"
        }
    }

    private static func layer4(_ item: FlowItem) -> JSONValue {
        let ports = JSONValue.object([
            ("source_port", .number(Int(item.raw?.sourcePort ?? 0))),
            ("destination_port", .number(Int(item.port ?? 0))),
        ])
        let message = JSONValue.object([
            ("type", .number(Int(item.icmpType ?? 0))), ("code", .number(Int(item.raw?.icmpCode ?? 0))),
        ])
        switch item.protocol {
        case "TCP", "UDP", "SCTP": return .object([(item.protocol, ports)])
        case "ICMP": return .object([("ICMPv4", message)])
        case "ICMPv6": return .object([("ICMPv6", message)])
        default: return .object([])
        }
    }

    private static func endpoint(_ party: FlowItem.Party) -> JSONValue {
        switch party.kind {
        case .world, .unknown: return .object([("labels", .array([.string("reserved:world")]))])
        case .host: return .object([("labels", .array([.string("reserved:host")]))])
        case .endpoint:
            var fields: [(String, JSONValue)] = []
            if let namespace = party.namespace { fields.append(("namespace", .string(namespace))) }
            fields.append(("labels", .array(party.labels.map { .string("k8s:\($0)") })))
            if let pod = party.pod { fields.append(("pod_name", .string(pod))) }
            if let workload = party.workload {
                fields.append(("workloads", .array([.object([("name", .string(workload))])])))
            }
            return .object(fields)
        }
    }
}
