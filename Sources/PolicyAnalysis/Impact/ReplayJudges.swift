// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import PolicyEvaluation
import PolicyModel

/// Two worlds asked about the same recorded connections, with the reasons.
struct ReplayJudges: Sendable {
    var before: ReplayJudge
    var after: ReplayJudge

    init(_ old: ResolvedSnapshot, _ new: ResolvedSnapshot, _ policies: JudgedPolicies) {
        before = ReplayJudge(old, policies)
        after = ReplayJudge(new, policies)
    }

    mutating func outcome(_ connection: RecordedConnection) -> ImpactReplay.Outcome {
        row(connection, .init(flows: 0)).outcome
    }

    mutating func row(_ connection: RecordedConnection, _ count: RecordedTraffic.Count) -> ImpactReplay.Row {
        let (before, after) = (before.judge(connection), after.judge(connection))
        var row = ImpactReplay.Row(
            connection: connection,
            count: count,
            outcome: .uncertain,
            before: before.judged,
            after: after.judged,
            doubts: []
        )
        var doubts = before.doubts.union(after.doubts)
        // The same rules look at the same requests: what they decided before they decide again.
        if doubts.isEmpty, before.requestRules != after.requestRules {
            if !before.requestRules.isEmpty || !after.requestRules.isEmpty { doubts = [.requestNotRecorded] }
        }
        guard doubts.isEmpty, let one = before.judged, let other = after.judged else {
            row.doubts = doubts.sorted()
            return row
        }
        switch (one.isAllowed, other.isAllowed) {
        case (true, true): row.outcome = .stillAllowed
        case (true, false): row.outcome = .newlyDropped
        case (false, true): row.outcome = .newlyAllowed
        case (false, false): row.outcome = .stillDropped
        }
        return row
    }
}
