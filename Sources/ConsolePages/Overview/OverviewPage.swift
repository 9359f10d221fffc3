// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel

/// What greets people: what needs them, then how it is.
public enum OverviewPage {
    public static func page(_ model: OverviewModel, _ context: PageContext) -> Page {
        let body = group {
            attention(model, context)
            tiles(model, context)
            if let isolation = model.isolation { coverage(isolation, context) }
            tag("div", .class("grid uneven")) {
                Panel.html(
                    "Top dropped connections",
                    id: "overview.drops",
                    state: model.states["drops"] ?? .ready,
                    context
                ) {
                    StatisticsPage.openFlows(context, query: "verdict:dropped verdict:would-drop")
                } content: {
                    tag("div", .class("fits")) { DropsTable.html(model.drops, id: "overview.drops.rows", context) }
                }
                health(model, context)
            }
        }
        return Page(
            title: "Overview",
            section: .overview,
            crumbs: FlowsPage.crumbs("Overview", context),
            timeRange: model.timeRange,
            body: body
        )
    }

    private static func attention(_ model: OverviewModel, _ context: PageContext) -> HTML {
        Panel.html("Needs attention", id: "overview.attention", context) {
            if model.attention.isEmpty {
                tag("p") {
                    Icon.allowed
                    " Nothing needs you."
                }
            } else {
                tag("ol", .class("attention")) {
                    for item in model.attention {
                        tag("li", .class(item.severity.rawValue), .testID("overview.attention.\(item.id)")) {
                            item.severity == .problem
                                ? Icon.dropped : item.severity == .warning ? Icon.warning : Icon.remark
                            tag("p") { item.text }
                            tag("a", .class("button small"), .href(item.link)) { item.action }
                        }
                    }
                }
            }
        }
    }

    private static func tiles(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let totals = model.totals
        let series = model.series
        return tag("div", .class("tiles")) {
            Tile.html("Packets", id: "overview.tile.packets", value: Figures.short(Double(totals.total.packets))) {
                tag("p", .title(Figures.grouped(totals.total.packets))) { model.timeRange.phrase(context.clock) }
                Sparkline.html(series.buckets.map { series.rate({ $0.total }, $0) })
            }
            Tile.html("Dropped share", id: "overview.tile.dropped", value: Figures.percent(totals.droppedShare)) {
                tag("p") { "\(Figures.grouped(totals.dropped.packets)) packets" }
                Sparkline.html(series.buckets.map { series.rate({ $0.dropped }, $0) }, style: "dropped")
            }
            Tile.html("Would drop", id: "overview.tile.would-drop", value: Figures.percent(totals.wouldDropShare)) {
                tag("p") { "\(Figures.grouped(totals.wouldDrop.packets)) packets" }
                Sparkline.html(series.buckets.map { series.rate({ $0.wouldDrop }, $0) }, style: "would-drop")
            }
            if let status = model.status {
                Tile.html(
                    "Policies",
                    id: "overview.tile.policies",
                    value: Figures.grouped(status.policies.loaded),
                    unit: "loaded"
                ) {
                    tag("p") {
                        "\(status.policies.degraded.count) degraded, \(status.policies.brokenFiles.count) files broken"
                    }
                }
            }
        }
    }

    private static func coverage(_ isolation: OverviewModel.Isolation, _ context: PageContext) -> HTML {
        let parts: [(String, Int, String)] = [
            ("Inbound and outbound", isolation.both, "allowed"), ("Inbound only", isolation.inboundOnly, "half"),
            ("Outbound only", isolation.outboundOnly, "quarter"), ("No policy", isolation.none, "would-drop"),
        ]
        return Panel.html("Workloads isolated", id: "overview.coverage", context) {
            tag("a", .class("button small"), .href(context.link("policies").setting("tab", "coverage"))) { "Coverage" }
        } content: {
            ShareBar.html(parts.map { (style: $0.2, value: Double($0.1)) }, of: Double(isolation.all))
            tag("ul", .class("legend")) {
                for (title, count, style) in parts {
                    tag("li") {
                        tag("svg", .class("swatch"), .init("viewBox", "0 0 12 12"), .hidden) {
                            tag("rect", .class("bar \(style)"), .init("width", "12"), .init("height", "12"))
                        }
                        " \(title): \(count) of \(isolation.all)"
                    }
                }
            }
        }
    }

    private static func health(_ model: OverviewModel, _ context: PageContext) -> HTML {
        Panel.html("Health", id: "overview.health", state: model.states["health"] ?? .ready, context) {
            if let status = model.status {
                Facts.html(facts(status, context))
                if !status.warnings.isEmpty {
                    tag("h3") { "Warnings" }
                    tag("ul") {
                        for warning in status.warnings {
                            tag("li", .class("finding warning")) {
                                Icon.warning; tag("p") { warning }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func facts(_ status: StatusReport, _ context: PageContext) -> [(String, HTML)] {
        let lost = status.flows.lost.values.reduce(0, &+)
        var facts: [(String, HTML)] = [
            ("Kernel", status.enforcement.inSync ? "in sync" : "not in sync with the policies"),
            ("Applied", status.enforcement.lastApplied.map { context.clock.ageHTML($0) } ?? .unknown("not yet")),
            ("Workloads", .text("\(status.endpoints.enforced) reached, \(status.endpoints.unprotected.count) not")),
            (
                "Flows",
                .text(
                    "\(Figures.short(status.flows.flowsPerSecond)) per second, \(Figures.grouped(lost)) lost since start"
                )
            ),
            (
                "Store",
                .text(
                    "\(Figures.bytes(status.flows.store.bytes)), kept for \(Figures.duration(seconds: status.flows.store.recordRetention))"
                )
            ),
            ("Runtime", .text(status.runtime)), ("Started", context.clock.ageHTML(status.started)),
        ]
        if let error = status.enforcement.lastError { facts.insert(("Failed", .text(error)), at: 1) }
        if status.flows.disagreements > 0 {
            facts.append(("Disagreements", .text("\(Figures.grouped(status.flows.disagreements)): report this")))
        }
        return facts
    }
}
