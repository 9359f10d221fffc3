// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyModel

/// Made-up flows of a big world over a span of time, the same for the same number.
///
/// 5,000 kinds of connections, a few of them most of the traffic, and a tenth of it with 2,000 addresses outside.
struct RecordedFlows {
    let world: BigWorld
    let range: TimeRange
    let count: Int
    private let endpoints: [Flow.Party]

    init(_ world: BigWorld, _ range: TimeRange, count: Int) {
        (self.world, self.range, self.count) = (world, range, count)
        endpoints = world.endpoints.map { endpoint in
            Flow.Party(
                kind: .endpoint,
                address: endpoint.addresses[0],
                namespace: endpoint.namespace,
                workload: endpoint.workload.name,
                name: endpoint.name,
                labels: endpoint.labels.map { "\($0.key)=\($0.value)" }.sorted()
            )
        }
    }

    /// In the order of time.
    func flow(_ index: Int) -> Flow {
        let random = Self.mixed(UInt64(index))
        let share = Double(random & 0xffff) / 65_536
        // Squared, so that small numbers are frequent.
        let kind = UInt64(share * share * 5_000)
        let detail = Self.mixed(kind &+ 0x1234_5678)
        let source = endpoints[Int(detail % UInt64(endpoints.count))]
        var destination = endpoints[Int(detail >> 20 % UInt64(endpoints.count))]
        if kind % 10 == 9 {
            let address = 0xc633_0000 + UInt32(random >> 16 % 4)
            destination = Flow.Party(kind: .world, address: IPAddress(v4: address + UInt32(detail >> 40 % 500)))
        }
        let verdict: Verdict = kind % 20 == 3 ? .dropped : kind % 40 == 5 ? .wouldDrop : .allowed
        let policy = "\(destination.namespace ?? source.namespace ?? "")/policy-\(detail >> 50 % 100)"
        let decision =
            verdict == .allowed
            ? Flow.Decision(policy: policy, rule: "inbound/1", reason: .allowedByRule)
            : Flow.Decision(isolatedBy: [policy], reason: .policyDenied)
        let span = (range.to - range.from) / Int64(count)
        return Flow(
            time: range.from + Int64(index) * span,
            verdict: verdict,
            direction: .ingress,
            source: source,
            destination: destination,
            ipProtocol: .tcp,
            sourcePort: UInt16(truncatingIfNeeded: random >> 32),
            destinationPort: 8080 + UInt16(detail >> 30 % 10),
            bytes: 600,
            packets: 6,
            decision: decision,
            revision: 1
        )
    }

    /// SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
