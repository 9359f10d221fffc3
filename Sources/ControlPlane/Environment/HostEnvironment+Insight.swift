// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import FlowModel
import PolicyModel

extension HostEnvironment: InsightService {
    public func map(_ request: TrafficMapRequest) async throws -> TrafficMap {
        let statistics = request.statistics
        let world = await state.world
        let coverage = world.map { WorkloadCoverage($0.facts.coverage, statistics.view) }
        let empty = TrafficMapBuilder(coverage, request)
        var builder = try await scopedFold(statistics, into: empty) { $0.add($1, $2) }
        if request.includesUnused, let world { builder.addUnused(world) }
        return builder.map(environment: settings.name, try await self.coverage(statistics))
    }

    public func policyUse(_ request: StatisticsRequest) async throws -> PolicyUseReport {
        let world = await state.world
        let loaded = (world?.snapshot.policies ?? []).filter { request.view.contains($0.id.namespace) }
        let changes = PolicyChanges(loaded, changed: world?.changed ?? [:], in: request.range)
        var tally = try await scopedFold(request, into: PolicyUseTally()) { tally, key, count in
            tally.add(key, count) { !changes.names.contains($0) }
        }
        // A rule of a policy that changed counts since it changed.
        for change in changes.steps {
            var since = request
            since.range = TimeRange(from: change.time, to: request.range.to)
            tally = try await scopedFold(since, into: tally) { tally, key, count in
                tally.add(key, count, for: change.names.contains)
            }
        }
        return PolicyUseReport(
            environment: settings.name,
            coverage: try await coverage(request),
            items: tally.items((world?.facts.rules ?? []).filter { request.view.contains($0.namespace) })
        )
    }

    public func coverage(_ view: NamespaceView) async -> CoverageReport {
        guard let world = await state.world else { return CoverageReport(environment: settings.name, items: []) }
        return CoverageReport(environment: settings.name, WorkloadCoverage(world.facts.coverage, view), view)
    }

    public func breakdown(
        _ request: StatisticsRequest,
        by dimension: BreakdownReport.Dimension
    ) async throws -> BreakdownReport {
        let tally = try await detailTally(request, by: [dimension]).breakdowns[0]
        return report(tally, by: dimension, request, try await coverage(request))
    }

    public func details(
        _ request: StatisticsRequest,
        by dimensions: [BreakdownReport.Dimension]
    ) async throws -> TrafficDetails {
        let tally = try await detailTally(request, by: dimensions)
        let coverage = try await coverage(request)
        return TrafficDetails(
            namespaces: report(tally.namespaces, request, coverage),
            drops: try await report(tally.drops, request, coverage),
            breakdowns: zip(tally.breakdowns, dimensions).map { report($0, by: $1, request, coverage) }
        )
    }

    private func detailTally(
        _ request: StatisticsRequest,
        by dimensions: [BreakdownReport.Dimension]
    ) async throws -> TrafficDetailTally {
        var query = request.query
        query.window = .whole
        let empty = TrafficDetailTally(request, by: dimensions)
        return try await parts.store.fold(query, into: empty) { $0.add($2, $3) }
    }

    private func report(
        _ tally: BreakdownTally,
        by dimension: BreakdownReport.Dimension,
        _ request: StatisticsRequest,
        _ coverage: Coverage
    ) -> BreakdownReport {
        let items = tally.items
        return BreakdownReport(
            environment: settings.name,
            coverage: coverage,
            dimension: dimension,
            items: Array(items.prefix(request.limit)),
            omitted: max(0, items.count - request.limit)
        )
    }

    public func dataQuality(_ request: StatisticsRequest) async throws -> DataQualityReport {
        let usage = try await parts.store.usage()
        let losses = try await losses(in: request.range, usage)
        let gaps = CollectionGaps(losses, isCounted: request.view == .all)
        return DataQualityReport(
            environment: settings.name,
            coverage: try await coverage(request),
            gaps: gaps.gaps,
            omitted: gaps.omitted
        )
    }

    public func quickFilters(_ view: NamespaceView) async -> [QuickFilter] { QuickFilter.host }

    /// Hands over counts with an end in the scope, those of one kind of connection perhaps in parts.
    ///
    /// Making a table of all kinds first would cost several times as much.
    private func scopedFold<Result: Sendable>(
        _ request: StatisticsRequest,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, FlowKey, FlowCount) -> Void
    ) async throws -> Result {
        let scope = request.scope
        var query = request.query
        query.window = .whole
        return try await parts.store.fold(query, into: initial) { result, _, key, count in
            guard scope == nil || TrafficTally.place(key, scope: scope) != nil else { return }
            update(&result, key, count)
        }
    }
}

/// The policies that changed inside a range, by the time since which they are as they are.
struct PolicyChanges {
    struct Step {
        var time: Int64
        var names: Set<String>
    }

    /// Steps at most; what changed at more times than that counts from the later of neighbouring ones.
    static let most = 32

    /// All that changed.
    let names: Set<String>
    let steps: [Step]

    init(_ policies: [Policy], changed: [PolicyID: Int64], in range: TimeRange) {
        var byTime: [Int64: Set<String>] = [:]
        // Of two policies with one name the later change counts for both: flows do not tell them apart.
        var latest: [String: Int64] = [:]
        for policy in policies {
            guard let time = changed[policy.id], time > range.from else { continue }
            latest[policy.id.description] = max(latest[policy.id.description] ?? time, time)
        }
        for (name, time) in latest { byTime[min(time, range.to), default: []].insert(name) }
        names = Set(latest.keys)
        let sorted = byTime.sorted { $0.key < $1.key }
        let size = max(1, (sorted.count + Self.most - 1) / Self.most)
        steps = stride(from: 0, to: sorted.count, by: size).compactMap { start in
            let part = sorted[start..<min(start + size, sorted.count)]
            guard let last = part.last else { return nil }
            return Step(time: last.key, names: part.reduce(into: []) { $0.formUnion($1.value) })
        }
    }
}
