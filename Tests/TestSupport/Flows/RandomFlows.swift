// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
import NetworkPrimitives

/// Random flows in which every field takes every kind of value.
public enum RandomFlows {
    public static func flow(time: Int64, _ random: inout SeededRandom) -> Flow {
        let protocols: [IPProtocol] = [.tcp, .udp, .icmp, .icmpv6, .gre]
        let ports: [UInt16] = [0, 8, 80, 81, 443, 5432, 65_535]
        let reasons = Flow.Reason.allCases
        return Flow(
            time: time,
            verdict: pick(Verdict.allCases, &random),
            direction: pick(Direction.allCases, &random),
            source: party(&random),
            destination: party(&random),
            ipProtocol: pick(protocols, &random),
            sourcePort: UInt16.random(in: 0...(.max), using: &random),
            destinationPort: pick(ports, &random),
            icmpCode: UInt8.random(in: 0...(.max), using: &random),
            tcpFlags: UInt8.random(in: 0...(.max), using: &random),
            bytes: UInt64.random(in: 0...1 << 40, using: &random),
            packets: UInt64.random(in: 0...1 << 20, using: &random),
            duration: Bool.random(using: &random) ? Int64.random(in: 0...1 << 40, using: &random) : nil,
            decision: Flow.Decision(
                policy: Bool.random(using: &random) ? "data/db-allow" : nil,
                rule: Bool.random(using: &random) ? "inbound/1" : nil,
                isolatedBy: Bool.random(using: &random) ? ["data/db-deny", "data/ünïcode\u{1b}[31m"] : [],
                reason: pick(reasons, &random)
            ),
            revision: UInt64.random(in: 0...1 << 40, using: &random),
            agrees: Bool.random(using: &random),
            report: pick(Flow.Report.allCases, &random)
        )
    }

    private static func party(_ random: inout SeededRandom) -> Flow.Party {
        let bits = UInt128(random.next()) << 64 | UInt128(random.next())
        let small = UInt32.random(in: 0x0a00_0000...0x0a00_00ff, using: &random)
        let address = Bool.random(using: &random) ? IPAddress(v4: small) : IPAddress(family: .v6, bits: bits)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return Flow.Party(kind: .world, address: address)
        case 1: return Flow.Party(kind: .host, address: address)
        case 2: return Flow.Party(kind: .unknown, address: address)
        default:
            let name = pick(["web", "api", "'; DROP TABLE flow; --", "\u{1b}]0;x\u{7}"], &random)
            return Flow.Party(
                kind: .endpoint,
                address: address,
                namespace: pick(["shop", "data"], &random),
                workload: name,
                name: name + "-1",
                labels: ["app=\(name)", "tier=x"]
            )
        }
    }

    private static func pick<Item>(_ items: [Item], _ random: inout SeededRandom) -> Item {
        items[Int.random(in: 0..<items.count, using: &random)]
    }
}
