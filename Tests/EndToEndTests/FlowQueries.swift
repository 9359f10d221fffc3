// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import FlowModel
import NetworkPrimitives

/// Answers questions about flows from a store, as the control plane does; live flows are what it is made with.
struct FlowQueries: FlowService {
    private let environment: String
    private let store: any FlowStore
    private let live: [LiveFlows]

    /// Kinds of connections that one answer holds in memory at most; what comes after them is counted as `FlowKey.other`.
    static let groupLimit = 200_000

    init(environment: String, store: any FlowStore, live: [LiveFlows] = []) {
        self.environment = environment
        self.store = store
        self.live = live
    }

    /// Gives the batches it was made with, then stays open.
    func liveFlows(_ request: LiveRequest) async -> AsyncStream<LiveFlows> {
        let (stream, continuation) = AsyncStream.makeStream(of: LiveFlows.self)
        for batch in live { continuation.yield(batch) }
        return stream
    }

    func flows(_ request: FlowRequest) async throws -> FlowPage {
        guard (1...FlowRequest.largestLimit).contains(request.limit) else {
            throw ServiceError(.badRequest, "The limit \(request.limit) is not from 1 to \(FlowRequest.largestLimit).")
        }
        switch request.grouping {
        case .raw: return try await rawPage(request)
        case .connection: return try await groupedPage(request)
        }
    }

    private func rawPage(_ request: FlowRequest) async throws -> FlowPage {
        var cursor: FlowCursor?
        if let text = request.cursor {
            guard let read = FlowCursor(text) else {
                throw ServiceError(.badRequest, "\"\(text)\" is not a cursor of this list.", fix: "Start without one.")
            }
            cursor = read
        }
        let query = FlowQuery(filter: request.filter, range: request.range, limit: request.limit, cursor: cursor)
        let slice = try await store.flows(query)
        let quality = try await quality(of: request.range, usesRecords: true)
        return FlowPage(
            environment: environment,
            range: FlowPage.Range(request.range),
            grouping: .raw,
            complete: quality.complete,
            lost: quality.lost,
            losses: quality.losses,
            matched: UInt64(slice.flows.count),
            total: slice.scanned,
            keptSince: quality.keptSince,
            items: slice.flows.map(FlowItem.init),
            next: slice.next?.description
        )
    }

    private struct Grouped {
        var groups: [FlowKey: FlowCount] = [:]
        var total: UInt64 = 0
    }

    private func groupedPage(_ request: FlowRequest) async throws -> FlowPage {
        let filter = request.filter
        // The count of all events needs every record or count of the range, so the filter is applied here, but where only
        // records can answer.
        let all = FlowQuery(filter: filter.needsRecords ? filter : .everything, range: request.range)
        let found = try await store.fold(all, into: Grouped()) { result, _, key, count in
            result.total += count.flows
            guard filter.needsRecords || filter.matches(key) else { return }
            Self.add(count, of: key, to: &result.groups)
        }
        let groups = found.groups.map { FlowGroup(key: $0.key, count: $0.value) }.sorted(by: Self.newestFirst)
        let quality = try await quality(of: request.range, usesRecords: filter.needsRecords)
        return FlowPage(
            environment: environment,
            range: FlowPage.Range(request.range),
            grouping: .connection,
            complete: quality.complete,
            lost: quality.lost,
            losses: quality.losses,
            matched: groups.reduce(0) { $0 + $1.count.flows },
            total: found.total,
            keptSince: quality.keptSince,
            items: groups.prefix(request.limit).map(FlowItem.init),
            next: nil
        )
    }

    static func add(_ count: FlowCount, of key: FlowKey, to groups: inout [FlowKey: FlowCount]) {
        if groups[key]?.merge(count) != nil { return }
        guard groups.count < groupLimit else {
            let other = FlowKey.other(key.verdict, key.direction)
            if groups[other]?.merge(count) == nil { groups[other] = count }
            return
        }
        groups[key] = count
    }

    static func newestFirst(_ left: FlowGroup, _ right: FlowGroup) -> Bool {
        (left.count.lastSeen, left.count.flows, left.count.firstSeen)
            > (right.count.lastSeen, right.count.flows, right.count.firstSeen)
    }

    /// What is known to be missing from a range.
    struct Quality {
        var complete: Bool
        var lost: UInt64
        var losses: [LossItem]
        var keptSince: Timestamp?
    }

    func quality(of range: TimeRange, usesRecords: Bool) async throws -> Quality {
        let losses = try await store.losses(in: range)
        let usage = try await store.usage()
        let prunedTo = usesRecords ? usage.recordsPrunedTo : usage.countsPrunedTo
        let kept = prunedTo.flatMap { $0 > range.from ? $0 : nil }
        return Quality(
            complete: losses.isEmpty && prunedTo.map { $0 <= range.from } ?? true,
            lost: losses.reduce(0) { $0 + $1.count },
            losses: losses.suffix(100).map(LossItem.init),
            keptSince: kept.map(Timestamp.init(microseconds:))
        )
    }

    func fold<Result: Sendable>(
        _ request: StatisticsRequest,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, _ window: Int64, FlowKey, FlowCount) -> Void
    ) async throws -> Result {
        try await store.fold(FlowQuery(filter: request.filter, range: request.range), into: initial, update)
    }

    func coverage(_ request: StatisticsRequest) async throws -> Coverage {
        let quality = try await quality(of: request.range, usesRecords: request.filter.needsRecords)
        return Coverage(
            range: FlowPage.Range(request.range),
            namespaces: request.namespaces?.sorted(),
            complete: quality.complete,
            lost: quality.lost,
            keptSince: quality.keptSince
        )
    }

    var environmentName: String { environment }
}
