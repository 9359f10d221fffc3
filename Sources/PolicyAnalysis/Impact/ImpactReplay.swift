// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import PolicyEvaluation
public import PolicyModel

/// Recorded connections judged by two worlds: what would be dropped that passed, and the other way round.
///
/// What happens is worked out for every connection at once, the reasons for the rows that are asked for.
///
/// - Complexity: one verdict for each distinct connection and world, whatever the number of flows.
public struct ImpactReplay: Sendable {
    /// The five answers; always all shown.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        case newlyDropped, newlyAllowed, stillAllowed, stillDropped, uncertain

        /// `Newly dropped`.
        public var title: String {
            switch self {
            case .newlyDropped: "Newly dropped"
            case .newlyAllowed: "Newly allowed"
            case .stillAllowed: "Still allowed"
            case .stillDropped: "Still dropped"
            case .uncertain: "Uncertain"
            }
        }
    }

    /// Why nothing certain can be said.
    public enum Doubt: Hashable, Sendable, Comparable {
        /// Nothing recorded says who it was.
        case identityUnknown
        /// It was outside, and its address was not recorded.
        case addressUnknown
        case dnsNameNotRecorded
        /// A rule looks at requests, and the request was not recorded.
        case requestNotRecorded
        /// No such workload exists any more.
        case podGone
        /// Rules depend on what the manifests do not say.
        case world(String)

        public var sentence: String {
            switch self {
            case .identityUnknown: "identity unknown"
            case .addressUnknown: "address outside not recorded"
            case .dnsNameNotRecorded: "DNS name not recorded"
            case .requestNotRecorded: "L7 detail missing"
            case .podGone: "pod gone"
            case .world(let sentence): sentence
            }
        }

        public static func < (left: Doubt, right: Doubt) -> Bool { left.sentence < right.sentence }
    }

    /// The answer of one world.
    public struct Judged: Hashable, Sendable {
        /// What a verdict rests on.
        public enum Basis: Hashable, Sendable {
            /// The rules that allow it, or those that deny it.
            case rules([RuleID])
            /// No rule allows it; the policies that isolate the end.
            case isolated([PolicyID])
            case notRestricted
            case hostTraffic
            case unknownEndpoint
        }

        public var isAllowed: Bool
        public var basis: Basis

        /// `data/db-allow inbound/1`, `no rule; isolated by data/db-deny`, `not restricted`; escaped.
        public var decidedBy: String {
            switch basis {
            case .rules(let rules): Escaped.plain(rules.map(\.description).joined(separator: ", "))
            case .isolated(let policies):
                Escaped.plain("no rule; isolated by \(policies.map(\.description).joined(separator: ", "))")
            case .notRestricted: "not restricted"
            case .hostTraffic: "traffic of the host"
            case .unknownEndpoint: "unknown endpoint"
            }
        }
    }

    public struct Row: Hashable, Sendable {
        public var connection: RecordedConnection
        public var count: RecordedTraffic.Count
        public var outcome: Outcome
        /// `nil`: that world cannot be asked about it.
        public var before: Judged?
        public var after: Judged?
        /// Sorted; empty but for an uncertain outcome.
        public var doubts: [Doubt]
    }

    /// How much of the traffic has one outcome.
    public struct Total: Hashable, Sendable {
        public var connections = 0
        public var flows: UInt64 = 0
    }

    private let traffic: RecordedTraffic
    /// In the order of the traffic's links.
    private let outcomes: [Outcome]
    private let judges: ReplayJudges
    /// Every outcome has one.
    public let totals: [Outcome: Total]
    public let period: ClosedRange<Int64>?
    public var lost: UInt64 { traffic.lost }
    public var unreadable: UInt64 { traffic.unreadable }

    /// - Parameters:
    ///   - traffic: what was recorded.
    ///   - old: the world as it is.
    ///   - new: the world with the change.
    ///   - policies: which policies count; by default all, as if those in audit mode were enforced.
    public init(
        _ traffic: RecordedTraffic,
        old: ResolvedSnapshot,
        new: ResolvedSnapshot,
        policies: JudgedPolicies = .all
    ) {
        self.init(traffic, in: ReplayWorlds(old: old, new: new, policies: policies))
    }

    public init(_ traffic: RecordedTraffic, in worlds: ReplayWorlds) {
        var judges = worlds.judges
        var quick = QuickReplay(traffic, in: worlds)
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(traffic.links.count)
        var sums = Array(repeating: Total(), count: Outcome.allCases.count)
        for (link, count) in zip(traffic.links, traffic.counts.values) {
            let outcome = quick.outcome(link, &judges)
            outcomes.append(outcome)
            sums[outcome.order].connections += 1
            sums[outcome.order].flows += count.flows
        }
        self.traffic = traffic
        self.outcomes = outcomes
        self.judges = judges
        totals = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, sums[$0.order]) })
        period = traffic.period
    }

    /// How many distinct connections were judged.
    public var connectionCount: Int { outcomes.count }

    /// All rows, by outcome, then the most frequent first.
    /// - Complexity: as `rows(_:)` of all outcomes.
    public var rows: [Row] { rows(Set(Outcome.allCases)) }

    public func rows(_ outcome: Outcome) -> [Row] { rows([outcome]) }

    /// The rows with some outcomes, with what decided; by outcome, then the most frequent first.
    ///
    /// - Parameter limit: rows at most; the first ones.
    /// - Complexity: O(n log n) in the rows, and two decisions for each that is returned, worked out anew each time.
    public func rows(_ wanted: Set<Outcome>, limit: Int = .max) -> [Row] {
        let counts = traffic.counts.values
        // Numbers are sorted instead of connections, which are large.
        let order = outcomes.indices.filter { wanted.contains(outcomes[$0]) }.sorted { one, other in
            if outcomes[one] != outcomes[other] { return outcomes[one].order < outcomes[other].order }
            if counts[one].flows != counts[other].flows { return counts[one].flows > counts[other].flows }
            return traffic.connection(traffic.links[one]) < traffic.connection(traffic.links[other])
        }
        var judges = judges
        return order.prefix(limit).map { judges.row(traffic.connection(traffic.links[$0]), counts[$0]) }
    }
}

extension ImpactReplay.Outcome {
    fileprivate var order: Int {
        switch self {
        case .newlyDropped: 0
        case .newlyAllowed: 1
        case .stillAllowed: 2
        case .stillDropped: 3
        case .uncertain: 4
        }
    }
}
