// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives

/// What one pass over the flows of a list says.
struct ListedTraffic: Sendable {
    /// What is made on the way.
    enum Beside {
        case alone
        /// The sparkline of each kind of connection.
        case lines
        /// How much traffic there was of what the list shows.
        case overTime(TimeBuckets)
    }

    var groups: [FlowKey: FlowCount] = [:]
    var lines: [FlowKey: Sparkline] = [:]
    /// By bucket.
    var tallies: [TrafficTally] = []
    /// Kinds of connections that are listed, and those that are not.
    private var isListed: [FlowKey: Bool] = [:]

    init(groups: [FlowKey: FlowCount] = [:], buckets: Int = 0) {
        self.groups = groups
        tallies = Array(repeating: TrafficTally(), count: buckets)
    }

    mutating func add(_ key: FlowKey, _ count: FlowCount) {
        if groups[key]?.merge(count) == nil { groups[key] = count }
    }

    mutating func isListed(_ key: FlowKey, _ request: FlowRequest) -> Bool {
        if let known = isListed[key] { return known }
        // What only records can tell was left out by the store.
        let hiding = request.quickFilters.filter(\.isOn).flatMap(\.filters).filter { !$0.needsRecords }
        let result = request.filter.verdictTerms.matches(key) && !hiding.contains { $0.matches(key) }
        isListed[key] = result
        return result
    }
}

extension HostEnvironment {
    /// - Parameter query: what `request` lists, whatever the verdict.
    func traffic(
        _ query: FlowQuery,
        _ request: FlowRequest,
        _ beside: ListedTraffic.Beside
    ) async throws -> ListedTraffic {
        var query = query
        switch beside {
        case .alone: return ListedTraffic(groups: try await groups(query))
        case .lines:
            let buckets = TimeBuckets.sparkline(query.range)
            query.window = .length(buckets.length)
            let empty = buckets.sparkline
            return try await parts.store.fold(query, into: ListedTraffic()) { traffic, window, key, count in
                traffic.add(key, count)
                traffic.lines[key, default: empty].counts[buckets.index(of: window)] += count.flows
            }
        case .overTime(let buckets):
            query.window = .length(buckets.length)
            let none = ListedTraffic(buckets: buckets.count)
            let scope = StatisticsRequest(counting: request).scope
            return try await parts.store.fold(query, into: none) { traffic, window, key, count in
                traffic.add(key, count)
                guard traffic.isListed(key, request) else { return }
                traffic.tallies[buckets.index(of: window)].add(key, count, scope: scope)
            }
        }
    }

    /// Kinds of connections with their counts.
    func groups(_ query: FlowQuery) async throws -> [FlowKey: FlowCount] {
        var query = query
        query.window = .whole
        // Growing would hash everything again and again.
        let empty = [FlowKey: FlowCount](minimumCapacity: 4096)
        return try await parts.store.fold(query, into: empty) { counts, _, key, count in
            if counts[key]?.merge(count) == nil { counts[key] = count }
        }
    }

    /// Events over the range by kind of connection, in at most `Sparkline.mostBuckets` buckets.
    func sparklines(of keys: [FlowKey], _ query: FlowQuery) async throws -> [FlowKey: Sparkline] {
        let buckets = TimeBuckets.sparkline(query.range)
        var query = query
        query.keys = Set(keys)
        query.window = .length(buckets.length)
        query.cursor = nil
        let empty = buckets.sparkline
        return try await parts.store.fold(query, into: [FlowKey: Sparkline]()) { lines, window, key, count in
            lines[key, default: empty].counts[buckets.index(of: window)] += count.flows
        }
    }

    /// All events of a range that somebody sees.
    func events(_ range: TimeRange, _ view: NamespaceView) async throws -> UInt64 {
        let query = FlowQuery(range: range, view: FlowView(view), window: .whole, detail: .kinds)
        return try await parts.store.fold(query, into: UInt64(0)) { total, _, _, count in total += count.flows }
    }
}
