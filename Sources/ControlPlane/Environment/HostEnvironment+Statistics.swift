// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel
import NetworkPrimitives

extension HostEnvironment {
    public func traffic(_ request: StatisticsRequest) async throws -> TrafficReport {
        TrafficReport(
            environment: settings.name,
            range: FlowPage.Range(request.range),
            counts: try await groups(request.query)
        )
    }

    public func totals(_ request: StatisticsRequest) async throws -> TotalsReport {
        let coverage = try await coverage(request)
        var report = TotalsReport(
            environment: settings.name,
            coverage: coverage,
            totals: try await tally(request).totals
        )
        if request.comparesWithPrevious, let previous = try await previous(of: request) {
            report.previous = try await tally(previous).totals
        }
        return report
    }

    /// The request about the time of the same length before; `nil` when that is not kept in full.
    private func previous(of request: StatisticsRequest) async throws -> StatisticsRequest? {
        var previous = request
        previous.range = TimeRange(
            from: request.range.from - (request.range.to - request.range.from),
            to: request.range.from
        )
        let usage = try await parts.store.usage()
        let kept = request.query.needsRecords ? usage.recordsPrunedTo : usage.countsPrunedTo
        let known = [kept, usage.collectedSince].compactMap { $0 }.max() ?? .min
        return known <= previous.range.from ? previous : nil
    }

    private func tally(_ request: StatisticsRequest) async throws -> TrafficTally {
        let scope = request.scope
        var query = request.query
        (query.window, query.detail) = (.whole, scope == nil ? .kinds : .namespaces)
        return try await parts.store.fold(query, into: TrafficTally()) { tally, _, key, count in
            tally.add(key, count, scope: scope)
        }
    }

    public func rate(_ request: StatisticsRequest) async throws -> RateReport {
        let usage = try await parts.store.usage()
        var query = request.query
        let buckets = chart(request, usage)
        let scope = request.scope
        (query.window, query.detail) = (.length(buckets.length), scope == nil ? .kinds : .namespaces)
        let empty = [TrafficTally](repeating: TrafficTally(), count: buckets.count)
        let tallies = try await parts.store.fold(query, into: empty) { tallies, window, key, count in
            tallies[buckets.index(of: window)].add(key, count, scope: scope)
        }
        return try await report(tallies, request, buckets, usage)
    }

    /// The buckets of a rate over time.
    func chart(_ request: StatisticsRequest, _ usage: FlowStoreUsage) -> TimeBuckets {
        TimeBuckets.chart(
            request.range,
            hasRecords: usage.recordsPrunedTo.map { $0 <= request.range.from } ?? true,
            counted: request.query.counted(recordsPrunedTo: usage.recordsPrunedTo)
        )
    }

    /// - Parameter tallies: by bucket.
    func report(
        _ tallies: [TrafficTally],
        _ request: StatisticsRequest,
        _ buckets: TimeBuckets,
        _ usage: FlowStoreUsage
    ) async throws -> RateReport {
        let losses = try await losses(in: request.range, usage)
        let isAll = request.view == .all
        return RateReport(
            environment: settings.name,
            coverage: try await coverage(request),
            bucketSeconds: Int(buckets.length / 1_000_000),
            buckets: tallies.enumerated().map { index, tally in
                RateReport.Bucket(index, of: buckets, tally.totals, losses, isCounted: isAll, now: now())
            }
        )
    }

    public func namespaces(_ request: StatisticsRequest) async throws -> NamespaceReport {
        let wanted = request.namespaces
        let view = request.view
        var query = request.query
        (query.window, query.detail) = (.whole, .namespaces)
        let tallies = try await parts.store.fold(query, into: [String: TrafficTally]()) { tallies, _, key, count in
            for namespace in Set([key.source.namespace, key.destination.namespace].compactMap { $0 })
            where wanted?.contains(namespace) ?? true && view.contains(namespace) {
                tallies[namespace, default: TrafficTally()].add(key, count, scope: [namespace])
            }
        }
        return report(tallies, request, try await coverage(request))
    }

    func report(
        _ tallies: [String: TrafficTally],
        _ request: StatisticsRequest,
        _ coverage: Coverage
    ) -> NamespaceReport {
        let items = tallies.map { NamespaceReport.Item(namespace: $0.key, totals: $0.value.totals) }
            .sorted { ($0.totals.total.packets, $1.namespace) > ($1.totals.total.packets, $0.namespace) }
        return NamespaceReport(
            environment: settings.name,
            coverage: coverage,
            items: Array(items.prefix(request.limit)),
            omitted: max(0, items.count - request.limit)
        )
    }

    public func drops(_ request: StatisticsRequest) async throws -> DropsReport {
        let scope = request.scope
        let groups = try await groups(request.dropsQuery).filter {
            scope == nil || TrafficTally.place($0.key, scope: scope) != nil
        }
        return try await report(groups, request, try await coverage(request))
    }

    func report(
        _ drops: [FlowKey: FlowCount],
        _ request: StatisticsRequest,
        _ coverage: Coverage
    ) async throws -> DropsReport {
        let groups = drops.map { FlowGroup(key: $0.key, count: $0.value) }
        let shown = Array(FlowOrder(.count, isDescending: true).sorted(groups).prefix(request.limit))
        let lines = try await sparklines(of: shown.map(\.key), request.dropsQuery)
        return DropsReport(
            environment: settings.name,
            coverage: coverage,
            items: shown.map { group in
                var item = FlowItem(group)
                item.sparkline = lines[group.key]
                return item
            },
            omitted: max(0, groups.count - shown.count)
        )
    }

    func coverage(_ request: StatisticsRequest) async throws -> Coverage {
        let losses = try await parts.store.losses(in: request.range)
        let usage = try await parts.store.usage()
        let isAll = request.view == .all
        var keptSince: Timestamp?
        if usage.countRetention > 0, request.range.from < now() - usage.countRetention * 1_000_000 {
            let oldest = isAll ? usage.oldestCount : usage.countsPrunedTo
            keptSince = oldest.map { Timestamp(microseconds: $0) }
        }
        return Coverage(
            range: FlowPage.Range(request.range),
            namespaces: request.scope?.sorted(),
            complete: losses.isEmpty && keptSince == nil,
            lost: isAll ? losses.reduce(0) { $0 + $1.count } : 0,
            keptSince: keptSince
        )
    }

    /// Known losses of a range, and the time before anything was collected or that is no longer kept, as losses too.
    func losses(in range: TimeRange, _ usage: FlowStoreUsage) async throws -> [FlowLoss] {
        var losses = try await parts.store.losses(in: range)
        if let known = usage.knownSince, known > range.from {
            losses.insert(FlowLoss(from: range.from, to: min(known, range.to) - 1, source: .stopped, count: 0), at: 0)
        }
        return losses
    }
}

extension StatisticsRequest {
    var query: FlowQuery { FlowQuery(filter: filter, range: range, view: FlowView(view), excluding: excluding) }

    /// About what was dropped or would be.
    var dropsQuery: FlowQuery {
        var query = query
        query.excluding.append(FlowFilter([FlowFilter.Term(key: .verdict, value: .verdict(.allowed))]))
        return query
    }

    /// The namespaces that traffic is counted for: those asked for, else those that the reader sees.
    var scope: Set<String>? {
        if let namespaces { return namespaces }
        guard case .only(let namespaces) = view else { return nil }
        return namespaces
    }
}

extension RateReport.Bucket {
    /// - Parameters:
    ///   - losses: oldest first.
    ///   - isCounted: whether the reader may know how many events were lost.
    init(
        _ index: Int,
        of buckets: TimeBuckets,
        _ totals: TrafficTotals,
        _ losses: [FlowLoss],
        isCounted: Bool,
        now: Int64
    ) {
        let covered = buckets.covered(index)
        let start = buckets.start + Int64(index) * buckets.length
        // The running bucket is as long as it has lasted.
        let seconds = Double(min(covered.to, max(now, covered.from)) - covered.from) / 1_000_000
        let touching = losses.filter { covered.overlaps(from: $0.from, through: $0.to) }
        self.init(
            start: Timestamp(microseconds: start),
            allowed: totals.allowed,
            dropped: totals.dropped,
            wouldDrop: totals.wouldDrop,
            seconds: seconds,
            isGap: touching.contains { $0.source.isGap },
            isIncomplete: start + buckets.length > now,
            lost: isCounted
                ? touching.reduce(0) { covered.contains(max($1.from, buckets.range.from)) ? $0 + $1.count : $0 } : 0
        )
    }
}
