// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel

/// Traffic in numbers: tiles, rates, shares, tables; gaps are gaps.
public enum StatisticsPage {
    public static func page(_ model: StatisticsModel, _ context: PageContext) -> Page {
        let body = group {
            scope(model, context)
            StatisticsTiles.html(model, context)
            rate(model, context)
            tag("div", .class("grid")) {
                share(model, context)
                quality(model, context)
            }
            StatisticsTables.namespaces(model, context)
            StatisticsTables.drops(model, context)
            tag("div", .class("grid")) {
                StatisticsTables.shares("Drop reasons", .reasons, model.reasons, "reason", model, context)
                StatisticsTables.shares("Ports and protocols", .ports, model.ports, nil, model, context)
            }
            StatisticsTables.shares("Verdicts by policy", .policies, model.policies, "policy", model, context)
            howWeCount
        }
        return Page(
            title: "Statistics",
            section: .statistics,
            crumbs: FlowsPage.crumbs("Statistics", context),
            actions: actions(context),
            timeRange: model.timeRange,
            body: body,
            modules: ["chart.js"]
        )
    }

    private static func actions(_ context: PageContext) -> HTML {
        let export = Link(segments: context.link("stats", "export").segments, query: context.location.query)
        let isComparing = context.location["compare"] != nil
        return group {
            tag(
                "a",
                .class("button"),
                .href(context.location.setting("compare", isComparing ? nil : "previous")),
                .testID("stats.compare")
            ) { isComparing ? "Stop comparing" : "Compare with previous period" }
            tag("a", .class("button"), .href(export.setting("format", "csv")), .testID("stats.export")) { "Export CSV" }
        }
    }

    private static func scope(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let kept = context.location.query.filter { $0.name != "ns" }
        let title = model.scope.isEmpty ? "All namespaces" : model.scope.joined(separator: ", ")
        return tag("div", .class("filterbar")) {
            tag("div", .class("filter-row")) {
                tag("details", .class("menu"), .testID("stats.scope")) {
                    tag("summary") {
                        tag("span", .class("menu-caption")) { "Scope" }
                        tag("strong") { title }
                    }
                    tag("div", .class("menu-body")) {
                        Form.get(context.location, keeping: kept, .class("checks")) {
                            tag("fieldset") {
                                tag("legend") { "Count only these namespaces" }
                                for name in model.namespaces { choice(name, model) }
                            }
                            Form.submit("Apply")
                        }
                    }
                }
                if !model.scope.isEmpty { tag("a", .href(context.location.removing("ns"))) { "All namespaces" } }
                tag("span", .class("muted")) { "Each connection is counted once, where it was decided." }
            }
        }
    }

    private static func choice(_ name: String, _ model: StatisticsModel) -> HTML {
        tag("label") {
            tag("input", .type("checkbox"), .name("ns"), .value(name), .flag("checked", model.scope.contains(name)))
            tag("span") { name }
        }
    }

    private static func rate(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        let series = model.rate
        let seconds = Double(series.bucketSeconds)
        let complete = series.buckets.filter { !$0.isGap && !$0.isIncomplete }
        let rates = complete.map { Double($0.total) / seconds }
        let peak = rates.indices.max { rates[$0] < rates[$1] }
        let top = niceTop(
            series.buckets.filter { !$0.isGap }.map { Double(max($0.allowed, $0.dropped, $0.wouldDrop)) / seconds }
                .max() ?? 0
        )
        let average = rates.isEmpty ? "no data" : "average \(Figures.short(rates.reduce(0, +) / Double(rates.count)))"
        let peakText =
            peak.map {
                ", peak \(Figures.short(rates[$0])) at \(context.clock.text(complete[$0].start, seconds: false))"
            } ?? ""
        let frame = ChartFrame(
            id: "rate",
            summary: "Packets per second, \(model.timeRange.title(context.clock).lowercased()): \(average)\(peakText); "
                + "dropped \(Figures.percent(model.totals.droppedShare)).",
            unit: "packets per second",
            top: top,
            clock: context.clock
        )
        let chart = LineChart(
            frame: frame,
            series: series,
            lines: [
                .init(style: "allowed", title: "Allowed") { Double($0.allowed) / seconds },
                .init(style: "dropped", title: "Dropped") { Double($0.dropped) / seconds },
                .init(style: "would-drop", title: "Would drop") { Double($0.wouldDrop) / seconds },
            ]
        )
        let table = rateTable(series, seconds, context)
        let state = model.states[.rate] ?? .ready
        return Panel.html("Packets per second", id: "stats.rate", state: state, context) {
            openFlows(context)
        } content: {
            frame.html(series, ends: chart.ends, brushes: true, plot: chart.plot, table: table)
        }
    }

    private static func rateTable(_ series: TrafficSeries, _ seconds: Double, _ context: PageContext) -> HTML {
        SeriesTable.html(
            "Packets per second over time",
            id: "stats.rate",
            series,
            [
                .init(title: "Allowed, pkt/s") { Figures.fixed(Double($0.allowed) / seconds, 1) },
                .init(title: "Dropped, pkt/s") { Figures.fixed(Double($0.dropped) / seconds, 1) },
                .init(title: "Would drop, pkt/s") { Figures.fixed(Double($0.wouldDrop) / seconds, 1) },
            ],
            clock: context.clock
        ) { FlowsPage.bucketLink($0, series, context) }
    }

    static func openFlows(_ context: PageContext, query: String? = nil) -> HTML {
        let link = Link(
            segments: context.link("flows").segments,
            query: context.location.query.filter { ["from", "to"].contains($0.name) }
        )
        return tag("a", .class("button small"), .href(link.setting("q", query))) { "Open flows" }
    }

    private static func share(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        func value(_ bucket: TrafficSeries.Bucket) -> Double {
            bucket.total == 0 ? 0 : Double(bucket.dropped) / Double(bucket.total) * 100
        }
        let peak = model.rate.buckets.filter { !$0.isGap }.map(value).max() ?? 0
        let frame = ChartFrame(
            id: "share",
            summary: "Dropped share, \(model.timeRange.title(context.clock).lowercased()): "
                + "\(Figures.percent(model.totals.droppedShare)), peak \(Figures.percent(peak / 100)).",
            unit: "percent",
            top: max(5, niceTop(peak)),
            label: { Figures.short($0) + " %" },
            clock: context.clock
        )
        let chart = LineChart(
            frame: frame,
            series: model.rate,
            lines: [.init(style: "dropped", title: "Dropped", value: value)]
        )
        let table = SeriesTable.html(
            "Dropped share over time",
            id: "stats.share",
            model.rate,
            [.init(title: "Dropped share") { $0.total == 0 ? "—" : Figures.percent(value($0) / 100) }],
            clock: context.clock
        ) { FlowsPage.bucketLink($0, model.rate, context).setting("q", "verdict:dropped") }
        return Panel.html("Dropped share", id: "stats.share", state: model.states[.share] ?? .ready, context) {
            openFlows(context, query: "verdict:dropped")
        } content: {
            frame.html(model.rate, brushes: true, plot: chart.plot, table: table)
        }
    }

    private static func quality(_ model: StatisticsModel, _ context: PageContext) -> HTML {
        Panel.html("Data quality", id: "stats.quality", state: model.states[.quality] ?? .ready, context) {
            if model.isComplete, model.gaps.isEmpty {
                tag("p") { "Complete: no gaps, no lost events." }
            } else {
                tag("p") {
                    "Not complete: \(Figures.count(model.gaps.count, "gap", "gaps")), "
                        + "\(Figures.grouped(model.lost)) events known to be lost."
                }
            }
            if !model.gaps.isEmpty {
                DataTable.html(
                    "Gaps",
                    id: "stats.gaps",
                    columns: [.init("From"), .init("Duration"), .init("Cause"), .init("Lost", isNumber: true)]
                ) {
                    for gap in model.gaps {
                        tag("tr") {
                            tag("td") { context.clock.html(gap.from) }
                            tag("td") {
                                Figures.duration(seconds: (gap.to.microseconds - gap.from.microseconds) / 1_000_000)
                            }
                            tag("td") { gap.cause }
                            tag("td", .class("number")) {
                                gap.lost == 0 ? HTML.unknown("not known") : .text(Figures.grouped(gap.lost))
                            }
                        }
                    }
                }
            }
        }
    }

    private static let howWeCount = tag("details", .class("panel"), .testID("stats.how")) {
        tag("summary") { "How we count" }
        tag("ul", .class("prose")) {
            tag("li") {
                "Inbound: the source is outside the scope, the destination inside. Outbound is the reverse. "
                    + "Internal: both are inside. The scope is the namespaces chosen above."
            }
            tag("li") { "Total = inbound + outbound + internal = allowed + dropped + would drop." }
            tag("li") { "Shares are of packets. Where the total is 0 there is no share, shown as —." }
            tag("li") {
                "Rate: packets of a bucket by its seconds. Hatched: nothing was recorded. Dotted: not ended yet."
            }
        }
    }
}
