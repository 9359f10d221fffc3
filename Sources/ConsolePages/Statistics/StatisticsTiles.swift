// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane

/// The figures on top.
enum StatisticsTiles {
    static func html(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        tag("div", .class("tiles"), .testID("stats.tiles")) {
            total(model, context)
            dropped(model, context)
            wouldDrop(model, context)
            if let rate = model.connectionsPerSecond {
                Tile.html(
                    "Connections per second now",
                    id: "stats.tile.connections",
                    value: Figures.short(rate),
                    unit: "/s"
                )
            }
            if let part = model.isolated {
                Tile.html(
                    "Workloads isolated",
                    id: "stats.tile.isolated",
                    value: Figures.grouped(part.count),
                    unit: "of \(Figures.grouped(part.all))"
                ) {
                    tag("a", .href(context.link("policies").setting("tab", "coverage"))) { "Coverage" }
                }
            }
            if let active = model.activePolicies {
                Tile.html("Policies", id: "stats.tile.policies", value: Figures.grouped(active), unit: "active") {
                    tag("p") { "\(Figures.grouped(model.auditPolicies ?? 0)) in audit only" }
                }
            }
        }
    }

    private static func total(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let totals = model.totals
        return Tile.html("Total packets", id: "stats.tile.total", value: Figures.grouped(totals.total.packets)) {
            tag("p") {
                "in \(Figures.short(Double(totals.inbound.packets))) · out \(Figures.short(Double(totals.outbound.packets)))"
                    + " · internal \(Figures.short(Double(totals.internal.packets)))"
            }
            change(totals.total.packets, model.previous?.total.packets)
            Sparkline.html(values(model, \.total))
            StatisticsPage.openFlows(context)
        }
    }

    private static func dropped(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        Tile.html("Dropped packets", id: "stats.tile.dropped", value: Figures.grouped(model.totals.dropped.packets)) {
            shareLine(model.totals.droppedShare)
            change(model.totals.dropped.packets, model.previous?.dropped.packets)
            Sparkline.html(values(model, \.dropped), style: "dropped")
            StatisticsPage.openFlows(context, query: "verdict:dropped")
        }
    }

    private static func wouldDrop(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        Tile.html("Would drop", id: "stats.tile.would-drop", value: Figures.grouped(model.totals.wouldDrop.packets)) {
            shareLine(model.totals.wouldDropShare)
            change(model.totals.wouldDrop.packets, model.previous?.wouldDrop.packets)
            Sparkline.html(values(model, \.wouldDrop), style: "would-drop")
            StatisticsPage.openFlows(context, query: "verdict:would-drop")
        }
    }

    private static func shareLine(_ share: Double?) -> HTML {
        tag("p") {
            if share == nil {
                HTML.unknown("no packets")
            } else {
                Figures.percent(share) + " of all packets"
            }
        }
    }

    private static func values(_ model: StatisticsModel, _ path: KeyPath<TrafficSeries.Bucket, UInt64>) -> [Double?] {
        model.rate.buckets.map { model.rate.rate({ $0[keyPath: path] }, $0) }
    }

    /// `12 % fewer than before`; nothing where the period before is not known.
    private static func change(_ now: UInt64, _ before: UInt64?) -> HTML {
        guard let before else { return .empty }
        if before == 0 {
            return tag("p") { now == 0 ? "none in the period before either" : "none in the period before" }
        }
        let share = (Double(now) - Double(before)) / Double(before)
        if abs(share) < 0.0005 { return tag("p") { "as many as in the period before" } }
        return tag("p") { "\(Figures.percent(abs(share))) \(share < 0 ? "fewer" : "more") than in the period before" }
    }
}

/// One figure with what it means.
enum Tile {
    static func html(
        _ title: String,
        id: String,
        value: String,
        unit: String? = nil,
        @HTMLBuilder content: () -> HTML = { .empty }
    ) -> HTML {
        tag("section", .class("tile"), .testID(id), .label(title)) {
            tag("h2") { title }
            tag("p", .class("value")) {
                value
                if let unit { tag("small") { " \(unit)" } }
            }
            content()
        }
    }
}
