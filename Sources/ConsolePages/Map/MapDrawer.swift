// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives

/// One node of the map: what isolates it and whom it talks to.
enum MapDrawer {
    static func html(_ model: MapModel, _ context: PageContext) -> HTML? {
        guard let node = model.nodes.first(where: { $0.id == model.selected }) else { return nil }
        let edges = model.shownEdges
        let word = { (isolated: Bool) in HTML.text(isolated ? "isolated" : "not isolated") }
        return Drawer.html(node.label, id: "map.drawer", context) {
            tag("div", .class("button-row")) {
                tag("a", .class("button primary"), .href(context.link("flows").setting("q", query(node)))) {
                    "Open flows"
                }
                tag("a", .class("button"), .href(context.location.setting("q", query(node)))) { "Only this" }
                tag("a", .class("button"), .href(context.location.setting("q", "-" + query(node)).removing("sel"))) {
                    "Hide"
                }
            }
            if node.kind == .workload || node.kind == .namespace {
                Facts.html([
                    ("Inbound", word(node.isIsolatedInbound)), ("Outbound", word(node.isIsolatedOutbound)),
                    ("Workloads", .text("\(node.workloads)")),
                ])
            }
            if let reason = node.unprotected {
                tag("p") {
                    tag("span", .class("tag bad")) { "Not reached" }; " \(reason)"
                }
            }
            tag("h3") { "Policies" }
            if node.policies.isEmpty {
                tag("p", .class("muted")) { "None." }
            } else {
                tag("ul") {
                    for name in node.policies {
                        tag("li") {
                            tag("a", .href(context.link("policies").setting("q", name))) {
                                Shortened.html(name, to: 40)
                            }
                        }
                    }
                }
            }
            tag("h3") { "Top peers" }
            peers(node, edges, context)
        }
    }

    private static func query(_ node: MapModel.Node) -> String {
        switch node.kind {
        case .namespace: FilterText.term("ns", node.id)
        case .workload: FilterText.term("workload", node.id)
        case .host, .world: "entity:\(node.id)"
        }
    }

    private static func peers(_ node: MapModel.Node, _ edges: [MapModel.Edge], _ context: PageContext) -> HTML {
        let own = edges.filter { $0.source == node.id || $0.destination == node.id }
            .sorted { ($1.connections, $0.source, $0.destination) < ($0.connections, $1.source, $1.destination) }
        return tag("ul") {
            for edge in own.prefix(10) {
                let other = edge.source == node.id ? edge.destination : edge.source
                tag("li") {
                    edge.source == node.id ? "to " : "from "
                    tag("a", .href(context.location.setting("sel", other))) { Shortened.html(other) }
                    " \(edge.label) "
                    if !edge.isUnused { VerdictMark.html(edge.verdict) }
                }
            }
        }
    }
}
