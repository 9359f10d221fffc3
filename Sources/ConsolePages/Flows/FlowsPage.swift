// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane
import NetworkPrimitives

/// Recorded and live flows: histogram, filter, table, drawer.
public enum FlowsPage {
    public static func page(_ model: FlowsModel, _ context: PageContext) -> Page {
        let isLive = model.timeRange.isLive
        let body = group {
            partialView(model)
            if let series = model.histogram { histogram(series, model, context) }
            FlowFilterBar.html(model, context)
            table(model, context)
        }
        return Page(
            title: "Flows",
            section: .flows,
            crumbs: crumbs("Flows", context),
            actions: isLive ? liveControls : .empty,
            timeRange: model.timeRange,
            body: body,
            drawer: model.selected.map { FlowDrawer.html($0, model, context) },
            isLive: isLive,
            modules: ["chart.js"] + (isLive ? ["live.js"] : [])
        )
    }

    /// Rows alone, as the stream of live rows carries them: the same markup as on the page.
    public static func rows(_ items: [FlowItem], _ model: FlowsModel, _ context: PageContext) -> HTML {
        .joined(items.map { FlowRow(item: $0, model: model, context: context).html })
    }

    static func crumbs(_ title: String, _ context: PageContext) -> [Page.Crumb] {
        [Page.Crumb(context.environmentName ?? "", context.link("overview")), Page.Crumb(title)]
    }

    private static func partialView(_ model: FlowsModel) -> HTML {
        guard let view = model.partialView, view.visible < view.all else { return .empty }
        return NoticeLine.html(
            .init(
                .remark,
                "You can see \(view.visible) of \(view.all) namespaces; flows of the other "
                    + "\(view.all - view.visible) are not shown or counted. Ask an administrator for Viewer on the rest."
            )
        )
    }

    private static var liveControls: HTML {
        group {
            tag(
                "button",
                .type("button"),
                .class("scripted"),
                .id("live-pause"),
                .init("aria-pressed", "false"),
                .testID("flows.pause")
            ) { "Pause" }
            tag("button", .type("button"), .class("primary"), .id("live-new"), .flag("hidden"), .testID("flows.new"))
        }
    }

    private static func histogram(
        _ series: TrafficSeries,
        _ model: FlowsModel,
        _ context: PageContext
    ) -> HTML {
        let top = niceTop(Double(series.buckets.filter { !$0.isGap }.map(\.total).max() ?? 0))
        let total = series.buckets.reduce(UInt64(0)) { $0 &+ $1.total }
        let dropped = series.buckets.reduce(UInt64(0)) { $0 &+ $1.dropped }
        let frame = ChartFrame(
            id: "flows",
            summary:
                "\(Figures.grouped(total)) flows \(model.timeRange.phrase(context.clock)), \(Figures.grouped(dropped)) dropped.",
            unit: "flows",
            top: top,
            clock: context.clock,
            isShort: true
        )
        let table = SeriesTable.html(
            "Flows over time",
            id: "flows.histogram",
            series,
            [
                .init(title: "Allowed") { Figures.grouped($0.allowed) },
                .init(title: "Would drop") { Figures.grouped($0.wouldDrop) },
                .init(title: "Dropped") { Figures.grouped($0.dropped) },
            ],
            clock: context.clock
        ) { bucketLink($0, series, context) }
        return tag("section", .class("panel histogram"), .label("Flows over time"), .init("data-state", "ready")) {
            frame.html(series, brushes: true, plot: Histogram(frame: frame, series: series).plot, table: table)
        }
    }

    /// The same page narrowed to a bucket.
    static func bucketLink(_ bucket: TrafficSeries.Bucket, _ series: TrafficSeries, _ context: PageContext) -> Link {
        let end = Timestamp(microseconds: bucket.start.microseconds + Int64(series.bucketSeconds) * 1_000_000)
        return Link(segments: context.link("flows").segments, query: context.location.query)
            .setting("from", "\(bucket.start)").setting("to", "\(end)").removing("cursor", "sel")
    }

    private static func table(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let columns = model.columns.map { column in
            DataTable.Column(column.title, isNumber: column.isNumber, sort: sort(column, model, context))
        }
        let isEmpty = model.state != .ready && model.page.items.isEmpty && !model.timeRange.isLive
        return Panel.html("Connections", id: "flows.table", state: model.state, context) {
            exports(context)
        } content: {
            if !isEmpty {
                tag("div", .id("flow-table"), .init("data-live", liveAddress(model, context))) {
                    DataTable.html("Flows, newest first", id: "flows.rows", columns: columns) {
                        rows(model.page.items, model, context)
                    }
                }
                if model.timeRange.isLive { rolledOff }
                more(model, context)
            }
            FlowTruth.html(model, context)
        }
    }

    /// Shown when it has happened.
    private static var rolledOff: HTML {
        tag("p", .class("muted"), .id("live-rolled"), .flag("hidden"), .testID("flows.rolled")) {
            "Older rows have rolled off: this table keeps the newest 2,000. A range of time shows all that is kept."
        }
    }

    private static func sort(
        _ column: FlowColumn,
        _ model: FlowsModel,
        _ context: PageContext
    ) -> (link: Link, state: String?)? {
        guard column.isSortable else { return nil }
        let isCurrent = model.sort == column
        let value = isCurrent && model.isDescending ? column.rawValue : "-\(column.rawValue)"
        let state = isCurrent ? (model.isDescending ? "descending" : "ascending") : nil
        return (context.location.setting("sort", value).removing("cursor"), state)
    }

    private static func liveAddress(_ model: FlowsModel, _ context: PageContext) -> String? {
        guard model.timeRange.isLive else { return nil }
        return "\(Link(segments: context.link("flows", "live").segments, query: context.location.query))"
    }

    private static func exports(_ context: PageContext) -> HTML {
        let base = Link(segments: context.link("flows", "export").segments, query: context.location.query)
        return tag("details", .class("menu")) {
            tag("summary") { "Export" }
            tag("div", .class("menu-body right")) {
                tag("p", .class("muted")) { "This filter and range, at most 10,000 rows. The audit log notes it." }
                tag("ul") {
                    for (format, title) in [
                        ("csv", "CSV"), ("jsonl", "JSON Lines"), ("hubble", "JSON as Hubble writes it"),
                    ] {
                        tag("li") {
                            tag(
                                "a",
                                .href(base.removing("sel", "cursor").setting("format", format)),
                                .testID("flows.export.\(format)")
                            ) { title }
                        }
                    }
                }
            }
        }
    }

    private static func more(_ model: FlowsModel, _ context: PageContext) -> HTML {
        guard let next = model.page.next else { return .empty }
        return tag("p", .class("more")) {
            tag("a", .class("button"), .href(context.location.setting("cursor", next)), .testID("flows.more")) {
                "Load more"
            }
        }
    }
}

/// The line below the table: what is shown, hidden and lost.
enum FlowTruth {
    static func html(_ model: FlowsModel, _ context: PageContext) -> HTML {
        let page = model.page
        let hiding = model.quickFilters.filter(\.isOn)
        let hidden = hiding.reduce(UInt64(0)) { $0 &+ $1.hidden }
        let names = hiding.map { "\"\($0.title)\"" }.joined(separator: ", ")
        var parts = [
            "\(Figures.count(page.items.count, "row", "rows")) from \(Figures.grouped(page.matched)) of "
                + "\(Figures.grouped(page.total)) events",
            hiding.isEmpty ? "nothing hidden by quick filters" : "\(Figures.grouped(hidden)) hidden by \(names)",
            "events lost: \(Figures.grouped(page.lost))",
        ]
        if let since = page.keptSince { parts.append("kept since \(context.clock.text(since)) \(context.zone.name)") }
        return tag("div", .class("truth"), .testID("flows.truth")) {
            tag("p", .init("data-truth", "")) { parts.joined(separator: " · ") }
            if !page.losses.isEmpty {
                tag("details") {
                    tag("summary") { "When events were lost" }
                    tag("ul") {
                        for loss in page.losses {
                            tag("li") {
                                context.clock.html(loss.from)
                                " to "
                                context.clock.html(loss.to)
                                ": \(loss.count == 0 ? "an unknown number" : Figures.grouped(loss.count)), \(loss.source)"
                            }
                        }
                    }
                }
            }
        }
    }
}
