// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird
import NetworkPrimitives

/// How much traffic there was, and of what kind.
struct StatisticsPages: Sendable {
    var routes: [PageRoute] {
        [
            .get("e/{environment}/stats", .namespaces(.viewTraffic), show),
            .get("e/{environment}/stats/export", .namespaces(.viewTraffic), export),
        ]
    }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let status = await place.service.status(request.view)
        let range = PageRange(request, standard: "now-8h", keptSeconds: status.flows.store.countRetention)
        let (counted, totals) = try await totals(request, range)
        var model = StatisticsModel(
            timeRange: range.choice,
            totals: totals.totals,
            rate: TrafficSeries(packets: try await place.flows.rate(counted))
        )
        model.previous = totals.previous
        model.scope = counted.namespaces?.sorted() ?? []
        try await fill(&model, counted, request)
        let seconds = Double(range.range.to - range.range.from) / 1_000_000
        model.connectionsPerSecond =
            place.kind == .recorded
            ? Double(totals.totals.total.connections) / seconds : status.flows.flowsPerSecond
        let since = range.choice.isRelative ? range.choice.from : "\(Timestamp(microseconds: range.range.from))"
        let context = await request.pageContext(command: "palisade stats totals -e \(place.name) --since \(since)")
        return request.answer(StatisticsPage.page(model, context), context)
    }

    private func totals(_ request: PageRequest, _ range: PageRange) async throws -> (StatisticsRequest, TotalsReport) {
        let scope = request.queries("ns").flatMap { $0.split(separator: ",").map(String.init) }
        let counted = StatisticsRequest(
            range: range.range,
            namespaces: scope.isEmpty ? nil : Set(scope),
            limit: 10,
            view: request.view,
            comparesWithPrevious: true
        )
        return (counted, try await request.place().flows.totals(counted))
    }

    private func fill(_ model: inout StatisticsModel, _ counted: StatisticsRequest, _ request: PageRequest) async throws
    {
        let place = try request.place()
        let details = try await place.insight.details(counted, by: [.reason, .port, .policy])
        model.byNamespace = details.namespaces.items
        model.omittedNamespaces = details.namespaces.omitted
        model.drops = details.drops.items
        model.omittedDrops = details.drops.omitted
        model.reasons = Self.shares(.reason, details.breakdowns)
        model.ports = Self.shares(.port, details.breakdowns)
        model.policies = Self.shares(.policy, details.breakdowns)
        let quality = try await place.insight.dataQuality(counted)
        model.isComplete = quality.coverage.complete
        model.lost = quality.coverage.lost
        model.gaps = quality.gaps.map { .init(from: $0.from, to: $0.to, cause: $0.cause, lost: $0.lost) }
        let coverage = await place.insight.coverage(request.view)
        model.isolated = .init(count: coverage.items.count { $0.inbound || $0.outbound }, all: coverage.items.count)
        model.namespaces = Set(coverage.items.map(\.namespace)).sorted()
        let policies = await place.service.policies(request.view).items
        model.activePolicies = policies.count { $0.mode == .blocking }
        model.auditPolicies = policies.count { $0.mode == .audit }
    }

    private static func shares(
        _ dimension: BreakdownReport.Dimension,
        _ reports: [BreakdownReport]
    ) -> [StatisticsModel.Share] {
        reports.filter { $0.dimension == dimension }.flatMap(\.items).map {
            .init(name: $0.name, allowed: $0.allowed, dropped: $0.dropped, wouldDrop: $0.wouldDrop)
        }
    }

    @Sendable
    private func export(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let range = PageRange(request, standard: "now-8h", keptSeconds: nil)
        let (counted, _) = try await totals(request, range)
        let rate = try await place.flows.rate(counted)
        let action = AuditAction("statistics.export", on: "statistics", in: place.name)
        return try await request.console.audit.recording(action, request.context) { _ in
            var text = FlowExport.line([
                "start", "seconds", "allowed", "dropped", "would_drop", "gap", "incomplete", "lost",
            ])
            for bucket in rate.buckets {
                let isWhole = bucket.seconds == Double(rate.bucketSeconds)
                text += FlowExport.line([
                    bucket.start.description, isWhole ? "\(rate.bucketSeconds)" : "\(bucket.seconds)",
                    "\(bucket.allowed.packets)",
                    "\(bucket.dropped.packets)", "\(bucket.wouldDrop.packets)", "\(bucket.isGap)",
                    "\(bucket.isIncomplete)", "\(bucket.lost)",
                ])
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8",
                    .contentDisposition: "attachment; filename=\"palisade-statistics.csv\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }
    }
}
