// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives

extension HostEnvironment {
    public func traffic(_ request: StatisticsRequest) async throws -> TrafficReport {
        let counts = try await fold(request, into: [FlowKey: FlowCount]()) { counts, _, key, count in
            if counts[key]?.merge(count) == nil { counts[key] = count }
        }
        return TrafficReport(environment: settings.name, range: FlowPage.Range(request.range), counts: counts)
    }

    public func totals(_ request: StatisticsRequest) async throws -> TotalsReport {
        let scope = request.namespaces
        let tally = try await fold(request, into: TrafficTally()) { tally, _, key, count in
            tally.add(key, count, scope: scope)
        }
        return TotalsReport(environment: settings.name, coverage: try await coverage(request), totals: tally.totals)
    }

    public func rate(_ request: StatisticsRequest) async throws -> RateReport {
        let minutes = max(1, Int((request.range.to - request.range.from) / FlowWindow.length))
        let bucketMinutes = (minutes + 199) / 200
        let length = Int64(bucketMinutes) * FlowWindow.length
        let scope = request.namespaces
        let tallies = try await fold(request, into: [Int64: TrafficTally]()) { tallies, window, key, count in
            tallies[window / length * length, default: TrafficTally()].add(key, count, scope: scope)
        }
        let first = request.range.from / length * length
        let seconds = Double(bucketMinutes * 60)
        let buckets = stride(from: first, to: max(request.range.to, first + 1), by: Int(length)).map { start in
            let totals = (tallies[Int64(start)] ?? TrafficTally()).totals
            return RateReport.Bucket(
                start: Timestamp(microseconds: Int64(start)),
                allowed: totals.allowed,
                dropped: totals.dropped,
                wouldDrop: totals.wouldDrop,
                packetsPerSecond: Double(totals.total.packets) / seconds,
                connectionsPerSecond: Double(totals.total.connections) / seconds
            )
        }
        return RateReport(
            environment: settings.name,
            coverage: try await coverage(request),
            bucketSeconds: bucketMinutes * 60,
            buckets: buckets
        )
    }

    public func namespaces(_ request: StatisticsRequest) async throws -> NamespaceReport {
        let wanted = request.namespaces
        let tallies = try await fold(request, into: [String: TrafficTally]()) { tallies, _, key, count in
            for namespace in Set([key.source.namespace, key.destination.namespace].compactMap { $0 })
            where wanted?.contains(namespace) ?? true {
                tallies[namespace, default: TrafficTally()].add(key, count, scope: [namespace])
            }
        }
        let items = tallies.map { NamespaceReport.Item(namespace: $0.key, totals: $0.value.totals) }
            .sorted { ($0.totals.total.packets, $1.namespace) > ($1.totals.total.packets, $0.namespace) }
        return NamespaceReport(
            environment: settings.name,
            coverage: try await coverage(request),
            items: Array(items.prefix(request.limit)),
            omitted: max(0, items.count - request.limit)
        )
    }

    public func drops(_ request: StatisticsRequest) async throws -> DropsReport {
        let scope = request.namespaces
        let groups = try await groups(FlowQuery(filter: request.filter, range: request.range))
            .filter { $0.key.verdict != .allowed && TrafficTally.place($0.key, scope: scope) != nil }
            .sorted { ($0.count.flows, $0.count.lastSeen) > ($1.count.flows, $1.count.lastSeen) }
        return DropsReport(
            environment: settings.name,
            coverage: try await coverage(request),
            items: groups.prefix(request.limit).map { FlowItem($0) },
            omitted: max(0, groups.count - request.limit)
        )
    }

    private func fold<Result: Sendable>(
        _ request: StatisticsRequest,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, Int64, FlowKey, FlowCount) -> Void
    ) async throws -> Result {
        try await parts.store.fold(FlowQuery(filter: request.filter, range: request.range), into: initial, update)
    }

    private func coverage(_ request: StatisticsRequest) async throws -> Coverage {
        let losses = try await parts.store.losses(in: request.range)
        let usage = try await parts.store.usage()
        var keptSince: Timestamp?
        if usage.countRetention > 0, request.range.from < now() - usage.countRetention * 1_000_000 {
            keptSince = usage.oldestCount.map { Timestamp(microseconds: $0) }
        }
        return Coverage(
            range: FlowPage.Range(request.range),
            namespaces: request.namespaces?.sorted(),
            complete: losses.isEmpty && keptSince == nil,
            lost: losses.reduce(0) { $0 + $1.count },
            keptSince: keptSince
        )
    }
}

/// Counts traffic with respect to a scope of namespaces.
struct TrafficTally: Sendable {
    /// Where traffic goes with respect to the scope.
    enum Place { case inbound, outbound, inside }

    private(set) var totals = TrafficTotals()

    /// `nil` for traffic that has neither end in the scope.
    static func place(_ key: FlowKey, scope: Set<String>?) -> Place? {
        func isInside(_ party: FlowKey.Party) -> Bool {
            guard let namespace = party.namespace else { return false }
            return scope?.contains(namespace) ?? true
        }
        switch (isInside(key.source), isInside(key.destination)) {
        case (true, true): return .inside
        case (true, false): return .outbound
        case (false, true): return .inbound
        case (false, false): return nil
        }
    }

    mutating func add(_ key: FlowKey, _ count: FlowCount, scope: Set<String>?) {
        // Keys past the bound of a minute have no ends; they count where nothing is asked about ends.
        guard let place = Self.place(key, scope: scope) ?? (scope == nil ? .inside : nil) else { return }
        let volume = Volume(connections: count.flows, packets: count.packets, bytes: count.bytes)
        totals.total = totals.total + volume
        switch place {
        case .inbound: totals.inbound = totals.inbound + volume
        case .outbound: totals.outbound = totals.outbound + volume
        case .inside: totals.internal = totals.internal + volume
        }
        switch key.verdict {
        case .allowed: totals.allowed = totals.allowed + volume
        case .dropped: totals.dropped = totals.dropped + volume
        case .wouldDrop: totals.wouldDrop = totals.wouldDrop + volume
        }
        let all = Double(totals.total.packets)
        totals.droppedShare = all == 0 ? nil : Double(totals.dropped.packets) / all
        totals.wouldDropShare = all == 0 ? nil : Double(totals.wouldDrop.packets) / all
    }
}
