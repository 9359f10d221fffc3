// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel

extension HostEnvironment: FlowService {
    public func flows(_ request: FlowRequest) async throws -> FlowPage {
        let query = try query(request)
        let losses = try await parts.store.losses(in: request.range)
        let usage = try await parts.store.usage()
        var page = FlowPage(
            environment: settings.name,
            range: FlowPage.Range(request.range),
            grouping: request.grouping,
            complete: true,
            lost: losses.reduce(0) { $0 + $1.count },
            losses: losses.suffix(100).map { LossItem($0) },
            matched: 0,
            total: 0,
            items: []
        )
        page.keptSince = keptSince(request.range, usage)
        page.complete = losses.isEmpty && page.keptSince == nil
        switch request.grouping {
        case .raw:
            let slice = try await parts.store.flows(query)
            page.items = slice.flows.map { FlowItem($0) }
            page.matched = UInt64(slice.flows.count)
            page.total = slice.scanned
            page.next = slice.next?.description
        case .connection:
            let groups = try await groups(query)
            page.matched = groups.reduce(0) { $0 + $1.count.flows }
            page.total = try await total(request.range)
            page.items = groups.sorted { $0.count.lastSeen > $1.count.lastSeen }.prefix(request.limit).map {
                FlowItem($0)
            }
        }
        return page
    }

    public func liveFlows(_ filter: FlowFilter) async -> AsyncStream<LiveFlows> {
        guard let batches = await broadcast.subscribe(filter) else { return AsyncStream { $0.finish() } }
        return AsyncStream {
            for await batch in batches {
                return LiveFlows(items: batch.flows.map { FlowItem($0) }, lost: batch.lost)
            }
            return nil
        }
    }

    private func query(_ request: FlowRequest) throws -> FlowQuery {
        var query = FlowQuery(filter: request.filter, range: request.range, limit: request.limit)
        if let text = request.cursor {
            guard let cursor = FlowCursor(text) else {
                throw ServiceError(
                    .badRequest,
                    "\"\(text)\" is not a place in a list of flows.",
                    fix: "Use `next` of the page before."
                )
            }
            query.cursor = cursor
        }
        return query
    }

    func groups(_ query: FlowQuery) async throws -> [FlowGroup] {
        let counts = try await parts.store.fold(query, into: [FlowKey: FlowCount]()) { counts, _, key, count in
            if counts[key]?.merge(count) == nil { counts[key] = count }
        }
        return counts.map { FlowGroup(key: $0.key, count: $0.value) }
    }

    private func total(_ range: TimeRange) async throws -> UInt64 {
        try await parts.store.fold(FlowQuery(range: range), into: UInt64(0)) { total, _, _, count in
            total += count.flows
        }
    }

    /// The oldest record, where it is younger than the range asked for and something was removed.
    func keptSince(_ range: TimeRange, _ usage: FlowStoreUsage) -> Timestamp? {
        guard usage.recordRetention > 0, range.from < now() - usage.recordRetention * 1_000_000 else { return nil }
        return usage.oldestRecord.map { Timestamp(microseconds: $0) }
    }
}
