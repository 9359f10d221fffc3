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
        let edges = model.drawnEdges
        let nodes = model.nodes.sorted { $0.id < $1.id }
        let content = group {
            for island in layout.islands { islandHTML(island) }
            for edge in edges { MapEdge(edge: edge, layout: layout).html }
            for node in nodes { self.node(node) }
        }
        let summary =
            "Map of \(Figures.count(nodes.count, "node", "nodes")) and "
            + "\(Figures.count(model.shownEdges.count, "connection", "connections")). Callers are left of what they call."
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

/// One edge: a curve with a head, its label, and a cross where it is dropped.
struct MapEdge {
    var edge: MapModel.Edge
    var layout: MapLayout

    private typealias Point = (x: Double, y: Double)

    var html: HTML {
        guard let from = layout.boxes[edge.source], let to = layout.boxes[edge.destination] else { return .empty }
        let shift = Double([MapModel.Layer.allowed: 0, .dropped: 1, .wouldDrop: -1, .unused: 2][edge.layer] ?? 0) * 11
        let curve = edge.source == edge.destination ? Self.loop(from) : Self.curve(from, to, shift)
        let style = edge.isUnused ? "unused" : VerdictMark.name(edge.verdict)
        let shares: [MapModel.Layer: Double] = [.allowed: 0.5, .dropped: 0.42, .wouldDrop: 0.58, .unused: 0.5]
        let middle = Self.point(curve, at: shares[edge.layer] ?? 0.5)
        let isBelow = edge.layer == .dropped || edge.layer == .unused
        return tag(
            "g",
            .class("edge \(style) w\(edge.width)"),
            .init("data-from", edge.source),
            .init("data-to", edge.destination),
            .testID("map.edge")
        ) {
            tag("path", .init("d", Self.path(curve)))
            tag("path", .class("head"), .init("d", Self.head(curve)))
            if edge.verdict == .dropped, !edge.isUnused {
                tag("path", .class("cross"), .init("d", Self.cross(Self.point(curve, at: 0.78))))
            }
            tag(
                "text",
                .number("x", middle.x),
                .number("y", middle.y + (isBelow ? 15 : -5)),
                .init("text-anchor", "middle")
            ) {
                edge.label
            }
        }
    }

    private static func curve(_ from: MapLayout.Box, _ to: MapLayout.Box, _ shift: Double) -> [Point] {
        let start: Point, end: Point
        let bend: Double
        if to.x >= from.x + from.width {
            start = (from.x + from.width, from.middle + shift)
            end = (to.x - 9, to.middle + shift)
            bend = max(30, (end.x - start.x) / 2)
            return [start, (start.x + bend, start.y), (end.x - bend, end.y), end]
        }
        if to.x + to.width <= from.x {
            start = (from.x, from.middle + shift + 6)
            end = (to.x + to.width + 9, to.middle + shift + 6)
            bend = max(30, (start.x - end.x) / 2)
            return [start, (start.x - bend, start.y + 24), (end.x + bend, end.y + 24), end]
        }
        start = (from.x + from.width, from.middle + shift)
        end = (to.x + to.width + 9, to.middle + shift)
        return [start, (start.x + 60, start.y), (end.x + 52, end.y), end]
    }

    private static func loop(_ box: MapLayout.Box) -> [Point] {
        let x = box.x + box.width / 2
        return [(x + 28, box.y), (x + 60, box.y - 26), (x - 60, box.y - 26), (x - 28, box.y - 1)]
    }

    private static func path(_ curve: [Point]) -> String {
        let text = curve.map { "\(Figures.coordinate($0.x)) \(Figures.coordinate($0.y))" }
        return "M\(text[0])C\(text[1]) \(text[2]) \(text[3])"
    }

    private static func point(_ curve: [Point], at share: Double) -> Point {
        let rest = 1 - share
        let weights = [rest * rest * rest, 3 * rest * rest * share, 3 * rest * share * share, share * share * share]
        return zip(curve, weights).reduce((0, 0)) { ($0.x + $1.0.x * $1.1, $0.y + $1.0.y * $1.1) }
    }

    /// A triangle at the end, in the direction that the curve comes from.
    private static func head(_ curve: [Point]) -> String {
        let (before, end) = (curve[2], curve[3])
        let (dx, dy) = (end.x - before.x, end.y - before.y)
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let (ux, uy) = (dx / length, dy / length)
        let tip: Point = (end.x + ux * 8, end.y + uy * 8)
        let corners: [Point] = [(end.x - uy * 5, end.y + ux * 5), tip, (end.x + uy * 5, end.y - ux * 5)]
        return "M" + corners.map { "\(Figures.coordinate($0.x)) \(Figures.coordinate($0.y))" }.joined(separator: "L")
            + "Z"
    }

    private static func cross(_ center: Point) -> String {
        let (x, y) = (center.x, center.y)
        func text(_ dx: Double, _ dy: Double) -> String {
            "\(Figures.coordinate(x + dx)) \(Figures.coordinate(y + dy))"
        }
        return "M\(text(-6, -6))L\(text(6, 6))M\(text(-6, 6))L\(text(6, -6))"
    }
}
