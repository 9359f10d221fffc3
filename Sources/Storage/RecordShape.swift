// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

/// The small fields of a record in one integer.
///
///     bits 0-1 verdict | 2 direction | 3 report | 4 agrees | 8-15 protocol | 16-23 TCP flags | 24-31 ICMP code
struct RecordShape {
    /// The bits that tell verdicts and directions apart.
    static let verdictAndDirection: Int64 = 7

    var bits: Int64

    init(bits: Int64) { self.bits = bits }

    init(_ flow: Flow) {
        bits =
            Self.code(of: flow.verdict) | (flow.direction == .egress ? 4 : 0) | (flow.report == .ended ? 8 : 0)
            | (flow.agrees ? 16 : 0) | Int64(flow.ipProtocol.rawValue) << 8 | Int64(flow.tcpFlags) << 16
            | Int64(flow.icmpCode) << 24
    }

    static func code(of verdict: Verdict) -> Int64 {
        switch verdict {
        case .allowed: 0
        case .dropped: 1
        case .wouldDrop: 2
        }
    }

    var verdict: Verdict { bits & 3 == 0 ? .allowed : bits & 3 == 1 ? .dropped : .wouldDrop }
    var direction: Direction { bits & 4 != 0 ? .egress : .ingress }
    var report: Flow.Report { bits & 8 != 0 ? .ended : .started }
    var agrees: Bool { bits & 16 != 0 }
    var ipProtocol: IPProtocol { IPProtocol(rawValue: UInt8(truncatingIfNeeded: bits >> 8)) }
    var tcpFlags: UInt8 { UInt8(truncatingIfNeeded: bits >> 16) }
    var icmpCode: UInt8 { UInt8(truncatingIfNeeded: bits >> 24) }
}

/// A party without its address, which stands in the record.
struct StoredParty: Hashable, Codable {
    var kind: Flow.Party.Kind
    var namespace: String?
    var workload: String?
    var name: String?
    var labels: [String]

    init(_ party: Flow.Party) {
        kind = party.kind
        namespace = party.namespace
        workload = party.workload
        name = party.name
        labels = party.labels
    }

    func party(at address: IPAddress) -> Flow.Party {
        Flow.Party(
            kind: kind,
            address: address,
            namespace: namespace,
            workload: workload,
            name: name,
            labels: labels
        )
    }
}
