// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import NetworkPrimitives

/// Flows to test with.
public enum FlowSamples {
    /// `shop/web` to `data/db` port 5432, dropped inbound by default deny.
    public static func denied(time: Int64 = 1_000_000) -> Flow {
        Flow(
            time: time,
            verdict: .dropped,
            direction: .ingress,
            source: web,
            destination: database,
            ipProtocol: .tcp,
            sourcePort: 40_000,
            destinationPort: 5432,
            tcpFlags: TCPFlag.syn.rawValue,
            bytes: 60,
            packets: 1,
            decision: Flow.Decision(isolatedBy: ["data/db-deny"], reason: .policyDenied),
            revision: 3
        )
    }

    /// `shop/web` to `data/db` port 5432, allowed by a rule.
    public static func allowed(time: Int64 = 1_000_000) -> Flow {
        var flow = denied(time: time)
        flow.verdict = .allowed
        flow.decision = Flow.Decision(policy: "data/db-allow", rule: "inbound/1", reason: .allowedByRule)
        return flow
    }

    /// `shop/web` to an address outside, port 443, that only policies in audit mode deny.
    public static func wouldDrop(time: Int64 = 1_000_000, to address: IPAddress = IPAddress(v4: 0xcb00_7128)) -> Flow {
        var flow = denied(time: time)
        flow.verdict = .wouldDrop
        flow.direction = .egress
        flow.destination = Flow.Party(kind: .world, address: address)
        flow.destinationPort = 443
        flow.decision = Flow.Decision(isolatedBy: ["shop/egress"], reason: .policyDenied)
        return flow
    }

    public static let web = Flow.Party(
        kind: .endpoint,
        address: IPAddress(v4: 0x0a00_0001),
        namespace: "shop",
        workload: "web",
        name: "web-1",
        labels: ["app=web", "tier=front"]
    )

    public static let database = Flow.Party(
        kind: .endpoint,
        address: IPAddress(v4: 0x0a00_0002),
        namespace: "data",
        workload: "db",
        name: "db-0",
        labels: ["app=db"]
    )
}
