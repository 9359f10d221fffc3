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
            StatisticsCharts.rate(model, context)
            tag("div", .class("grid")) {
                StatisticsCharts.share(model, context)
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

    static func openFlows(_ context: PageContext, query: String? = nil) -> HTML {
        let link = Link(
            segments: context.link("flows").segments,
            query: context.location.query.filter { ["from", "to"].contains($0.name) }
        )
        return tag("a", .class("button small"), .href(link.setting("q", query))) { "Open flows" }
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
                "Rate: packets of a bucket by its seconds; of a bucket that the range cuts, by those inside. Hatched: nothing was recorded. Dotted: not ended yet."
            }
        }
    }
}
