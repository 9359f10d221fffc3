// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// The map as SVG.
struct MapDrawing {
    var model: MapModel
    var layout: MapLayout
    var context: PageContext

    init(_ model: MapModel, _ context: PageContext) {
        self.model = model
        self.context = context
        layout = MapLayout(model)
    }

    var html: HTML {
        let edges = drawnEdges
        let nodes = model.nodes.sorted { $0.id < $1.id }
        let content = group {
            for island in layout.islands { islandHTML(island) }
            for edge in edges { edge.html }
            for node in nodes { self.node(node) }
            for edge in edges { edge.labelHTML }
        }
        let summary =
            "Map of \(Figures.count(nodes.count, "node", "nodes")) and "
            + "\(Figures.count(model.shownEdgeCount, "connection", "connections")). Callers are left of what they call."
        return tag(
            "svg",
            .id("map"),
            .init("role", "group"),
            .label(summary),
            .testID("map.graph"),
            .init("viewBox", "0 0 \(Figures.coordinate(layout.width)) \(Figures.coordinate(layout.height))"),
            .number("width", layout.width),
            .number("height", layout.height),
            .init("data-version", "\(Fingerprint(content.markup.utf8))")
        ) { content }
    }

    private var drawnEdges: [MapEdge] {
        let edges = model.drawnEdges
        let curves = edges.map { MapCurve($0, layout) }
        let labels = MapLabels(edges, curves, layout).labels
        return edges.indices.compactMap { index in
            curves[index].map { MapEdge(edge: edges[index], curve: $0, label: labels[index]) }
        }
    }

    private func islandHTML(_ island: MapLayout.Island) -> HTML {
        let box = island.box
        return tag("g", .testID("map.island.\(island.id)")) {
            tag(
                "rect",
                .class("island"),
                .number("x", box.x),
                .number("y", box.y),
                .number("width", box.width),
                .number("height", box.height),
                .init("rx", "8")
            )
            tag("text", .number("x", box.x + 14), .number("y", box.y + 22)) { island.id }
            toggle(island.id, sign: "−", label: "Collapse \(island.id)", x: box.x + box.width - 30, y: box.y + 5)
        }
    }

    private func node(_ node: MapModel.Node) -> HTML {
        guard let box = layout.boxes[node.id] else { return .empty }
        let isTall = box.height > 40
        return tag("g") {
            tag(
                "a",
                .class(style(node)),
                .href(context.location.setting("sel", node.id)),
                .init("data-node", node.id),
                .label(description(node)),
                .testID("map.node.\(node.id)"),
                .init("aria-current", node.id == model.selected ? "true" : nil)
            ) {
                tag("title") { description(node) }
                tag(
                    "rect",
                    .number("x", box.x),
                    .number("y", box.y),
                    .number("width", box.width),
                    .number("height", box.height),
                    .init("rx", "6")
                )
                tag("text", .number("x", box.x + 12), .number("y", box.middle + (isTall ? -3 : 4.5))) {
                    shortened(node.label, to: isTall ? 19 : 21)
                }
                if isTall {
                    tag("text", .class("sub"), .number("x", box.x + 12), .number("y", box.middle + 15)) {
                        subtitle(node)
                    }
                }
            }
            if node.kind == .namespace {
                toggle(node.id, sign: "+", label: "Expand \(node.id)", x: box.x + box.width - 30, y: box.y + 4)
            }
        }
    }

    private func toggle(_ name: String, sign: String, label: String, x: Double, y: Double) -> HTML {
        let expanded = model.expanded.symmetricDifference([name]).sorted()
        let link = context.location.setting("expand", expanded.isEmpty ? nil : expanded.joined(separator: ","))
        return tag("a", .class("node toggle"), .href(link), .label(label), .testID("map.toggle.\(name)")) {
            tag("rect", .number("x", x), .number("y", y), .init("width", "24"), .init("height", "24"), .init("rx", "5"))
            tag("text", .number("x", x + 12), .number("y", y + 17), .init("text-anchor", "middle")) { sign }
        }
    }

    private func style(_ node: MapModel.Node) -> String {
        let hasPolicies = node.kind == .workload || node.kind == .namespace
        if !hasPolicies { return "node outside" }
        return node.isIsolatedInbound || node.isIsolatedOutbound ? "node isolated" : "node open"
    }

    private func subtitle(_ node: MapModel.Node) -> String {
        switch node.kind {
        case .namespace:
            Figures.count(node.workloads, "workload", "workloads") + (node.policies.isEmpty ? ", no policy" : "")
        case .workload: "workload"
        case .host: "this host"
        case .world: "outside"
        }
    }

    private func description(_ node: MapModel.Node) -> String {
        guard node.kind == .workload || node.kind == .namespace else { return "\(node.label), \(subtitle(node))" }
        let isolation =
            switch (node.isIsolatedInbound, node.isIsolatedOutbound) {
            case (true, true): "isolated inbound and outbound"
            case (true, false): "isolated inbound"
            case (false, true): "isolated outbound"
            case (false, false): "not isolated"
            }
        return "\(node.id), \(node.kind.rawValue), \(isolation)"
            + (node.unprotected.map { ", not reached: \($0)" } ?? "")
    }

    private func shortened(_ text: String, to length: Int) -> String {
        text.count <= length ? text : "\(text.prefix(length / 2))…\(text.suffix(length - length / 2 - 1))"
    }
}

/// One edge: a curve with a head, and a cross where it is dropped.
struct MapEdge {
    var edge: MapModel.Edge
    var curve: MapCurve
    var label: MapLabels.Label?

    var html: HTML {
        tag(
            "g",
            .class("edge \(style) w\(edge.width)"),
            .init("data-from", edge.source),
            .init("data-to", edge.destination),
            .testID("map.edge")
        ) {
            tag("title") { edge.title }
            tag("path", .init("d", curve.path))
            tag("path", .class("head"), .init("d", curve.head))
            if edge.verdict == .dropped, !edge.isUnused {
                tag("path", .class("cross"), .init("d", curve.cross))
            }
        }
    }

    /// Drawn after all curves, so that none of them crosses its halo.
    var labelHTML: HTML {
        guard let label else { return .empty }
        return tag(
            "g",
            .class("edge-label \(style)"),
            .init("data-from", edge.source),
            .init("data-to", edge.destination)
        ) {
            tag("title") { edge.title }
            tag(
                "text",
                .number("x", label.box.x + label.box.width / 2),
                .number("y", label.box.middle + 4),
                .init("text-anchor", "middle"),
                .testID("map.label")
            ) { label.text }
        }
    }

    private var style: String { edge.isUnused ? "unused" : VerdictMark.name(edge.verdict) }
}
