// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import FlowModel

extension HostEnvironment: FlowService {
    public func flows(_ request: FlowRequest) async throws -> FlowPage {
        guard (1...FlowRequest.largestLimit).contains(request.limit) else {
            throw ServiceError(.badRequest, "The limit \(request.limit) is not from 1 to \(FlowRequest.largestLimit).")
        }
        var page = try await emptyPage(request)
        switch request.grouping {
        case .raw: try await fillRecords(&page, request)
        case .connection: try await fillGroups(&page, request)
        }
        return page
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

    private func fillRecords(_ page: inout FlowPage, _ request: FlowRequest) async throws {
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
        guard request.extras.contains(.verdicts) || !request.quickFilters.isEmpty else { return }
        let listing = try await listing(request, withLines: false).listing
        page.verdicts = listing.verdicts
        page.hidden = listing.hidden
    }

    private func fillGroups(_ page: inout FlowPage, _ request: FlowRequest) async throws {
        let isWithLines = request.extras.contains(.sparklines)
        // What only records can tell is read once: a second time would cost as much as the first.
        let isOnePass = isWithLines && request.query.needsRecords
        let (listing, lines) = try await listing(request, withLines: isOnePass)
        let (rows, next) = try listing.page(request)
        page.items = rows.map { FlowItem($0) }
        page.next = next
        page.rows = listing.rows.count
        page.matched = listing.matched
        page.total = try await events(request.range, request.view)
        page.hidden = listing.hidden
        if request.extras.contains(.verdicts) { page.verdicts = listing.verdicts }
        guard isWithLines, !rows.isEmpty else { return }
        let shown = isOnePass ? lines : try await sparklines(of: rows.map(\.key), request.query)
        for (index, row) in rows.enumerated() { page.items[index].sparkline = shown[row.key] }
    }

    /// - Parameter withLines: whether the sparklines of all rows are made on the way.
    private func listing(
        _ request: FlowRequest,
        withLines: Bool
    ) async throws -> (listing: FlowListing, lines: [FlowKey: Sparkline]) {
        var query = request.query
        query.filter = request.filter.withoutVerdicts
        query.excluding = request.hidingOfRecords
        query.cursor = nil
        let traffic = withLines ? try await groupsWithLines(query) : GroupsWithLines(groups: try await groups(query))
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
        return (listing, traffic.lines)
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

    private struct GroupsWithLines: Sendable {
        var groups: [FlowKey: FlowCount]
        var lines: [FlowKey: Sparkline] = [:]
    }

    /// The same with the sparkline of each.
    private func groupsWithLines(_ query: FlowQuery) async throws -> GroupsWithLines {
        let buckets = TimeBuckets.sparkline(query.range)
        var query = query
        query.window = .length(buckets.length)
        let empty = buckets.sparkline
        let none = GroupsWithLines(groups: [:])
        return try await parts.store.fold(query, into: none) { result, window, key, count in
            if result.groups[key]?.merge(count) == nil { result.groups[key] = count }
            result.lines[key, default: empty].counts[buckets.index(of: window)] += count.flows
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
    private func events(_ range: TimeRange, _ view: NamespaceView) async throws -> UInt64 {
        let query = FlowQuery(range: range, view: FlowView(view), window: .whole, detail: .kinds)
        return try await parts.store.fold(query, into: UInt64(0)) { total, _, _, count in total += count.flows }
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
