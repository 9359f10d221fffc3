// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// Recorded connections of a range, with what the answer has to say about them.
struct RecordedRange {
    var traffic: RecordedTraffic
    var isComplete: Bool
    var lost: UInt64
}

extension HostEnvironment {
    /// Kinds of connections that memory is reserved for, at most; what is not used is not touched.
    private static let mostReserved = 100_000

    func recorded(_ range: TimeRange) async throws -> RecordedRange {
        let query = FlowQuery(range: range, window: .whole)
        let empty = RecordedTraffic(minimumCapacity: min(try await parts.store.kinds(), Self.mostReserved))
        let traffic = try await parts.store.fold(query, into: empty) { traffic, _, key, count in
            traffic.add(key, count)
        }
        let losses = try await parts.store.losses(in: range)
        return RecordedRange(
            traffic: traffic,
            isComplete: losses.isEmpty && traffic.ignored == 0,
            lost: losses.reduce(0) { $0 + $1.count }
        )
    }
}

extension DraftCheck.Impact {
    /// Rows in one answer at most.
    static let largestCount = 200

    /// `nil` when the draft has errors.
    init?(_ review: DraftReview, _ recorded: RecordedRange, _ range: TimeRange) {
        guard let replay = review.replay else { return nil }
        connections = [:]
        kinds = [:]
        for (outcome, total) in replay.totals {
            connections[Class(outcome).rawValue] = total.flows
            kinds[Class(outcome).rawValue] = total.connections
        }
        rows = review.rows(limit: Self.largestCount).map { row in
            Row(
                source: Self.name(row.connection.source),
                destination: Self.name(row.connection.destination),
                connection: "\(row.connection.ipProtocol) \(row.connection.port)",
                connections: row.count.flows,
                packets: row.count.packets,
                lastSeen: Timestamp(microseconds: row.count.lastSeen ?? range.to),
                result: Class(row.outcome),
                before: Self.text(row.before),
                after: Self.text(row.after),
                doubts: row.doubts.map(\.sentence),
                allow: row.outcome == .newlyDropped ? review.allowing(row.connection) : []
            )
        }
        omitted = replay.connectionCount - rows.count
        self.range = FlowPage.Range(range)
        flows = recorded.traffic.flows
        distinct = replay.connectionCount
        complete = recorded.isComplete
        lost = recorded.lost
    }

    private static func text(_ judged: ImpactReplay.Judged?) -> String {
        guard let judged else { return "Not known" }
        let verdict = judged.isAllowed ? "Allowed" : "Dropped"
        guard case .rules = judged.basis else { return "\(verdict): \(judged.decidedBy)" }
        return "\(verdict) by \(judged.decidedBy)"
    }

    private static func name(_ party: RecordedConnection.Party) -> String {
        if party.isReserved("host") { return "host" }
        if let namespace = party.namespace, let name = party.workload ?? party.pod {
            return "\(namespace)/\(name)"
        }
        return party.address.map(\.description) ?? "unknown"
    }
}

extension DraftCheck.Impact.Class {
    init(_ outcome: ImpactReplay.Outcome) {
        switch outcome {
        case .newlyDropped: self = .newlyDropped
        case .newlyAllowed: self = .newlyAllowed
        case .stillAllowed: self = .stillAllowed
        case .stillDropped: self = .stillDropped
        case .uncertain: self = .uncertain
        }
    }
}
