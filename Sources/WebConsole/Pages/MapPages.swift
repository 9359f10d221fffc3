// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ConsolePages
import ControlPlane
import FlowModel
import HTTPTypes
import Hummingbird

/// Who talks to whom.
struct MapPages: Sendable {
    var routes: [PageRoute] {
        [
            .get("e/{environment}/map", .namespaces(.viewTraffic), show),
            .get("e/{environment}/map/export", .namespaces(.viewTraffic), export),
        ]
    }

    @Sendable
    private func show(_ request: PageRequest) async throws -> Response {
        if let target = try await MovedFilter.target(request) { return request.redirect(to: target) }
        let model = try await model(request)
        let place = try request.place()
        let since = model.timeRange.isRelative ? " --since \(model.timeRange.from)" : ""
        let context = await request.pageContext(
            command: "palisade map -e \(place.name)\(since)",
            notices: MovedFilter.notices(request)
        )
        return request.answer(MapPage.page(model, context), context)
    }

    private func model(_ request: PageRequest) async throws -> MapModel {
        let place = try request.place()
        let status = await place.service.status(request.view)
        let range = PageRange(request, standard: "now-8h", keptSeconds: status.flows.store.countRetention)
        let text = request.query("q") ?? ""
        // That it has a mistake is said below, and nothing is drawn then.
        let filter = try? FlowFilter(parsing: text)
        let expanded = Set(request.queries("expand").flatMap { $0.split(separator: ",").map(String.init) })
        let chosen = Set(request.queries("layers").compactMap(MapModel.Layer.init))
        let layers = chosen.isEmpty ? [.allowed, .dropped, .wouldDrop] : chosen
        var model = MapModel(timeRange: range.choice, query: text, nodes: [], edges: [])
        model.expanded = expanded
        model.layers = layers
        model.selected = request.query("sel")
        model.showsTable = request.query("view") == "table"
        guard let filter else {
            model.state = .empty(.nothingHappened("The filter has a mistake. Mend or remove it to see the map."))
            return model
        }
        let map = try await place.insight.map(
            TrafficMapRequest(
                statistics: StatisticsRequest(range: range.range, filter: filter, view: request.view),
                expanded: expanded.contains("*") ? nil : expanded,
                includesUnused: layers.contains(.unused)
            )
        )
        model.nodes = map.nodes.map { MapModel.Node($0) }
        model.edges = map.edges.map { MapModel.Edge($0) }
        model.omittedEdges = map.omittedEdges
        if map.nodes.isEmpty { model.state = .empty(.nothingHappened("There are no workloads to draw.")) }
        return model
    }

    @Sendable
    private func export(_ request: PageRequest) async throws -> Response {
        let format = request.query("format") ?? "csv"
        let model = try await model(request)
        let context = await request.pageContext()
        guard let text = MapExport.text(model, context, format: format) else {
            throw ServiceError(.badRequest, "There is no such format.", fix: "Use csv, md, mermaid, svg or dot.")
        }
        let place = try request.place()
        let action = AuditAction("map.export", on: "map", in: place.name)
        return try await request.console.audit.recording(action, request.context) { record in
            record.detail = "\(model.edges.count) edges as \(format)."
            return Response(
                status: .ok,
                headers: [
                    .contentType: MapExport.mediaType(format),
                    .contentDisposition:
                        "attachment; filename=\"palisade-map.\(format == "mermaid" ? "mmd" : format)\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }
    }
}
