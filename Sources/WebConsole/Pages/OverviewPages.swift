// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird

/// What greets somebody.
struct OverviewPages: Sendable {
    var routes: [PageRoute] { [.get("e/{environment}/overview", .namespaces(.viewTraffic), show)] }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let status = await place.service.status(request.view)
        let range = PageRange(request, standard: "now-8h", keptSeconds: status.flows.store.countRetention)
        let report = try await place.insight.overview(request.view, over: range.range)
        let counted = StatisticsRequest(range: range.range, view: request.view)
        let rate = try await place.flows.rate(counted)
        let model = OverviewModel(
            timeRange: range.choice,
            status: status,
            totals: report.totals,
            series: TrafficSeries(packets: rate),
            attention: report.items.map { Self.attention($0, place.name) },
            isolation: .init(
                both: report.workloads.both,
                inboundOnly: report.workloads.inboundOnly,
                outboundOnly: report.workloads.outboundOnly,
                none: report.workloads.none
            ),
            drops: report.topDrops
        )
        let context = await request.pageContext(command: "palisade status -e \(place.name)")
        return request.answer(OverviewPage.page(model, context), context)
    }

    private static func attention(_ item: OverviewReport.Item, _ environment: String) -> OverviewModel.Attention {
        let severity: OverviewModel.Attention.Severity =
            switch item.severity {
            case .error: .problem
            case .warning: .warning
            case .note: .remark
            }
        let (link, action) = Self.target(item.link, environment)
        let names = item.names.isEmpty ? "" : " (\(item.names.prefix(5).joined(separator: ", ")))"
        return OverviewModel.Attention(
            id: item.topic.rawValue,
            severity: severity,
            text: item.message + names,
            action: action,
            link: link
        )
    }

    private static func target(_ link: OverviewLink, _ environment: String) -> (Link, String) {
        func page(_ name: String) -> Link {
            var target = Link("e", environment, name)
            if let filter = link.filter { target = target.setting("q", filter) }
            if let back = link.lookback { target = target.setting("from", "now-\(back / 1_000_000)s") }
            return target
        }
        switch link.page {
        case .flows: return (page("flows"), "Show flows")
        case .policies: return (page("policies").setting("q", link.name), "Show policies")
        case .coverage: return (page("policies").setting("tab", "coverage"), "Show workloads")
        case .map: return (page("map"), "Show map")
        case .statistics: return (page("stats"), "Show statistics")
        case .status, .mode: return (page("overview"), "Show status")
        }
    }
}
