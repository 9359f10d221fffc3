// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ConsolePages
import ControlPlane
import FlowModel
import Foundation
import HTTPTypes
import Hummingbird
import NetworkPrimitives

/// Recorded and live flows.
struct FlowsPages: Sendable {
    static let pageSize = 100

    var routes: [PageRoute] {
        [
            .get("e/{environment}/flows", .namespaces(.viewTraffic), show),
            .get("e/{environment}/flows/live", .namespaces(.viewTraffic), live),
            .get("e/{environment}/flows/export", .namespaces(.viewTraffic), export),
        ]
    }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        if let target = try await MovedFilter.target(request) { return request.redirect(to: target) }
        let place = try request.place()
        let status = await place.service.status(request.view)
        let standard = place.kind == .recorded ? "now-1d" : "live"
        let range = PageRange(
            request,
            standard: standard,
            keptSeconds: status.flows.store.countRetention,
            offersLive: place.kind != .recorded
        )
        let wanted = FlowsQuestion(request, range.range, await place.insight.quickFilters(request.view))
        var model = FlowsModel(page: .empty(place.name, range.range), timeRange: range.choice, query: wanted.text)
        model.columns = wanted.columns
        model.sort = wanted.sortColumn
        model.isDescending = wanted.request.isDescending
        if let filter = wanted.filter {
            try await fill(&model, wanted, filter, request)
        } else {
            // A filter that cannot be read hides everything: nothing is shown as if it had been let through.
            model.state = .empty(
                .nothingHappened("The filter has a mistake, marked above. Mend or remove it to see flows.")
            )
        }
        let context = await request.pageContext(
            command: wanted.command(place.name, range.choice),
            notices: MovedFilter.notices(request)
        )
        return request.answer(FlowsPage.page(model, context), context)
    }

    private func fill(
        _ model: inout FlowsModel,
        _ wanted: FlowsQuestion,
        _ filter: FlowFilter,
        _ request: PageRequest
    ) async throws {
        let place = try request.place()
        let found = try await place.flows.flowsOverTime(wanted.request)
        let page = found.page
        model.page = page
        model.verdictCounts = page.verdicts.map {
            [.allowed: $0.allowed, .dropped: $0.dropped, .wouldDrop: $0.wouldDrop]
        }
        model.quickFilters = page.hidden.map {
            FlowsModel.QuickFilter(id: $0.id, title: $0.title, isOn: $0.isOn, hidden: $0.events)
        }
        model.histogram = TrafficSeries(connections: found.rate)
        if page.items.isEmpty { model.state = try await emptiness(wanted, filter, request, model.timeRange) }
        if let id = request.query("sel") {
            model.selected = try await FlowDetails(request: request).detail(id, page.items, wanted.request)
        }
        if let names = request.view.names {
            model.partialView = .init(visible: names.count, all: try await namespaceCount(place))
        }
    }

    /// The number of namespaces is no secret; their names are.
    private func namespaceCount(_ place: ConsoleEnvironment) async throws -> Int {
        Set(await place.insight.coverage(.all).items.map(\.namespace)).count
    }

    /// Why there are no rows: nobody may see any, the filter hides them, or there were none.
    private func emptiness(
        _ wanted: FlowsQuestion,
        _ filter: FlowFilter,
        _ request: PageRequest,
        _ range: TimeRangeChoice
    ) async throws -> PanelState {
        if request.view.isEmpty {
            return .empty(.notPermitted("You can see none of the namespaces. Ask an administrator for Viewer."))
        }
        let all = try await request.place().flows.flows(
            FlowRequest(filter: .everything, range: wanted.request.range, limit: 1, view: request.view)
        )
        if all.rows > 0 { return .empty(.filteredOut(hidden: UInt64(all.rows))) }
        let place = try request.place()
        if place.kind != .recorded, await !place.service.status(request.view).enforcement.inSync {
            return .empty(
                .notCollecting("Nothing is recorded while the rules are not in the kernel; the overview says why.")
            )
        }
        return .empty(.nothingHappened("No flows were recorded in this range."))
    }

    /// Rows as they come: the same markup as on the page.
    @Sendable
    private func live(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let range = PageRange(request, standard: "live", keptSeconds: nil, offersLive: true)
        let wanted = FlowsQuestion(request, range.range, await place.insight.quickFilters(request.view))
        let filter = try FlowFilter(parsing: wanted.text)
        let hidden = wanted.request.quickFilters.filter(\.isOn).flatMap(\.filters)
        let context = await request.pageContext()
        var model = FlowsModel(page: .empty(place.name, range.range), timeRange: range.choice, query: wanted.text)
        model.columns = wanted.columns
        let shown = model
        let after = request.request.headers[HTTPField.Name.lastEventID].flatMap(LivePlace.init)
        let live = LiveRequest(filter: filter, hidden: hidden, view: request.view, after: after)
        return LiveStream.response(
            await place.flows.liveFlows(live),
            while: request.isStillPermitted,
            // The page draws twice a second.
            pause: .milliseconds(400),
            LiveStream.rows { FlowsPage.rows($0, shown, context).markup }
        )
    }

    @Sendable
    private func export(_ request: PageRequest) async throws -> Response {
        let place = try request.place()
        let range = PageRange(request, standard: "now-1d", keptSeconds: nil)
        var wanted = FlowsQuestion(request, range.range, await place.insight.quickFilters(request.view))
        _ = try FlowFilter(parsing: wanted.text)
        guard let format = FlowExport(rawValue: request.query("format") ?? "csv") else {
            throw ServiceError(.badRequest, "There is no such format.", fix: "Use csv, jsonl or hubble.")
        }
        wanted.request.limit = FlowRequest.largestLimit
        wanted.request.cursor = nil
        if format == .hubble { wanted.request.grouping = .raw }
        let action = AuditAction("flows.export", on: "flows", in: place.name)
        return try await request.console.audit.recording(action, request.context) { record in
            let page = try await place.flows.flows(wanted.request)
            record.detail = "\(page.items.count) rows as \(format.rawValue), filter \"\(wanted.text)\"."
            return try format.response(page)
        }
    }
}

extension FlowPage {
    /// A page without rows.
    static func empty(_ environment: String, _ range: TimeRange) -> FlowPage {
        FlowPage(
            environment: environment,
            range: FlowPage.Range(range),
            grouping: .connection,
            complete: true,
            lost: 0,
            matched: 0,
            total: 0,
            items: []
        )
    }
}
