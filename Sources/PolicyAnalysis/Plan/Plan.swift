// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyEvaluation
public import PolicyModel

/// What a change of policies does: to their meaning, and to who can talk to whom.
public struct Plan: Sendable {
    public var policies: PolicyDiff
    public var connectivity: ConnectivityDiff

    /// - Parameters:
    ///   - old: the world as it is.
    ///   - new: the world as it would be.
    ///   - seen: how many connections were recorded from one place to the other; `nil` where nothing is known of it.
    public init(
        old: ResolvedSnapshot,
        new: ResolvedSnapshot,
        oldTexts: [PolicyID: [UInt8]] = [:],
        newTexts: [PolicyID: [UInt8]] = [:],
        seen: (MapNode, MapNode) -> UInt64? = { _, _ in nil }
    ) {
        policies = PolicyDiff(
            old: old.snapshot.policies,
            new: new.snapshot.policies,
            oldTexts: oldTexts,
            newTexts: newTexts
        )
        connectivity = ConnectivityDiff(old: old, new: new, seen: seen)
    }

    /// Whether neither meaning nor connectivity differs.
    public var isEmpty: Bool { policies.isEmpty && connectivity.isEmpty }

    /// The counts in a sentence: how many policies change, and how many used connections are lost.
    public var countSentence: String {
        let modified = policies.count(.modified)
        let noun = modified == 1 ? "policy" : "policies"
        let counts =
            "\(modified) \(noun) modified, \(policies.count(.added)) added, \(policies.count(.removed)) deleted"
        let used = connectivity.rows.count { $0.risk == .removedAndUsed }
        let isKnown = connectivity.rows.contains { $0.seen != nil }
        guard isKnown else {
            let lost = connectivity.rows.count { $0.risk >= .removedAndUsed }
            let gained = connectivity.rows.count - lost
            return "\(counts); \(Self.count(gained, "connection")) opened, \(lost) closed."
        }
        return "\(counts); \(Self.count(used, "used connection")) would be dropped."
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
