// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
import Synchronization

/// A flow store in memory, for tests of what reads and writes one.
public final class MemoryFlowStore: FlowStore {
    private struct State {
        var flows: [Flow] = []
        var losses: [FlowLoss] = []
        var failure: FlowStoreError?
    }

    private let state = Mutex(State())

    public init() {}

    /// Makes every append fail until it is called with `nil`.
    public func fail(with error: FlowStoreError?) { state.withLock { $0.failure = error } }

    public func append(_ flows: [Flow], losses: [FlowLoss]) async throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.flows += flows
            state.losses += losses
        }
    }

    public func flows(_ query: FlowQuery) async throws -> FlowSlice {
        let all = state.withLock { $0.flows }
        let ordered = all.enumerated().filter { query.range.contains($0.element.time) }
            .sorted { ($0.element.time, $0.offset) > ($1.element.time, $1.offset) }
            .filter { item in
                query.cursor.map { (item.element.time, Int64(item.offset)) < ($0.time, $0.record) } ?? true
            }
        let found = ordered.compactMap { item in query.seen(item.element).map { (offset: item.offset, element: $0) } }
        let page = found.prefix(query.limit)
        let next =
            found.count > page.count
            ? page.last.map { FlowCursor(time: $0.element.time, record: Int64($0.offset)) } : nil
        return FlowSlice(flows: page.map(\.element), scanned: UInt64(ordered.count), next: next)
    }

    public func fold<Result: Sendable>(
        _ query: FlowQuery,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, _ window: Int64, FlowKey, FlowCount) -> Void
    ) async throws -> Result {
        var result = initial
        for flow in state.withLock({ $0.flows }) where query.range.contains(flow.time) {
            guard let key = query.seenKey(of: flow) else { continue }
            update(&result, query.windowStart(of: flow.time), key, FlowCount(flow))
        }
        return result
    }

    public func losses(in range: TimeRange) async throws -> [FlowLoss] {
        state.withLock { $0.losses.filter { range.overlaps(from: $0.from, through: $0.to) } }
    }

    public func usage() async throws -> FlowStoreUsage {
        let oldest = state.withLock { $0.flows.map(\.time).min() }
        return FlowStoreUsage(
            bytes: 0,
            capacity: 0,
            oldestRecord: oldest,
            oldestCount: oldest.map(FlowWindow.start),
            recordRetention: 86_400,
            countRetention: 2_592_000
        )
    }

    public func prune(now: Int64) async throws {}

    public func kinds() async throws -> Int { state.withLock { Set($0.flows.map { FlowKey($0) }).count } }
}
