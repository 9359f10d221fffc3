// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel

extension HostEnvironment: FlowService {
    public func flows(_ request: FlowRequest) async throws -> FlowPage {
        try checkLimit(request)
        var page = try await emptyPage(request)
        _ = try await fill(&page, request, over: nil)
        return page
    }

    public func flowsOverTime(_ request: FlowRequest) async throws -> FlowsOverTime {
        let counted = StatisticsRequest(counting: request)
        guard request.query.needsRecords, !request.extras.contains(.sparklines) else {
            return FlowsOverTime(page: try await flows(request), rate: try await rate(counted))
        }
        try checkLimit(request)
        // Records are read once for both: a second time would cost as much as the first.
        let usage = try await parts.store.usage()
        let buckets = chart(counted, usage)
        var page = try await emptyPage(request)
        let tallies = try await fill(&page, request, over: buckets)
        return FlowsOverTime(page: page, rate: try await report(tallies, counted, buckets, usage))
    }

    /// - Parameter buckets: what the traffic is counted over as well.
    /// - Returns: that traffic, by bucket; nothing without buckets.
    private func fill(
        _ page: inout FlowPage,
        _ request: FlowRequest,
        over buckets: TimeBuckets?
    ) async throws -> [TrafficTally] {
        switch request.grouping {
        case .raw: try await fillRecords(&page, request, buckets)
        case .connection: try await fillGroups(&page, request, buckets)
        }
    }

    public func liveFlows(_ request: LiveRequest) async -> AsyncStream<LiveFlows> {
        let batches = await broadcast.subscribe(
            request.filter,
            FlowView(request.view),
            hiding: request.hidden,
            after: request.after
        )
        guard let batches else { return AsyncStream { $0.finish() } }
        return AsyncStream {
            for await batch in batches {
                var live = LiveFlows(
                    items: batch.flows.map { FlowItem($0) },
                    lost: batch.lost,
                    isIncomplete: batch.isIncomplete,
                    place: batch.place.description
                )
                live.hasMore = batch.hasMore
                return live
            }
            return nil
        }
    }

    private func checkLimit(_ request: FlowRequest) throws {
        guard (1...FlowRequest.largestLimit).contains(request.limit) else {
            throw ServiceError(.badRequest, "The limit \(request.limit) is not from 1 to \(FlowRequest.largestLimit).")
        }
    }

    /// The page with what is known of the range before anything is read.
    private func emptyPage(_ request: FlowRequest) async throws -> FlowPage {
        let losses = try await parts.store.losses(in: request.range)
        let usage = try await parts.store.usage()
        let isAll = request.view == .all
        var page = FlowPage(
            environment: settings.name,
            range: FlowPage.Range(request.range),
            grouping: request.grouping,
            complete: true,
            lost: isAll ? losses.reduce(0) { $0 + $1.count } : 0,
            losses: losses.suffix(100).map { LossItem($0, isCounted: isAll) },
            matched: 0,
            total: 0,
            items: []
        )
        page.keptSince = keptSince(request.range, usage, request.view)
        page.complete = losses.isEmpty && page.keptSince == nil
        return page
    }

    private func fillRecords(
        _ page: inout FlowPage,
        _ request: FlowRequest,
        _ buckets: TimeBuckets?
    ) async throws -> [TrafficTally] {
        let query = request.query
        let slice: RecordPage
        if request.view == .all {
            slice = try await RecordPage.plain(query, request.cursor, in: parts.store)
            page.total = slice.scanned
        } else {
            slice = try await RecordPage.seen(query, request.cursor, in: parts.store)
            page.total = try await events(request.range, request.view)
        }
        page.items = slice.flows.map { FlowItem($0) }
        page.matched = UInt64(slice.flows.count)
        page.next = slice.next
        let isCounted = request.extras.contains(.verdicts) || !request.quickFilters.isEmpty
        guard isCounted || buckets != nil else { return [] }
        let (listing, traffic) = try await listing(request, buckets.map { .overTime($0) } ?? .alone)
        page.verdicts = listing.verdicts
        page.hidden = listing.hidden
        return traffic.tallies
    }

    private func fillGroups(
        _ page: inout FlowPage,
        _ request: FlowRequest,
        _ buckets: TimeBuckets?
    ) async throws -> [TrafficTally] {
        let isWithLines = request.extras.contains(.sparklines)
        // What only records can tell is read once: a second time would cost as much as the first.
        let isOnePass = isWithLines && request.query.needsRecords
        let beside = buckets.map { ListedTraffic.Beside.overTime($0) } ?? (isOnePass ? .lines : .alone)
        let (listing, traffic) = try await listing(request, beside)
        let (rows, next) = try listing.page(request)
        page.items = rows.map { FlowItem($0) }
        page.next = next
        page.rows = listing.rows.count
        page.matched = listing.matched
        page.total = try await events(request.range, request.view)
        page.hidden = listing.hidden
        if request.extras.contains(.verdicts) { page.verdicts = listing.verdicts }
        guard isWithLines, !rows.isEmpty else { return traffic.tallies }
        let shown = isOnePass ? traffic.lines : try await sparklines(of: rows.map(\.key), request.query)
        for (index, row) in rows.enumerated() { page.items[index].sparkline = shown[row.key] }
        return traffic.tallies
    }

    private func listing(
        _ request: FlowRequest,
        _ beside: ListedTraffic.Beside
    ) async throws -> (listing: FlowListing, traffic: ListedTraffic) {
        var query = request.query
        query.filter = request.filter.withoutVerdicts
        query.excluding = request.hidingOfRecords
        query.cursor = nil
        let traffic = try await traffic(query, request, beside)
        var listing = FlowListing(traffic.groups, request)
        // What only records can tell is counted by asking with and without it.
        for (index, quick) in request.quickFilters.enumerated() where quick.filters.contains(where: \.needsRecords) {
            var all = request.query
            all.excluding = []
            var rest = all
            rest.excluding = quick.filters
            let (before, after) = (try await groups(all), try await groups(rest))
            listing.setHidden(
                index,
                rows: before.count - after.count,
                events: before.values.reduce(0) { $0 + $1.flows } - after.values.reduce(0) { $0 + $1.flows }
            )
        }
        return (listing, traffic)
    }

    /// The oldest record, where it is younger than the range asked for and something was removed.
    func keptSince(_ range: TimeRange, _ usage: FlowStoreUsage, _ view: NamespaceView) -> Timestamp? {
        guard usage.recordRetention > 0, range.from < now() - usage.recordRetention * 1_000_000 else { return nil }
        let oldest = view == .all ? usage.oldestRecord : usage.recordsPrunedTo
        return oldest.map { Timestamp(microseconds: $0) }
    }
}

extension FlowRequest {
    /// What the store is asked for raw items.
    var query: FlowQuery {
        FlowQuery(
            filter: filter,
            range: range,
            limit: limit,
            view: FlowView(view),
            excluding: quickFilters.filter(\.isOn).flatMap(\.filters)
        )
    }

    /// What is hidden and only records can tell.
    fileprivate var hidingOfRecords: [FlowFilter] {
        quickFilters.filter(\.isOn).flatMap(\.filters).filter(\.needsRecords)
    }
}

extension LossItem {
    /// - Parameter isCounted: whether the reader may know how many events were lost.
    init(_ loss: FlowLoss, isCounted: Bool) {
        self.init(loss)
        if !isCounted { count = 0 }
    }
}
