// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
public import FlowModel
import NetworkPrimitives

extension HostEnvironment {
    public func overview(_ view: NamespaceView, over range: TimeRange?) async throws -> OverviewReport {
        let end = now()
        let shift = StatisticsRequest(
            range: TimeRange(from: end - Attention.shift, to: end),
            limit: 10,
            view: view
        )
        var request = shift
        request.range = range ?? shift.range
        let covered = try await coverage(request)
        let traffic = try await traffic(over: request)
        let attention = try await attention(view, try await coverage(shift), until: end)
        let (health, text) = attention.health
        return OverviewReport(
            environment: settings.name,
            health: health,
            healthText: text,
            mode: attention.status.mode.mode,
            isModeObserved: attention.status.mode.observed,
            policies: attention.policies.count,
            coverage: covered,
            totals: traffic.tally.totals,
            packets: traffic.packets,
            droppedPackets: traffic.dropped,
            items: attention.items,
            workloads: OverviewReport.CoverageCounts(attention.coverage),
            topDrops: try await drops(request).items
        )
    }

    private func attention(_ view: NamespaceView, _ covered: Coverage, until end: Int64) async throws -> Attention {
        let world = await state.world
        var query = FlowQuery(
            filter: FlowFilter([FlowFilter.Term(key: .verdict, value: .verdict(.wouldDrop))]),
            range: TimeRange(from: end - Attention.day, to: end),
            view: FlowView(view)
        )
        (query.window, query.detail) = (.whole, .kinds)
        let wouldDrop = try await parts.store.fold(query, into: UInt64(0)) { $0 += $3.flows }
        return Attention(
            status: await status(view),
            policies: await policies(view).items,
            coverage: WorkloadCoverage(world?.facts.coverage, view),
            wouldDrop: wouldDrop,
            hasLosses: !covered.complete && covered.keptSince == nil,
            lost: covered.lost
        )
    }

    private struct Traffic: Sendable {
        var tally = TrafficTally()
        var packets: Sparkline
        var dropped: Sparkline
    }

    /// Totals and both lines in one pass.
    private func traffic(over request: StatisticsRequest) async throws -> Traffic {
        let buckets = TimeBuckets.sparkline(request.range)
        let scope = request.scope
        var query = request.query
        (query.window, query.detail) = (.length(buckets.length), scope == nil ? .kinds : .namespaces)
        let empty = Traffic(packets: buckets.sparkline, dropped: buckets.sparkline)
        return try await parts.store.fold(query, into: empty) { traffic, window, key, count in
            traffic.tally.add(key, count, scope: scope)
            let index = buckets.index(of: window)
            traffic.packets.counts[index] += count.packets
            if key.verdict == .dropped { traffic.dropped.counts[index] += count.packets }
        }
    }
}
