// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

/// Recorded connections by kind, with counts: what a change of policies is replayed on.
public struct TrafficReport: Hashable, Sendable, Codable {
    public struct Item: Hashable, Sendable, Codable {
        public var key: FlowKey
        public var count: FlowCount
    }

    /// Kinds of connection in one answer at most; the busiest are kept.
    public static let largestCount = 200_000

    public var apiVersion = ControlPlane.apiVersion
    public var kind = "Traffic"
    public var environment: String
    public var range: FlowPage.Range
    /// Busiest first.
    public var items: [Item]
    /// Kinds past the limit.
    public var omitted: Int

    public init(environment: String, range: FlowPage.Range, counts: [FlowKey: FlowCount]) {
        self.environment = environment
        self.range = range
        let sorted = counts.map { Item(key: $0.key, count: $0.value) }
            .sorted { ($0.count.flows, $1.count.firstSeen) > ($1.count.flows, $0.count.firstSeen) }
        items = Array(sorted.prefix(Self.largestCount))
        omitted = max(0, sorted.count - Self.largestCount)
    }

    public var traffic: RecordedTraffic { RecordedTraffic(items.map { (key: $0.key, value: $0.count) }) }
}
