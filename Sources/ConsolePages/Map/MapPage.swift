// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import NetworkPrimitives

/// Who talks to whom: the drawing and the table of the same edges.
public enum MapPage {
    public static func page(_ model: MapModel, _ context: PageContext) -> Page {
        let isTable = model.showsTable || model.isTableOnly
        let body = group {
            Tabs.html(
                "Map",
                [
                    (title: "Graph", link: context.location.removing("view"), isCurrent: !isTable),
                    (title: "Table", link: context.location.setting("view", "table"), isCurrent: isTable),
                ]
            )
            banner(model, context)
            tools(model, context)
            if case .empty = model.state {
                Panel.html("Map", id: "map.panel", state: model.state, context) { HTML.empty }
            } else if isTable {
                Panel.html("Connections", id: "map.panel", state: model.state, context) {
                    table(model.shownEdges, "map.rows", model, context)
                }
            } else {
                Panel.html("Graph", id: "map.panel", state: model.state, context) {
                    zoom
                } content: {
                    tag(
                        "div",
                        .class("map-view"),
                        .id("map-view"),
                        .init("tabindex", "0"),
                        .init("role", "region"),
                        .label("Map, scrolls")
                    ) {
                        MapDrawing(model, context).html
                    }
                    selection(model, context)
                    legend
                }
            }
        }
        return Page(
            title: "Map",
            section: .map,
            crumbs: FlowsPage.crumbs("Map", context),
            timeRange: model.timeRange,
            body: body,
            drawer: MapDrawer.html(model, context),
            modules: ["map.js"]
        )
    }

    /// The drawing alone, for a file of its own: it has the classes of the style sheet and no colours.
    public static func drawing(_ model: MapModel, _ context: PageContext) -> String {
        MapDrawing(model, context).html.markup
    }

    private static func banner(_ model: MapModel, _ context: PageContext) -> HTML {
        let table = tag("a", .href(context.location.setting("view", "table"))) { "Show table" }
        let edges = model.shownEdgeCount
        return group {
            if model.isTableOnly {
                tag("div", .class("notice remark"), .testID("map.banner")) {
                    Icon.remark
                    tag("p") {
                        "\(Figures.grouped(model.nodes.count)) nodes: more than \(Figures.grouped(MapModel.largestNodeCount)) cannot be drawn so that they can be read. The table has them all."
                    }
                }
            } else if model.isOverBudget {
                tag("div", .class("notice remark"), .testID("map.banner")) {
                    Icon.remark
                    tag("p") {
                        "\(Figures.count(edges, "edge", "edges")). "
                        model.selected == nil ? "Select a node to see its own. " : "Showing those of the selection. "
                        table
                    }
                }
            }
            if model.omittedEdges > 0 {
                tag("p", .class("muted")) {
                    "Showing the busiest; \(Figures.grouped(model.omittedEdges)) more edges are left out."
                }
            }
        }
    }

    private static func tools(_ model: MapModel, _ context: PageContext) -> HTML {
        tag("div", .class("filterbar")) {
            tag("div", .class("filter-row")) {
                Form.get(
                    context.location,
                    keeping: context.location.removing("q", "sel").query,
                    .class("search"),
                    .init("role", "search")
                ) {
                    tag("label", .init("for", "filter"), .class("quiet")) { "Filter" }
                    tag(
                        "input",
                        .type("text"),
                        .id("filter"),
                        .name("q"),
                        .value(model.query),
                        .flag("data-slash"),
                        .init("placeholder", "ns:shop verdict:dropped"),
                        .init("autocomplete", "off")
                    )
                    tag("button", .type("submit")) { "Filter" }
                }
                layers(model, context)
                expansion(model, context)
                exports(context)
                tag(
                    "button",
                    .type("button"),
                    .class("primary"),
                    .id("map-updates"),
                    .flag("hidden"),
                    .testID("map.updates")
                ) { "Updates available: apply" }
            }
        }
    }

    private static func layers(_ model: MapModel, _ context: PageContext) -> HTML {
        let titles: [MapModel.Layer: String] = [
            .allowed: "Allowed", .dropped: "Dropped", .wouldDrop: "Would drop", .unused: "Permitted but unused",
        ]
        return tag("details", .class("menu"), .testID("map.layers")) {
            tag("summary") { "Layers" }
            tag("div", .class("menu-body")) {
                Form.get(context.location, keeping: context.location.removing("layers").query, .class("checks")) {
                    tag("fieldset") {
                        tag("legend") { "Show" }
                        for layer in MapModel.Layer.allCases {
                            tag("label") {
                                tag(
                                    "input",
                                    .type("checkbox"),
                                    .name("layers"),
                                    .value(layer.rawValue),
                                    .flag("checked", model.layers.contains(layer))
                                )
                                tag("span") { titles[layer] ?? layer.rawValue }
                            }
                        }
                    }
                    Form.submit("Apply")
                }
            }
        }
    }

    private static func expansion(_ model: MapModel, _ context: PageContext) -> HTML {
        let collapsed = model.nodes.filter { $0.kind == .namespace }
        let all = model.nodes.reduce(0) { $0 + $1.workloads }
        return group {
            if !collapsed.isEmpty, all <= MapModel.nodeBudget {
                tag("a", .class("button"), .href(context.location.setting("expand", "*"))) { "Expand all" }
            }
            if !model.expanded.isEmpty {
                tag("a", .class("button"), .href(context.location.removing("expand"))) { "Collapse all" }
            }
        }
    }

    private static func exports(_ context: PageContext) -> HTML {
        let base = Link(
            segments: context.link("map", "export").segments,
            query: context.location.removing("sel", "view").query
        )
        let formats = [("csv", "CSV"), ("md", "Markdown"), ("mermaid", "Mermaid"), ("svg", "SVG"), ("dot", "DOT")]
        return tag("details", .class("menu")) {
            tag("summary") { "Export" }
            tag("div", .class("menu-body")) {
                tag("ul") {
                    for (format, title) in formats {
                        tag("li") { tag("a", .href(base.setting("format", format))) { title } }
                    }
                }
            }
        }
    }

    private static let zoom = tag("div", .class("map-tools scripted")) {
        for (id, sign, label) in [
            ("map-in", "+", "Zoom in"), ("map-out", "−", "Zoom out"), ("map-fit", "Fit", "Fit the map"),
            ("map-left", "←", "Move left"), ("map-right", "→", "Move right"), ("map-up", "↑", "Move up"),
            ("map-down", "↓", "Move down"),
        ] {
            tag("button", .type("button"), .class("small"), .id(id), .label(label)) { sign }
        }
    }

    private static let legend = tag("p", .class("legend")) {
        VerdictMark.html(.allowed)
        VerdictMark.html(.wouldDrop)
        VerdictMark.html(.dropped)
        tag("span", .class("muted")) { "Dotted line: permitted but unused. Dashed box: no policy. Width: connections." }
    }

    private static func selection(_ model: MapModel, _ context: PageContext) -> HTML {
        guard let id = model.selected else { return .empty }
        let edges = model.shownEdges.filter { $0.source == id || $0.destination == id }
        return tag("section", .init("aria-labelledby", "map-selection")) {
            tag("h3", .id("map-selection")) { "Connections of \(id)" }
            table(edges, "map.selection", model, context)
        }
    }

    private static func table(_ edges: [MapModel.Edge], _ id: String, _ model: MapModel, _ context: PageContext) -> HTML
    {
        DataTable.html(
            id == "map.rows" ? "Connections" : "Connections of the selection",
            id: id,
            columns: [
                .init("Source"), .init("Destination"), .init("Ports"), .init("Verdict"),
                .init("Connections", isNumber: true), .init("Packets", isNumber: true), .init("Last seen"),
            ]
        ) {
            for edge in edges {
                tag("tr", .class("row \(VerdictMark.name(edge.verdict))"), .testID("map.row")) {
                    tag("th", .init("scope", "row")) {
                        tag("a", .href(flows(edge, model, context))) { Shortened.html(edge.source) }
                    }
                    tag("td") { Shortened.html(edge.destination) }
                    tag("td") {
                        edge.ports.joined(separator: ", ") + (edge.otherPorts > 0 ? " and \(edge.otherPorts) more" : "")
                    }
                    tag("td") {
                        edge.isUnused
                            ? tag("span", .class("muted")) { "Permitted, not used" } : VerdictMark.html(edge.verdict)
                    }
                    DataTable.number(Figures.grouped(edge.connections))
                    DataTable.number(Figures.grouped(edge.packets))
                    tag("td", .class("when")) { context.clock.ageHTML(edge.lastSeen) }
                }
            }
        }
    }

    private static func flows(_ edge: MapModel.Edge, _ model: MapModel, _ context: PageContext) -> Link {
        let kinds = Dictionary(model.nodes.map { ($0.id, $0.kind) }) { first, _ in first }
        func term(_ side: String, _ id: String) -> String {
            switch kinds[id] {
            case .namespace: FilterText.term("\(side).ns", id)
            case .host, .world: "\(side).entity:\(id)"
            case .workload, nil: FilterText.term("\(side).workload", id)
            }
        }
        var terms = [term("from", edge.source), term("to", edge.destination)]
        if !edge.isUnused { terms.append("verdict:\(VerdictMark.name(edge.verdict))") }
        var link = context.link("flows").setting("q", terms.joined(separator: " "))
        for name in ["from", "to"] { link = link.setting(name, context.location[name]) }
        return link
    }
}
